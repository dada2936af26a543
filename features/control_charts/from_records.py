"""Control charts of the measured characteristics of one enterprise, from its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal, TypeVar, get_args

import numpy as np

from features.capability.samples import Samples
from features.control_charts.basis import WHOLE, Basis
from features.control_charts.chart import Chart, Kind, Note, Points, about, drawn
from features.control_charts.measured import Measured, Spread, autocorrelated, measured, small_subgroups
from features.control_charts.memory import cusum, ewma
from features.control_charts.reading import (
    ChartError,
    Readings,
    known_enterprise,
    read_characteristic,
    scope_of,
)
from features.control_charts.rules import RULE_SETS, RuleSet
from features.control_charts.sigma import only
from features.tables import Tables

MeasuredKind = Literal["xbar_r", "xbar_s", "i_mr", "ewma", "cusum"]
MEASURED_KINDS: tuple[MeasuredKind, ...] = get_args(MeasuredKind)
Choice = TypeVar("Choice", bound=str)


def chart(
    tables: Tables,
    enterprise_id: str,
    characteristic_id: str,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    rules: RuleSet = "western_electric",
    basis: Basis = WHOLE,
) -> Chart:
    """Return the control chart of a characteristic, measured from `since` to `until` (both included).

    `kind` is one of `MEASURED_KINDS`; without it the data decide: single values I–MR, subgroups of up to
    ten X̄–R, larger ones X̄–S (ISO 7870-2). EWMA and CUSUM chart the same points with the same σ. `basis`
    says what the limits rest on (phase I), or gives a standard. Run rules apply to X̄ and to single
    values; the other charts are judged by their limits alone, because their points are not independent
    (moving ranges, EWMA, CUSUM) or not symmetric (R, s).

    Raises:
        ChartError: no such enterprise, characteristic or kind, a basis that is none, or subgroups are asked
            for and there are none.
    """
    known_enterprise(tables, enterprise_id)
    chosen = allowed("kind", kind, MEASURED_KINDS)
    allowed("rules", rules, RULE_SETS)
    readings = read_characteristic(tables, scope_of(enterprise_id, since, until), characteristic_id)
    readings = _as_asked(readings, chosen)
    points = _points(readings, basis)
    spread: Spread = "S" if (chosen or _usual(readings.samples)) == "xbar_s" else "R"
    charts = measured(readings.samples, spread, points.baseline, basis.standard(), basis.width)
    if chosen == "ewma":
        return _ewma(characteristic_id, readings, charts, points, basis)
    if chosen == "cusum":
        return _cusum(characteristic_id, readings, charts, points)
    return _shewhart(characteristic_id, readings, charts, points, spread, rules)


def allowed(name: str, value: str | None, choices: tuple[Choice, ...]) -> Choice | None:
    """Return `value` as one of the choices; raise `ChartError` for any other but None."""
    if value is not None and value not in choices:
        raise ChartError(f"{name}: found {value!r}; allowed is one of {', '.join(choices)}")
    return value


def _as_asked(readings: Readings, kind: MeasuredKind | None) -> Readings:
    """Take subgroups apart for an I–MR chart; refuse to invent them for an X̄ chart."""
    samples = readings.samples
    if kind == "i_mr":
        return replace(readings, samples=replace(samples, subgroup=np.arange(len(samples.values))))
    if kind in ("xbar_r", "xbar_s") and len(samples.values) and samples.individual[0]:
        raise ChartError(f"kind: found {kind!r} for values without subgroups; allowed is i_mr, ewma or cusum")
    return readings


def _usual(samples: Samples) -> MeasuredKind:
    if samples.individual[0] or not len(samples.values):
        return "i_mr"
    return "xbar_r" if small_subgroups(samples)[0] else "xbar_s"


def _points(readings: Readings, basis: Basis) -> Points:
    units = readings.samples.units
    complete = basis.centre is not None and basis.sigma is not None
    first = readings.rows.iloc[units.start]
    return Points(
        tuple(first["measured_at"].dt.strftime("%Y-%m-%d %H:%M:%S")) if len(first) else (),
        tuple(first["subgroup_id"].fillna("").astype(str)),
        units.size.astype(np.float64),
        basis.baseline(first["measured_at"], complete=complete),
    )


def _shewhart(
    subject: str, readings: Readings, charts: Measured, points: Points, spread: Spread, rules: RuleSet
) -> Chart:
    alone, sigma = bool(readings.samples.individual[0]), float(charts.standard.sigma[0])
    small = about(charts.spread, points.baseline)
    under: Kind = "MR" if alone else spread
    beside = drawn(under, subject, readings.unit, charts.spread, points, "none", small, sigma=sigma)
    notes = about(charts.level, points.baseline) + _hint(readings.samples, charts, points)
    kind: Kind = "I" if alone else "xbar"
    return drawn(kind, subject, readings.unit, charts.level, points, rules, notes, beside, sigma)


def _ewma(subject: str, readings: Readings, charts: Measured, points: Points, basis: Basis) -> Chart:
    lines = ewma(charts.level.series, points.size, charts.standard, width=basis.width)
    notes = about(lines, points.baseline) + _hint(readings.samples, charts, points)
    sigma = float(charts.standard.sigma[0])
    return drawn("ewma", subject, readings.unit, lines, points, "none", notes, sigma=sigma)


def _cusum(subject: str, readings: Readings, charts: Measured, points: Points) -> Chart:
    sums = cusum(charts.level.series, charts.standard.centre, charts.level.error)
    notes = about(charts.level, points.baseline) + _hint(readings.samples, charts, points)
    below = drawn("cusum_low", subject, None, sums.lower, points, "none")
    sigma = float(charts.standard.sigma[0])
    return drawn("cusum", subject, None, sums.upper, points, "none", notes, below, sigma)


def _hint(samples: Samples, charts: Measured, points: Points) -> tuple[Note, ...]:
    """Say if neighbours in the baseline are alike; a shift after it is a finding, not a property."""
    kept = only(charts.units, points.baseline) if points.baseline.any() else charts.units
    correlation = float(autocorrelated(samples, kept)[0])
    return (Note("autocorrelated", correlation),) if np.isfinite(correlation) else ()
