"""What advice says of parameters that look like outcomes though they were not called so."""

from collections.abc import Sequence
from typing import Any

from models.effects.roles import Direction
from models.recommend.rows import RecommendationRow, Withheld

REASON = "every actionable parameter looks like an outcome: it shows quality and does not make it"


def with_suspects(
    rows: Sequence[RecommendationRow], suspects: Sequence[Direction]
) -> list[RecommendationRow]:
    """The rows, the first of every enterprise naming its suspects as evidence and, where they were stated
    `actionable`, among the levers withheld.
    """
    seen: set[str] = set()
    answer = []
    for row in rows:
        mine = [s for s in suspects if row.enterprise_id in s.enterprises]
        first = row.enterprise_id not in seen
        seen.add(row.enterprise_id)
        answer.append(_told(row, mine) if mine and first else row)
    return answer


def _told(row: RecommendationRow, suspects: Sequence[Direction]) -> RecommendationRow:
    stated = [s for s in suspects if s.kind == "actionable"]
    withheld = tuple(
        Withheld(parameter_id=s.parameter_id, reason_code="suspected_outcome", target="ftq") for s in stated
    )
    update: dict[str, Any] = {
        "evidence": row.evidence | {"suspected_outcomes": [_evidence(s) for s in suspects]},
        "withheld": (*row.withheld, *withheld),
    }
    if row.reason_code == "no_actionable" and stated:
        named = stated[0].parameter_id
        update |= {"reason_code": "suspected_outcome", "reason": REASON, "reason_parameter_id": named}
    return row.model_copy(update=update)


def _evidence(s: Direction) -> dict[str, Any]:
    shares = {name: round(getattr(s, name), 3) for name in ("follows", "memory", "precedes")}
    return {"parameter_id": s.parameter_id, "kind": s.kind, **shares, "rows": s.rows}
