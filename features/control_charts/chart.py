"""One control chart as plain data: what a command prints and what a page or a report draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from features.capability.constants import Floats
from features.capability.samples import Flags

Kind = Literal[
    "xbar", "R", "S", "I", "MR", "ewma", "cusum", "cusum_low", "p", "np", "c", "u", "p_laney", "u_laney", "T2"
]


class Note(NamedTuple):
    """Something to know before reading a chart, with the number behind it (NaN if there is none)."""

    code: str
    value: float


@dataclass(frozen=True)
class Chart:
    """One chart: arrays of equal length, a number per point; NaN where there is no line.

    `labels` name the points (time, lot or period); `size` is what a point rests on (values in a subgroup,
    units inspected); `baseline` says which points the limits rest on. `rule_numbers` are the numbers of
    `rule_set` that were applied; `completes` and `members` (points × rules) mark the point that completes
    a pattern and the points that make it. `beside` is the chart of the spread (R, S, MR) under one of the
    level, or the lower sum of a CUSUM.
    """

    kind: Kind
    subject: str
    unit: str | None
    labels: tuple[str, ...]
    statistic: Floats
    centre: Floats
    lcl: Floats
    ucl: Floats
    error: Floats
    size: Floats
    baseline: Flags
    beyond: Flags
    rule_set: str
    rule_numbers: tuple[int, ...]
    completes: Flags
    members: Flags
    notes: tuple[Note, ...] = ()
    beside: Chart | None = None
