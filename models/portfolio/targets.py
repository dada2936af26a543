"""Targets of newly added enterprises: the document's own, local ones, and how likely they are to be met.

Newly added at a level is who has a grade by the baseline and first reaches the level, or a better one, after
it: a jump counts at every level passed, and who falls back and returns is not new. Who had no grade by the
baseline is counted apart as unknown. `standard` counts who adopted an advanced quality-management standard
after the baseline; nothing forecasts that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.periods import to_index, to_label
from features.records.schema import LEVEL_IDS
from models.portfolio.bases import Basis
from models.portfolio.firsts import Mask
from models.portfolio.kept import Portfolio
from qm_rules import load_pack

STANDARD = "standard"
DOCUMENT_BASELINE = "2023-12"
"""Ours: the document is of December 2023 and names no baseline, so what it calls newly added comes after."""
RANGE = (0.05, 0.95)
TEN_YEARS = 120


@dataclass(frozen=True)
class Target:
    """`count` newly added at `level_id` (a level, or `standard`) from `baseline` to the end of `by` (months).

    The group is what the other fields narrow down ("": any): prefixes of region and industry codes, a size,
    a chain.
    """

    id: str
    level_id: str
    baseline: str
    by: str
    count: int
    region: str = ""
    industry: str = ""
    size: str = ""
    chain: str = ""
    name: str = ""
    source: str = "kept"

    @property
    def level(self) -> int | None:
        """The level's number; None for `standard`."""
        return None if self.level_id == STANDARD else LEVEL_IDS.index(self.level_id) + 1

    def members(self, portfolio: Portfolio) -> Mask:
        """R booleans: who belongs to its group."""
        return group(portfolio, self.region, self.industry, self.size, self.chain)


@dataclass(frozen=True)
class Progress:
    """How a target stands and how it will go.

    `members` in the group, of whom `unknown` had no grade by the baseline (`unknown_there`: of these, at the
    level today) and `unforecast` could still reach it but have no forecast. `achieved` so far, `by_then` of
    them by the target's month. `past` is the count month by month; `months` are the coming ones (labels),
    `paths` P × months the counts on joint paths, what is achieved included.
    """

    target: Target
    members: int
    unknown: int
    unknown_there: int
    unforecast: int
    achieved: int
    by_then: int
    past: tuple[tuple[str, int], ...]
    months: tuple[str, ...]
    paths: NDArray[np.int64]

    @property
    def decided(self) -> bool:
        """Whether the target's month lies in the past already."""
        return self.past[-1][0] >= self.target.by

    @property
    def beyond(self) -> bool:
        """Whether it lies beyond the forecasts: then all that is said of it is a lower bound."""
        return bool(self.months) and self.target.by > self.months[-1]

    @cached_property
    def then(self) -> NDArray[np.int64]:
        """Counts on the paths at the target's month, or at the last month that is forecast."""
        if self.decided:
            return np.array([self.by_then])
        last = sum(month <= self.target.by for month in self.months) - 1
        return np.asarray(self.paths[:, last]) if last >= 0 else np.array([self.achieved])

    @property
    def expected(self) -> float:
        """Mean count at the target's month (or the last that is forecast)."""
        return float(self.then.mean())

    @property
    def range(self) -> tuple[int, int]:
        """The middle 90 % of the count then."""
        low, high = np.quantile(self.then, RANGE, method="inverted_cdf")
        return int(low), int(high)

    @property
    def probability(self) -> float | None:
        """Of meeting the target; a lower bound where it lies `beyond`, None where nothing is forecast.

        What is newly added stays so. Therefore a count that is reached earlier is reached by the target too.
        """
        if self.decided or self.target.level is not None or self.achieved >= self.target.count:
            return float((self.then >= self.target.count).mean())
        return None

    @property
    def shortfall(self) -> int:
        """How many are missing today."""
        return max(self.target.count - self.achieved, 0)

    def quantiles(self, probability: float) -> list[int]:
        """The count's quantile in every coming month."""
        if not self.months:
            return []
        found = np.quantile(self.paths, probability, axis=0, method="inverted_cdf")
        return [int(value) for value in found]


