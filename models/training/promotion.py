"""Promote: make a registered version the champion, a newer one or, to roll back, an older one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from features.store.ledger import here
from models import versions
from models.forecast.bundle import load
from models.learning.gate import Verdict
from models.registry import CHALLENGER
from models.training.champion import alone, export, pointer
from models.training.journalled import note
from models.training.trial import judged_against_champion

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings


class GateRefusedError(RuntimeError):
    """The gate is shut for a version that somebody wanted promoted."""


class NoReasonError(ValueError):
    """A promotion against the gate, without a reason."""


@dataclass(frozen=True)
class Promotion:
    """What a promotion came to; `retired` is the number of the champion before, if there was another."""

    registry_version: str
    model_version: str
    promoted: bool
    forced: bool
    reasons: tuple[str, ...]
    retired: str | None


def promote(
    settings: Settings,
    version: str = CHALLENGER,
    reason: str = "",
    *,
    force: bool = False,
    table: ModelTable | None = None,
    who: str | None = None,
) -> Promotion:
    """Run the gate again against the present champion and, if it opens or is forced, serve that version.

    `table` holds the present records, to judge the champion also on what came since its training. `who` is on
    whose behalf, for journal and registry; None is the user of the operating system. Raises
    `UnknownVersionError`, `GateRefusedError`, or `NoReasonError` for `force` without a `reason`.
    """
    if force and not reason.strip():
        raise NoReasonError("--force: found no reason; allowed: --reason 'why' beside it; it is recorded")
    found = versions.find(version, settings)
    with alone(settings), tempfile.TemporaryDirectory() as scratch:
        bundle, file = versions.fetch(found, settings, Path(scratch))
        name = load(bundle).version
        if pointer(settings).get("version") == name:
            versions.crown(found.number, {}, settings)
            return Promotion(found.number, name, True, False, ("it is the champion already",), None)
        errors = pd.read_parquet(file)
        verdict = judged_against_champion(errors, table, settings)
        if not verdict.promoted and not force:
            versions.note(found.number, _refused(verdict), settings)
            note(settings, "refuse", name, found.number, verdict.reasons, who)
            raise GateRefusedError(_shut(found.number, name, verdict))
        registered = {"registry_version": found.number, "run_id": found.run_id}
        before, act = pointer(settings).get("version"), "promote" if verdict.promoted else "force"
        note(settings, act, name, found.number, verdict.reasons, who, because=reason, replaces=before)
        export(bundle, errors, name, registered, settings)
        retired = versions.crown(found.number, _opened(verdict, reason, who or here()), settings)
    return Promotion(found.number, name, True, not verdict.promoted, verdict.reasons, retired)


def _opened(verdict: Verdict, reason: str, who: str) -> dict[str, str]:
    tags = {
        "gate": "promoted" if verdict.promoted else "forced",
        "promoted_at": _now(),
        "promoted_by": who,
    }
    return tags | ({"promoted_because": reason} if reason else {})


def _refused(verdict: Verdict) -> dict[str, str]:
    return {"gate": "refused", "refused_at": _now(), "refused_because": "; ".join(verdict.reasons)}


def _shut(number: str, name: str, verdict: Verdict) -> str:
    return (
        f"version {number} ({name}) is not promoted, the champion stays: {'; '.join(verdict.reasons)}. "
        f"To serve it all the same: zhuoyue promote --version {number} --force --reason 'why'"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
