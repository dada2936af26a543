"""Periods as integers: months, ISO weeks and days, in plain Python and as Narwhals expressions.

A period has a `frequency`, an integer index that grows by one per period, and a label:

| frequency | index | label |
|---|---|---|
| `month` | year · 12 + month − 1 | `2025-03` |
| `week` | Monday-based weeks since the week of 1970-01-01 | `2025-W09` (ISO 8601) |
| `day` | days since 1970-01-01 | `2025-03-01` |

A week belongs to the month of its Thursday.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, get_args

import narwhals as nw

Frequency = Literal["month", "week", "day"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)

EPOCH = date(1970, 1, 1)
_THURSDAY_SHIFT = 3
"""1970-01-01 was a Thursday: day 0 is the fourth day of week 0."""
_FORMS: dict[Frequency, re.Pattern[str]] = {
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
}


class PeriodError(ValueError):
    """A label that names no period."""

    def __init__(self, label: str) -> None:
        allowed = "a month 'YYYY-MM', an ISO week 'YYYY-Www' or a day 'YYYY-MM-DD'"
        super().__init__(f"period: found {label!r}; allowed is {allowed}")


def frequency_of(label: str) -> Frequency:
    """Return which kind of period `label` names; raise `PeriodError` if none."""
    for frequency, form in _FORMS.items():
        if form.fullmatch(label):
            return frequency
    raise PeriodError(label)


def to_index(label: str) -> int:
    """Return the integer index of the period that `label` names; raise `PeriodError` if none."""
    frequency = frequency_of(label)
    return index_of(_first_day(label, frequency), frequency)


def _first_day(label: str, frequency: Frequency) -> date:
    try:
        if frequency == "month":
            return date.fromisoformat(f"{label}-01")
        if frequency == "week":
            return date.fromisocalendar(int(label[:4]), int(label[6:]), 1)
        return date.fromisoformat(label)
    except ValueError:
        raise PeriodError(label) from None


def index_of(day: date, frequency: Frequency) -> int:
    """Return the index of the period that contains `day`."""
    if frequency == "month":
        return day.year * 12 + day.month - 1
    days = (date(day.year, day.month, day.day) - EPOCH).days
    return days if frequency == "day" else (days + _THURSDAY_SHIFT) // 7


def first_day(index: int, frequency: Frequency) -> date:
    """Return the first day of a period."""
    if frequency == "month":
        return date(index // 12, index % 12 + 1, 1)
    return EPOCH + timedelta(days=index if frequency == "day" else 7 * index - _THURSDAY_SHIFT)


def last_day(index: int, frequency: Frequency) -> date:
    """Return the last day of a period."""
    return first_day(index + 1, frequency) - timedelta(days=1)


def to_label(index: int, frequency: Frequency) -> str:
    """Return the label of a period."""
    first = first_day(index, frequency)
    if frequency == "month":
        return f"{first.year:04d}-{first.month:02d}"
    if frequency == "day":
        return first.isoformat()
    year, week, _ = first.isocalendar()
    return f"{year:04d}-W{week:02d}"


def month_of(index: int, frequency: Frequency) -> int:
    """Return the index of the month that a period belongs to: a week goes with its Thursday."""
    shift = timedelta(days=_THURSDAY_SHIFT if frequency == "week" else 0)
    return index_of(first_day(index, frequency) + shift, "month")


def period_end(label: str) -> date:
    """Return the last day of the period that `label` names; raise `PeriodError` if none."""
    return last_day(to_index(label), frequency_of(label))


def day_expr(moment: nw.Expr) -> nw.Expr:
    """Return days since 1970-01-01 of a date or naive datetime column (Int64).

    Counted from year and day of the year, because engines disagree on the names of everything else.
    """
    past = moment.dt.year().cast(nw.Int64) - 1
    leaps = floor_division(past, 4) - floor_division(past, 100) + floor_division(past, 400)
    before_epoch = EPOCH.toordinal() - 1
    return past * 365 + leaps + moment.dt.ordinal_day().cast(nw.Int64) - 1 - before_epoch


def floor_division(dividend: nw.Expr, divisor: int) -> nw.Expr:
    """Return ⌊dividend ÷ divisor⌋, exact for every day count.

    Narwhals' own `//` (and on Spark `/`) repeats its operand in the query, so that nested ones grow without
    bound. A multiplication does not; the half keeps the quotient clear of whole numbers and of rounding.
    """
    return ((dividend + 0.5) * (1 / divisor)).floor().cast(nw.Int64)


def index_expr(moment: nw.Expr, frequency: Frequency) -> nw.Expr:
    """Return the period index of a date or naive datetime column (Int64)."""
    if frequency == "month":
        return moment.dt.year().cast(nw.Int64) * 12 + moment.dt.month().cast(nw.Int64) - 1
    days = day_expr(moment)
    return days if frequency == "day" else floor_division(days + _THURSDAY_SHIFT, 7)


def month_label_expr(label: nw.Expr) -> nw.Expr:
    """Return the month index of a column of labels 'YYYY-MM' (Int64)."""
    return label.str.slice(0, 4).cast(nw.Int64) * 12 + label.str.slice(5, 2).cast(nw.Int64) - 1


def month_of_expr(index: nw.Expr, frequency: Frequency) -> nw.Expr:
    """Return the month index of a column of period indices; see `month_of`.

    The civil calendar from a day count as in Howard Hinnant, chrono-compatible low-level date algorithms
    (2013): years that begin in March, so that the leap day comes last.
    """
    if frequency == "month":
        return index
    shifted = (index if frequency == "day" else index * 7) + 719_468
    era = floor_division(shifted, 146_097)
    of_era = shifted - era * 146_097
    year = floor_division(
        of_era
        - floor_division(of_era, 1_460)
        + floor_division(of_era, 36_524)
        - floor_division(of_era, 146_096),
        365,
    )
    of_year = of_era - (year * 365 + floor_division(year, 4) - floor_division(year, 100))
    return (era * 400 + year) * 12 + floor_division(of_year * 5 + 2, 153) + 2
