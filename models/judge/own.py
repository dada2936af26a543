"""Our own advice as choices."""

from __future__ import annotations

from collections.abc import Iterable

from models.judge.choice import Choice
from models.judge.province import Province
from models.judge.scores import TOP
from models.recommend import RecommendationRow, recommend


def ours(province: Province) -> list[Choice]:
    """What `zhuoyue recommend` says of these records."""
    return choices_of(recommend(province.table, top=TOP, readings=province.readings))


def choices_of(rows: Iterable[RecommendationRow]) -> list[Choice]:
    """Recommended moves in the judge's form; abstentions are left out."""
    found = []
    for row in rows:
        if row.rank is None or row.parameter_id is None or row.from_ is None or row.to is None:
            continue
        effect = None if row.effect is None else (row.effect.estimate, row.effect.low, row.effect.high)
        lever = (row.parameter_id, row.from_, row.to)
        found.append(
            Choice(row.enterprise_id, row.rank, *lever, str(row.target or "ftq"), row.benefit, effect)
        )
    return found
