"""The official window: the complete months that end at the as-of month (OFFICIAL_GRADE item 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from features.aggregates import Scope
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.completeness import latest_complete_months
from features.periods import PeriodError, first_day, frequency_of, last_day, to_index, to_label
from features.tables import Tables


class UnknownEnterpriseError(LookupError):
    """An enterprise id that no record table knows."""

    def __init__(self, found: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(found, names, n=5, cutoff=0.4) or names[:5]
        hint = f"nearest of {len(names)}: {', '.join(near)}" if names else "the store has no enterprise yet"
        super().__init__(f"enterprise: found {found!r}, which the records do not know; {hint}")


FIRST_MONTH, LAST_MONTH = "1000-01", "2999-12"
"""What a period in the record tables may be."""


class AsOfError(PeriodError):
    """An as-of that no window can end with."""

    def __init__(self, found: str) -> None:
        allowed = f"a month 'YYYY-MM' from {FIRST_MONTH} to {LAST_MONTH}"
        ValueError.__init__(self, f"as-of: found {found!r}; allowed is {allowed}")


class NoRecordsError(LookupError):
    """There is nothing to take a window from."""

    def __init__(self) -> None:
        super().__init__("as-of: no enterprise has a complete month of records; give a month (YYYY-MM)")


@dataclass(frozen=True)
class Window:
    """So many `size` months up to month index `end`, and for how many months before its end an assessment
    counts.
    """

    end: int
    size: int
    assessment_months: int

    @cached_property
    def start(self) -> int:
        """Index of the first month."""
        return self.end - self.size + 1

    @cached_property
    def months(self) -> range:
        """Indices of the months."""
        return range(self.start, self.end + 1)

    @cached_property
    def last_day(self) -> date:
        """The last day of the window."""
        return last_day(self.end, "month")

    @cached_property
    def oldest_assessment(self) -> date:
        """The first day on which an assessment may have been made and still count."""
        end = last_day(self.end - self.assessment_months, "month")
        return end if self.last_day.day >= end.day else end.replace(day=self.last_day.day)

    def labels(self) -> dict[str, str]:
        """Return start and end as the evidence file writes them."""
        return {"start": to_label(self.start, "month"), "end": to_label(self.end, "month")}

    def missing(self, months: Iterable[int]) -> list[str]:
        """Return the labels of the window's months that are not among `months`."""
        present = set(months)
        return [to_label(month, "month") for month in self.months if month not in present]


def windows(
    tables: Tables, enterprise_ids: Iterable[str] | None, as_of: str | None, policy: Mapping[str, str]
) -> dict[str, Window]:
    """Return the window of every enterprise asked for, sorted by id, as long as `policy` says.

    Without `as_of` each has its own: its latest complete month with any record. An enterprise without one
    takes the latest of all. Raises `PeriodError`, `UnknownEnterpriseError`, `NoRecordsError`.
    """
    ids = _known(tables, enterprise_ids)
    if not ids:
        return {}
    lengths = int(policy["window_months"]), int(policy["assessment_months"])
    if as_of is not None:
        return dict.fromkeys(ids, Window(_month(as_of), *lengths))
    ends = _own_months(tables, ids, everyone=enterprise_ids is None)
    return {enterprise: Window(end, *lengths) for enterprise, end in ends.items()}


def _month(as_of: str) -> int:
    if frequency_of(as_of) != "month" or not FIRST_MONTH <= as_of <= LAST_MONTH:
        raise AsOfError(as_of)
    return to_index(as_of)


def _own_months(tables: Tables, ids: list[str], *, everyone: bool) -> dict[str, int]:
    """Return the latest complete month of every id, of all enterprises where it has none itself."""
    own = latest_complete_months(tables, Scope("month", enterprise_ids=None if everyone else tuple(ids)))
    if own.keys() >= set(ids):
        return {enterprise: own[enterprise] for enterprise in ids}
    latest = max((own if everyone else latest_complete_months(tables, Scope("month"))).values(), default=None)
    if latest is None:
        raise NoRecordsError
    return {enterprise: own.get(enterprise, latest) for enterprise in ids}


def _known(tables: Tables, enterprise_ids: Iterable[str] | None) -> list[str]:
    known = set(collect_pandas(tables.table("enterprises").select(ENTERPRISE))[ENTERPRISE])
    if enterprise_ids is None:
        return sorted(known)
    asked = sorted(set(enterprise_ids))
    for enterprise in asked:
        if enterprise not in known:
            raise UnknownEnterpriseError(enterprise, known)
    return asked


def span(chosen: Mapping[str, Window], *, everyone: bool) -> Scope:
    """Return the scope that covers all windows (at least one), of `everyone` or of their enterprises only."""
    since = min(window.start for window in chosen.values())
    until = max(window.end for window in chosen.values())
    ids = None if everyone else tuple(chosen)
    return Scope("month", last_day(until, "month"), first_day(since, "month"), ids)
