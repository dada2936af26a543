"""Control charts of plain numbers, for notebooks and for holding them against other programs.

Definitions, defaults and phase II as in R's qcc 2.7: limits come from the trial data (or are given), and
new data are appended and judged by them. Points are numbered from 1; the run rule of qcc is the rule set
`shewhart`. For Hotelling's T² see `hotelling`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from features.capability.constants import Floats, Ints
from features.capability.samples import Flags, Groups, Samples
from features.control_charts import attributes
from features.control_charts.attributes import Counts, laney, unequal
from features.control_charts.chart import Chart, Kind, Points, about, drawn
from features.control_charts.lines import THREE_SIGMA, Lines, Width
from features.control_charts.memory import WEIGHT, cusum, ewma
from features.control_charts.reading import ChartError
from features.control_charts.rules import RuleSet
from features.control_charts.series import Series
from features.control_charts.sigma import (
    IndividualMethod,
    Standard,
    SubgroupMethod,
    from_individuals,
    from_subgroups,
    mean_range,
    mean_sd,
    only,
)
from features.control_charts.variables import deviations, individuals, moving_ranges, ranges, xbar

Rows = Any
"""Subgroups: a matrix with a row each (NaN where a value is missing), or a sequence of sequences."""
CountKind = Literal["p", "np", "c", "u", "g", "p_laney", "u_laney"]
LARGE = 25
"""Subgroups above this size are too large for ranges: σ then comes from their standard deviations."""


def subgroup_chart(
    kind: Literal["xbar", "R", "S"],
    trial: Rows,
    new: Rows = (),
    *,
    centre: float | None = None,
    sigma: float | None = None,
    method: SubgroupMethod | None = None,
    width: Width = THREE_SIGMA,
    rules: RuleSet = "shewhart",
    digits: int | None = None,
) -> Chart:
    """Chart subgroup means, ranges or standard deviations.

    `method` estimates σ (default: UWAVE-R, for S UWAVE-SD, for means of more than 25 values RMSDF);
    `digits` rounds d2 as printed tables do. The centre of R and S is their mean weighted by subgroup size.
    """
    groups, baseline = _groups(trial, new)
    kept = only(groups, baseline)
    usual: SubgroupMethod = "UWAVE-SD" if kind == "S" else _usual(kept)
    standard = _given(from_subgroups(kept, method or usual, digits), centre, sigma)
    if kind == "xbar":
        lines = xbar(groups, standard, width)
    else:
        chart, middle = (ranges, mean_range) if kind == "R" else (deviations, mean_sd)
        line = middle(kept) if centre is None else np.array([centre])
        lines = chart(groups, standard.sigma, line, width)
    return _chart(kind, lines, groups.size, baseline, rules, sigma=standard.sigma)


def individuals_chart(
    kind: Literal["I", "MR"],
    trial: Sequence[float],
    new: Sequence[float] = (),
    *,
    centre: float | None = None,
    sigma: float | None = None,
    method: IndividualMethod = "MR",
    k: int = 2,
    width: Width = THREE_SIGMA,
    rules: RuleSet = "shewhart",
    digits: int | None = None,
) -> Chart:
    """Chart single values, or the ranges of `k` neighbours; σ from moving ranges or all values (`SD`)."""
    series, baseline = _series(trial, new)
    standard = _given(from_individuals(series.only(baseline), method, k, digits), centre, sigma)
    if kind == "I":
        lines = individuals(series, standard, width)
    else:
        lines = moving_ranges(series, standard.sigma, k, width)
    return _chart(kind, lines, np.ones(len(baseline)), baseline, rules, sigma=standard.sigma)


def count_chart(
    kind: CountKind,
    trial: Sequence[float],
    sizes: Any = 1,  # noqa: ANN401 - a number, or one per lot
    new: Sequence[float] = (),
    new_sizes: Any = 1,  # noqa: ANN401 - a number, or one per new lot
    *,
    centre: float | None = None,
    width: Width = THREE_SIGMA,
    rules: RuleSet = "shewhart",
) -> Chart:
    """Chart counts: nonconforming units (p, np), defects (c, u), units between events (g), after Laney.

    `centre` is a given rate per unit (p, np, u), number per lot (c) or mean (g).

    Raises:
        ChartError: a c chart of lots of different size.
    """
    events, baseline = _series(trial, new)
    pairs = ((sizes, trial), (new_sizes, new))
    both = [np.broadcast_to(np.asarray(one, dtype=np.float64), len(part)) for one, part in pairs]
    size = np.concatenate(both) if kind != "c" else np.ones(len(baseline))
    if kind == "c" and unequal(Counts(events, np.concatenate(both)))[0]:
        raise ChartError("kind: found 'c' for lots of different size; allowed is u or u_laney")
    counts = Counts(events, size)
    rate = counts.only(baseline).rate() if centre is None else np.array([float(centre)])
    if kind == "g":
        mean = events.only(baseline).mean if centre is None else rate
        return _chart(kind, attributes.g(events, mean, width), size, baseline, rules)
    lines = _COUNTED[kind](counts, rate, width)
    if kind in ("p_laney", "u_laney"):
        lines, _ = laney(lines, baseline, width, most=1.0 if kind == "p_laney" else np.inf)
    return _chart(kind, lines, np.concatenate(both), baseline, rules)


def ewma_chart(
    trial: Rows,
    new: Rows = (),
    *,
    weight: float = WEIGHT,
    centre: float | None = None,
    sigma: float | None = None,
    width: Width = THREE_SIGMA,
    steady: bool = False,
    digits: int | None = None,
) -> Chart:
    """Chart the EWMA of subgroup means, or of single values given as a plain vector; see `memory.ewma`."""
    points, size, baseline, standard = _means(trial, new, digits)
    standard = _given(standard, centre, sigma)
    lines = ewma(points, size, standard, weight, width, steady=steady)
    return _chart("ewma", lines, size, baseline, "none", sigma=standard.sigma)


def cusum_chart(
    trial: Rows,
    new: Rows = (),
    *,
    decision_interval: float = 5.0,
    se_shift: float = 1.0,
    centre: float | None = None,
    sigma: float | None = None,
    head_start: float = 0.0,
    digits: int | None = None,
) -> Chart:
    """Chart the sums of a tabular CUSUM in standard errors, the lower one in `beside`; see `memory.cusum`."""
    points, size, baseline, standard = _means(trial, new, digits)
    standard = _given(standard, centre, sigma)
    error = standard.sigma / np.sqrt(size)
    sums = cusum(points, standard.centre, error, se_shift / 2, decision_interval, head_start)
    lower = _chart("cusum_low", sums.lower, size, baseline, "none")
    return _chart("cusum", sums.upper, size, baseline, "none", lower, standard.sigma)


_COUNTED: dict[str, Callable[[Counts, Floats, Width], Lines]] = {
    "p": attributes.p,
    "p_laney": attributes.p,
    "np": attributes.np_,
    "c": attributes.c,
    "u": attributes.u,
    "u_laney": attributes.u,
}


def _chart(
    kind: Kind,
    lines: Lines,
    size: Floats | Ints,
    baseline: Flags,
    rules: RuleSet,
    beside: Chart | None = None,
    sigma: Floats | None = None,
) -> Chart:
    labels = tuple(str(number + 1) for number in range(len(baseline)))
    points = Points(labels, ("",) * len(labels), np.asarray(size, dtype=np.float64), baseline)
    own = float("nan") if sigma is None else float(sigma[0])
    return drawn(kind, "", None, lines, points, rules, about(lines, baseline), beside, own)


def _groups(trial: Rows, new: Rows) -> tuple[Groups, Flags]:
    """Lay subgroups end to end; a row without a value is refused, because it would be no point."""
    rows = [np.asarray(row, dtype=np.float64).ravel() for part in (trial, new) for row in part]
    rows = [row[np.isfinite(row)] for row in rows]
    if not all(len(row) for row in rows):
        raise ChartError("subgroup: found one without a value; allowed are subgroups of one value or more")
    values = np.concatenate([*rows, np.zeros(0)])
    subgroup = np.repeat(np.arange(len(rows)), [len(row) for row in rows]).astype(np.int64)
    groups = Samples(values, np.zeros(len(values), dtype=np.int64), subgroup, 1).groups
    return groups, np.arange(len(rows)) < len(trial)


def _series(trial: Sequence[float], new: Sequence[float]) -> tuple[Series, Flags]:
    values = np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in (trial, new)])
    return Series.of(values), np.arange(len(values)) < len(trial)


def _means(trial: Rows, new: Rows, digits: int | None) -> tuple[Series, Floats, Flags, Standard]:
    """Return points, their sizes, which are trial data, and the standard of those (qcc: ewma, cusum)."""
    if all(np.ndim(row) == 0 for part in (trial, new) for row in part):
        series, baseline = _series(trial, new)
        standard = from_individuals(series.only(baseline), digits=digits)
        return series, np.ones(len(baseline)), baseline, standard
    groups, baseline = _groups(trial, new)
    kept = only(groups, baseline)
    points = Series(groups.mean, groups.characteristic, 1)
    return points, groups.size.astype(np.float64), baseline, from_subgroups(kept, _usual(kept), digits)


def _usual(groups: Groups) -> SubgroupMethod:
    return "RMSDF" if (groups.size > LARGE).any() else "UWAVE-R"


def _given(estimated: Standard, centre: float | None, sigma: float | None) -> Standard:
    return Standard(
        estimated.centre if centre is None else np.array([float(centre)]),
        estimated.sigma if sigma is None else np.array([float(sigma)]),
    )