def group(
    portfolio: Portfolio, region: str = "", industry: str = "", size: str = "", chain: str = ""
) -> Mask:
    """R booleans: the enterprises of a region and an industry (prefixes of their codes), a size, a chain."""
    chosen = np.ones(len(portfolio), dtype=np.bool_)
    for column, prefix in (("region_code", region), ("industry_code", industry)):
        if prefix:
            chosen &= np.char.startswith(portfolio.text(column), prefix)
    for column, wanted in (("size", size), ("chain", chain)):
        if wanted:
            chosen &= portfolio.text(column) == wanted
    return chosen


def document_targets() -> list[Target]:
    """The document's own targets, nationwide; from the edition, never typed here."""
    return [
        Target(
            f"document-{goal.by}-{level_id}",
            level_id,
            DOCUMENT_BASELINE,
            f"{goal.by}-12",
            count,
            source="document",
        )
        for goal in load_pack().targets
        for level_id, count in goal.counts.items()
    ]


def plan_targets(rows: Iterable[Mapping[str, Any]]) -> list[Target]:
    """Targets from rows of the record table `plan_targets`."""
    return [
        Target(
            id=f"{row['plan_id']}-{row['by_period']}-{row['level_id']}",
            level_id=row["level_id"],
            baseline=row["baseline_period"],
            by=row["by_period"],
            count=int(row["count"]),
            region=row.get("region_code") or "",
            industry=row.get("industry_code") or "",
            chain=row.get("chain") or "",
            name=row["plan_id"],
            source="records",
        )
        for row in rows
    ]


def progress(portfolio: Portfolio, target: Target, basis: Basis, among: Mask | None = None) -> Progress:
    """Count a target's group, or those of it that are `among` the given (R booleans)."""
    run = portfolio.run(target.region)
    portfolio, among = portfolio.part(run), None if among is None else among[run]
    members = target.members(portfolio)
    if among is not None:
        members &= among
    return (
        _standard(portfolio, target, members)
        if target.level is None
        else _level(portfolio, target, basis, members)
    )


def _level(portfolio: Portfolio, target: Target, basis: Basis, members: Mask) -> Progress:
    assert target.level is not None  # noqa: S101 - asked before
    baseline, level = to_index(target.baseline), target.level
    since, first = portfolio.since(basis), portfolio.first(basis, level)
    known = members & (since > 0) & (since <= baseline)
    unknown = members & ~known
    open_ = known & (first == 0)
    new = first[known & (first > baseline)]
    paths = len(new) + portfolio.counts(basis, level, open_)
    found = Progress(
        target=target,
        members=int(members.sum()),
        unknown=int(unknown.sum()),
        unknown_there=int((unknown & (portfolio.level(basis) >= level)).sum()),
        unforecast=int((open_ & ~portfolio.forecast).sum()),
        achieved=len(new),
        by_then=_by_then(new, target),
        past=_past(new, baseline, portfolio.today),
        months=portfolio.ahead,
        paths=paths,
    )
    return found if baseline <= portfolio.today else _later(found)


def _standard(portfolio: Portfolio, target: Target, members: Mask) -> Progress:
    baseline, adopted = to_index(target.baseline), portfolio.columns[STANDARD]
    new = adopted[members & (adopted > baseline) & (adopted <= portfolio.today)]
    past = _past(new, baseline, portfolio.today)
    none = np.full((1, 0), len(new), dtype=np.int64)
    by_then = _by_then(new, target)
    return Progress(target, int(members.sum()), 0, 0, 0, len(new), by_then, past, (), none)


def _later(found: Progress) -> Progress:
    """A baseline in the future: what is reached by then does not count."""
    before = sum(month <= found.target.baseline for month in found.months) - 1
    return (
        replace(found, paths=np.maximum(found.paths - found.paths[:, [before]], 0)) if before >= 0 else found
    )


def _by_then(new: NDArray[Any], target: Target) -> int:
    return int((new <= to_index(target.by)).sum())


def _past(new: NDArray[Any], baseline: int, today: int) -> tuple[tuple[str, int], ...]:
    """The count at the end of every month from the baseline, but not of more than ten years, to today."""
    months = range(max(min(baseline, today), today - TEN_YEARS), today + 1)
    reached = np.searchsorted(np.sort(new), months, side="right")
    return tuple((to_label(month, "month"), int(n)) for month, n in zip(months, reached, strict=True))
