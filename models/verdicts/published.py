"""Verdicts and scores as files: computed with the outlook or by the command, read by the pages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store

FILE: Final = "verdicts.json"


@dataclass(frozen=True)
class Verdicts:
    """What was published last: plain rows, the records that they rest on, and when."""

    verdicts: tuple[dict[str, Any], ...] = ()
    scores: tuple[dict[str, Any], ...] = ()
    fingerprint: str = ""
    made_at: str = ""

    @staticmethod
    def load(settings: Settings) -> Verdicts:
        """Read what was published last; empty where nothing was."""
        path = Path(settings.home) / FILE
        if not path.exists():
            return Verdicts()
        found = json.loads(path.read_text(encoding="utf-8"))
        return Verdicts(
            tuple(found["verdicts"]), tuple(found["scores"]), found["fingerprint"], found["made_at"]
        )


def publish_verdicts(
    settings: Settings, store: Store, progress: Callable[[int, int], None] | None = None
) -> Verdicts:
    """Judge every finished action of the records, score the promises, and make both current."""
    from features.improvement import Register
    from features.model_table import build_model_table
    from models.verdicts.judge import judge_actions
    from models.verdicts.scores import score_promises

    actions = store.table("actions").collect("pandas").to_native()
    with Register.open(settings) as register:
        promises = register.promises()
    targets = {name: promise.target for name, promise in promises.items()}
    rows = judge_actions(build_model_table(store), actions, None, targets, progress) if len(actions) else []
    made = Verdicts(
        tuple(row.model_dump(mode="json") for row in rows),
        tuple(row.model_dump(mode="json") for row in score_promises(promises.values(), rows)),
        store.fingerprint(),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    _write(Path(settings.home), made)
    return made


def _write(home: Path, made: Verdicts) -> None:
    draft = home / f".{FILE}.{os.getpid()}"
    draft.write_text(json.dumps(vars(made), ensure_ascii=False, default=list), encoding="utf-8")
    draft.replace(home / FILE)
