"""Practices and figures as the API has them."""

from __future__ import annotations

from models.portfolio.firsts import Mask
from models.practices import Difference, Practices, compare
from serving.web.comparing.schemas import (
    PracticeComparison,
    PracticeDifference,
    PracticeGroup,
    PracticeVerdict,
)

LEVEL = "level"


def comparison(practices: Practices, enterprise_id: str, detailed: Mask) -> PracticeComparison:
    """Return what leaders do otherwise than an enterprise; nothing before it was published."""
    row = practices.portfolio.place.get(enterprise_id)
    group = None if row is None else practices.group_of(row)
    if row is None or group is None:
        return PracticeComparison(enterprise_id=enterprise_id, group=None, items=[])
    found = compare(practices, row, detailed)
    return PracticeComparison(
        enterprise_id=enterprise_id,
        group=PracticeGroup(
            division=group.division,
            size=group.size,
            enterprises=int(group.members.sum()),
            leaders=int(group.leaders.sum()),
        ),
        items=[_item(practices, row, rank, one) for rank, one in enumerate(found, 1)],
    )


def _item(practices: Practices, row: int, rank: int, one: Difference) -> PracticeDifference:
    told = practices.verdict(row, one.subject) if one.kind == LEVEL else None
    effect = None if told is None else PracticeVerdict.model_validate(told)
    return PracticeDifference(rank=rank, effect=effect, **vars(one))
