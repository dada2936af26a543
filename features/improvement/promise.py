"""What was promised when a recommendation was accepted: it is kept as it was given, and never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from features.improvement.refusals import ActionRefused

NEEDED: Final = ("enterprise_id", "rank", "parameter_id", "from", "to", "target", "effect")


@dataclass(frozen=True)
class Source:
    """Where a recommendation was published: which outlook, by which model, from which records, up to when."""

    outlook: str
    model_version: str
    fingerprint: str
    published_at: str
    as_of: str | None


@dataclass(frozen=True)
class Promise:
    """A recommendation as it was given.

    `row` is the published row whole (effects by indicator with their 90 % intervals, benefit, cost,
    confidence, evidence, …); the columns beside it are read from it. `key` is the same for the same
    recommendation, so that accepting it twice is accepting it once.
    """

    action_id: str
    enterprise_id: str
    parameter_id: str
    from_value: float
    to_value: float
    target: str
    low: float
    high: float
    benefit: float | None
    cost: float | None
    given_on: str
    given_to: str
    source: Source
    row: Mapping[str, Any]
    key: str


def promise_of(row: Mapping[str, Any], source: Source, action_id: str, by: str, at: str) -> Promise:
    """Return the promise of a published row; raises ActionRefused for one that promises nothing."""
    lacking = [name for name in NEEDED if row.get(name) is None]
    if lacking:
        why = f" ({row['reason']})" if row.get("reason") else ""
        said = f"{row.get('enterprise_id')}: found a row without {', '.join(lacking)}{why}"
        raise ActionRefused(f"{said}; allowed: a recommendation with a lever, see `zhuoyue recommend`")
    effect = row["effect"]
    return Promise(
        action_id=action_id,
        enterprise_id=row["enterprise_id"],
        parameter_id=row["parameter_id"],
        from_value=float(row["from"]),
        to_value=float(row["to"]),
        target=row["target"],
        low=float(effect["low"]),
        high=float(effect["high"]),
        benefit=row.get("benefit"),
        cost=row.get("cost"),
        given_on=at,
        given_to=by,
        source=source,
        row=dict(row),
        key=key_of(row, source),
    )


def key_of(row: Mapping[str, Any], source: Source) -> str:
    """SHA-256 of the recommendation and of the records and the model behind it."""
    said = [source.fingerprint, source.model_version, source.as_of, dict(row)]
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
