"""One control chart as plain data: what a command prints and what a page or a report draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from features.capability.constants import Floats
from features.capability.samples import Flags
from features.control_charts.lines import Lines
from features.control_charts.rules import RuleSet, signals

Kind = Literal[
    "xbar", "R", "S", "I", "MR", "ewma", "cusum", "cusum_low",
    "p", "np", "c", "u", "g", "p_laney", "u_laney", "T2",
]  # fmt: skip


class Note(NamedTuple):
    """Something to know before reading a chart, with the number behind it (NaN if there is none).

    | code | says | value |
    |---|---|---|
    | `no_points` | nothing was recorded, so there are no limits | – |
    | `too_few` | too few points of the baseline for limits | their number |
    | `no_spread` | the baseline does not vary, so there are no limits | – |
    | `few_points` | limits from fewer than 20 points are uncertain | their number |
    | `autocorrelated` | neighbours are alike: the limits are too narrow | correlation at lag 1 |
    | `overdispersed` | counts vary more than by chance | σ of the standardised points |
    """

    code: str
    value: float = float("nan")


@dataclass(frozen=True)
class Points:
    """Who the points are: time or period as text, name of lot or subgroup, size, whether baseline."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    size: Floats
    baseline: Flags


@dataclass(frozen=True)
class Chart:
    """One chart: arrays of equal length, a number per point; NaN where there is no line.

    `labels` (time or period) and `names` (lot or subgroup, may be blank) tell the points apart; `size` is
    what a point rests on (values in a subgroup, units inspected); `baseline` says which points the limits
    rest on. `rule_numbers` are the numbers of `rule_set` that were applied; `completes` and `members`
    (points × rules) mark the point that completes a pattern and the points that make it. `beside` is the
    chart of the spread (R, S, MR) under one of the level, or the lower sum of a CUSUM. `sigma` is the
    standard deviation of single values that the limits rest on (NaN for counts and T²).
    """

    kind: Kind
    subject: str
    unit: str | None
    labels: tuple[str, ...]
    names: tuple[str, ...]
    statistic: Floats
    centre: Floats
    lcl: Floats
    ucl: Floats
    error: Floats
    size: Floats
    baseline: Flags
    beyond: Flags
    rule_set: RuleSet
    rule_numbers: tuple[int, ...]
    completes: Flags
    members: Flags
    notes: tuple[Note, ...] = ()
    beside: Chart | None = None
    sigma: float = float("nan")

    def rules_at(self, point: int) -> tuple[int, ...]:
        """Return the numbers of the rules that signal at a point (from 0)."""
        return tuple(
            number for number, hit in zip(self.rule_numbers, self.completes[point], strict=True) if hit
        )


def drawn(
    kind: Kind,
    subject: str,
    unit: str | None,
    lines: Lines,
    points: Points,
    rule_set: RuleSet,
    notes: tuple[Note, ...] = (),
    beside: Chart | None = None,
    sigma: float = float("nan"),
) -> Chart:
    """Put the lines of one series, who its points are, and the rules together."""
    found = signals(lines, rule_set)
    return Chart(
        kind,
        subject,
        unit,
        points.labels,
        points.names,
        lines.series.values,
        lines.centre,
        lines.lcl,
        lines.ucl,
        lines.error,
        points.size,
        points.baseline,
        lines.beyond,
        rule_set,
        tuple(rule.number for rule in found.rules),
        found.completes,
        found.members,
        notes,
        beside,
        sigma,
    )


ENOUGH = 20
"""Points that limits should rest on at least (Montgomery: 20 to 25)."""


def about(lines: Lines, baseline: Flags) -> tuple[Note, ...]:
    """Return why a chart has no limits, or that they rest on few points."""
    used = int(np.sum(baseline))
    limits = np.isfinite(lines.ucl) | np.isfinite(lines.lcl)
    if not len(baseline):
        return (Note("no_points"),)
    if limits.any():
        return (Note("few_points", used),) if 0 < used < ENOUGH else ()
    values = lines.series.values[baseline & np.isfinite(lines.series.values)]
    return (Note("no_spread"),) if len(values) >= 2 and np.ptp(values) == 0 else (Note("too_few", used),)
