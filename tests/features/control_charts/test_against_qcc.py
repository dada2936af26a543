"""R's qcc 2.7 on its own data sets: Shewhart charts, phase II, runs, EWMA, CUSUM, T² and the Pareto table.

qcc takes d2 from a table of three decimals. `digits=3` rounds ours the same way, and then every number agrees
to the printed digit. qcc has a table of its own of d3: limits of ranges of five agree to 3·10⁻⁶.
"""

import numpy as np
import pytest
from scipy import stats

from features.control_charts import attributes, variables
from features.control_charts.attributes import Counts
from features.control_charts.hotelling import hotelling
from features.control_charts.lines import Width
from features.control_charts.memory import cusum, ewma
from features.control_charts.pareto import pareto
from features.control_charts.rules import signals
from features.control_charts.series import Series
from features.control_charts.sigma import (
    SUBGROUP_METHODS,
    Standard,
    from_individuals,
    from_subgroups,
    mean_range,
    mean_sd,
    only,
)

PRINTED = 1e-12


def agree(lines, result, rtol=PRINTED):
    np.testing.assert_allclose(
        lines.series.values, result["statistics"] + (result["newstats"] or []), rtol=rtol
    )
    for ours, theirs in ((lines.lcl, "LCL"), (lines.ucl, "UCL"), (lines.centre, "center")):
        np.testing.assert_allclose(ours, np.broadcast_to(result[theirs], ours.shape), rtol=rtol, atol=1e-15)
    assert [*(np.flatnonzero(lines.above) + 1), *(np.flatnonzero(lines.below) + 1)] == list(
        np.atleast_1d(result["beyond_limits"])
    )
    assert runs_of_seven(lines) == list(np.atleast_1d(result["violating_runs"]))


def runs_of_seven(lines):
    """Return qcc's `violating.runs`: the seventh point in a row on one side, and all after it."""
    return list(np.flatnonzero(signals(lines, "shewhart").completes[:, 1]) + 1)


@pytest.fixture(scope="module")
def trial(piston_rings):
    return only(piston_rings, np.arange(40) < 25)


def test_xbar(trial, qcc):
    result = qcc["results"]["pistonrings_xbar_phase1_25"]
    standard = from_subgroups(trial, digits=3)
    assert standard.sigma[0] == pytest.approx(result["std_dev"], rel=PRINTED)
    agree(variables.xbar(trial, standard), result)


def test_r(trial, qcc):
    result = qcc["results"]["pistonrings_R_phase1_25"]
    sigma = from_subgroups(trial, digits=3).sigma
    agree(variables.ranges(trial, sigma, mean_range(trial)), result, rtol=3e-6)


def test_s(trial, qcc):
    result = qcc["results"]["pistonrings_S_phase1_25"]
    sigma = from_subgroups(trial, "UWAVE-SD").sigma
    assert sigma[0] == pytest.approx(result["std_dev"], rel=PRINTED)
    agree(variables.deviations(trial, sigma, mean_sd(trial)), result)


def test_p(qcc):
    juice = {name: np.array(column) for name, column in qcc["data"]["orangejuice"].items()}
    counts = Counts.of((juice["D"], juice["size"])).only(juice["trial"])
    agree(attributes.p(counts, counts.rate()), qcc["results"]["orangejuice_p_trial"])


def test_c(qcc):
    circuit = {name: np.array(column) for name, column in qcc["data"]["circuit"].items()}
    counts = Counts.of((circuit["x"], circuit["size"])).only(circuit["trial"])
    agree(attributes.c(counts, counts.rate()), qcc["results"]["circuit_c_trial"])


def test_u_with_points_left_out_and_new_ones(qcc):
    circuit = {name: np.array(column) for name, column in qcc["data"]["circuit"].items()}
    kept = ~np.isin(np.arange(len(circuit["x"])), [5, 19])
    counts = Counts.of((circuit["x"], circuit["size"])).only(kept)
    agree(
        attributes.u(counts, counts.only(circuit["trial"][kept]).rate()),
        qcc["results"]["circuit_u_excl6_20_new"],
    )


def test_individuals(qcc):
    result = qcc["results"]["viscosity_individuals_MR"]
    series = Series.of(qcc["data"]["viscosity"]["viscosity"])
    standard = from_individuals(series, digits=3)
    assert standard.sigma[0] == pytest.approx(result["std_dev"], rel=PRINTED)
    agree(variables.individuals(series, standard), result)


def test_ewma(trial, qcc):
    result = qcc["results"]["pistonrings_ewma_lambda02"]
    means = Series(trial.mean, trial.characteristic, 1)
    lines = ewma(means, trial.size.astype(float), from_subgroups(trial, digits=3))
    for ours, theirs in ((lines.series.values, "y"), (lines.lcl, "LCL"), (lines.ucl, "UCL")):
        np.testing.assert_allclose(ours, result[theirs], rtol=PRINTED)
    assert not lines.beyond.any()


def test_boiler(qcc):
    result = qcc["results"]["boiler_T2single"]
    values = np.column_stack(list(qcc["data"]["boiler"].values()))
    found = hotelling(values, confidence=0.999)
    np.testing.assert_allclose(found.lines.series.values, result["T2"], rtol=1e-11)
    np.testing.assert_allclose(found.standard.covariance, result["cov"], rtol=1e-12)
    np.testing.assert_allclose(found.standard.centre, result["center"], rtol=1e-12)
    assert found.control == pytest.approx(result["UCL"], rel=1e-12)
    assert list(np.flatnonzero(found.lines.beyond) + 1) == [result["violations"]]


def test_pareto(qcc):
    result = qcc["results"]["pareto_vignette"]
    counts = {
        "price code": 80,
        "schedule date": 27,
        "supplier code": 66,
        "contact num.": 94,
        "part num.": 33,
    }
    rows = pareto(counts)
    assert [row.name for row in rows] == result["rows"]
    found = [[row.events, row.cumulative, 100 * row.share, 100 * row.cumulative_share] for row in rows]
    np.testing.assert_allclose(found, result["values"], rtol=1e-12)


def test_piston_rings_of_phase_two(piston_rings):
    """Scrucca (2004), R News 4(1): limits of the first 25 subgroups on all 40, three beyond, one run."""
    trial = only(piston_rings, np.arange(40) < 25)
    standard = from_subgroups(trial, digits=3)
    lines = variables.xbar(piston_rings, standard)
    assert (lines.lcl[0], lines.ucl[0]) == (
        pytest.approx(73.98805, abs=5e-6),
        pytest.approx(74.0143, abs=5e-5),
    )
    assert list(np.flatnonzero(lines.beyond) + 1) == [37, 38, 39]
    assert runs_of_seven(lines) == [40]
    sums = cusum(lines.series, standard.centre, lines.error)
    assert list(np.flatnonzero(sums.upper.beyond) + 1) == [37, 38, 39, 40]
    assert not sums.lower.beyond.any()


def test_orange_juice_of_phase_two(qcc):
    """Scrucca (2004): samples 15 and 23 left out, centre 0.215, limits 0.0407 and 0.3893."""
    juice = {name: np.array(column) for name, column in qcc["data"]["orangejuice"].items()}
    kept = ~np.isin(np.arange(54), [14, 22])
    counts = Counts.of((juice["D"], juice["size"])).only(kept)
    lines = attributes.p(counts, counts.only(juice["trial"][kept]).rate())
    assert lines.centre[0] == pytest.approx(0.215)
    assert (lines.lcl[0], lines.ucl[0]) == (pytest.approx(0.04070284), pytest.approx(0.3892972))


def brute_runs(values, centre, length):
    """Follow the source of qcc's violating.runs line by line: the sign, rle, and the ends of long runs."""
    found = {1: [], -1: []}
    at = 0
    sign = [int(value > centre) - int(value < centre) for value in values]
    while at < len(sign):
        end = at
        while end + 1 < len(sign) and sign[end + 1] == sign[at]:
            end += 1
        if sign[at] and end - at + 1 >= length:
            found[sign[at]] += range(at + length, end + 2)
        at = end + 1
    return sorted(found[1] + found[-1])


def test_runs_as_in_the_source_of_qcc():
    rng = np.random.default_rng(3)
    for _ in range(50):
        series = Series.of(rng.integers(-3, 4, 80) + rng.choice([0, 2, -2]) * (np.arange(80) > 40))
        lines = variables.individuals(series, Standard(np.zeros(1), np.ones(1)))
        assert runs_of_seven(lines) == brute_runs(series.values, 0, 7)


# The estimators from their formulas (SAS/QC), a loop over subgroups; d2 and d3 from the independent table.


def by_hand(groups, method, table):
    sizes = np.array([len(group) for group in groups])
    d2, d3, c4 = (np.array([table[name][size - 2] for size in sizes]) for name in ("d2", "d3", "c4"))
    r = np.array([max(group) - min(group) for group in groups])
    s = np.array([np.std(group, ddof=1) for group in groups])
    if method == "RMSDF":
        freedom = int((sizes - 1).sum())
        c4_all = np.exp(np.log(2 / freedom) / 2 + _gamma_ratio(freedom + 1))
        return np.sqrt(((sizes - 1) * s**2).sum() / freedom) / c4_all
    each, weight = {
        "UWAVE-R": (r / d2, np.ones(len(r))),
        "UWAVE-SD": (s / c4, np.ones(len(r))),
        "MVLUE-R": (r / d2, (d2 / d3) ** 2),
        "MVLUE-SD": (s / c4, c4**2 / (1 - c4**2)),
    }[method]
    return (each * weight).sum() / weight.sum()


def _gamma_ratio(n):
    from math import lgamma

    return lgamma(n / 2) - lgamma((n - 1) / 2)


@pytest.mark.parametrize("method", SUBGROUP_METHODS)
def test_every_estimator_on_subgroups_of_unequal_size(method, lay_out, table_of_constants):
    rng = np.random.default_rng(11)
    groups = [list(rng.normal(20, 3, size)) for size in rng.integers(2, 12, 30)]
    found = from_subgroups(lay_out([groups]).groups, method)
    assert found.sigma[0] == pytest.approx(by_hand(groups, method, table_of_constants), rel=1e-8)
    sizes = [len(group) for group in groups]
    assert found.centre[0] == pytest.approx(np.average([np.mean(group) for group in groups], weights=sizes))


@pytest.mark.parametrize("method", SUBGROUP_METHODS)
def test_every_estimator_is_unbiased(method, lay_out):
    values = np.random.default_rng(12).normal(0, 1, (3_000, 10, 4))
    found = from_subgroups(lay_out(list(values)).groups, method).sigma
    assert found.mean() == pytest.approx(1, abs=5 * found.std() / np.sqrt(3_000))


@pytest.mark.parametrize("k", [2, 3, 5])
def test_moving_ranges_of_k_and_the_standard_deviation(k, qcc, table_of_constants):
    values = np.array(qcc["data"]["viscosity"]["viscosity"])
    ranges = [np.ptp(values[at - k + 1 : at + 1]) for at in range(k - 1, len(values))]
    found = from_individuals(Series.of(values), "MR", k).sigma[0]
    assert found == pytest.approx(np.mean(ranges) / table_of_constants["d2"][k - 2], rel=1e-8)
    spread = from_individuals(Series.of(values), "SD").sigma[0]
    assert spread == pytest.approx(
        np.std(values, ddof=1) / table_of_constants["c4"][len(values) - 2], rel=1e-8
    )


def test_limits_by_confidence(trial, qcc):
    """qcc's confidence.level: quantiles of the normal, of range and χ, of binomial and Poisson counts."""
    level = Width(confidence=0.99)
    standard, sigma = from_subgroups(trial), from_subgroups(trial).sigma[0]
    lines = variables.xbar(trial, standard, level)
    assert lines.ucl[0] == pytest.approx(standard.centre[0] + stats.norm.ppf(0.995) * sigma / np.sqrt(5))
    lines = variables.ranges(trial, standard.sigma, mean_range(trial), level)
    expected = stats.studentized_range.ppf([0.005, 0.995], 5, np.inf) * sigma
    np.testing.assert_allclose([lines.lcl[0], lines.ucl[0]], expected, rtol=1e-8)
    lines = variables.deviations(trial, standard.sigma, mean_sd(trial), level)
    expected = sigma * np.sqrt(stats.chi2.ppf([0.005, 0.995], 4) / 4)
    np.testing.assert_allclose([lines.lcl[0], lines.ucl[0]], expected, rtol=1e-12)
    juice = qcc["data"]["orangejuice2"]
    counts = Counts.of((juice["D"], juice["size"]))
    rate = counts.rate()[0]
    lines = attributes.p(counts, counts.rate(), level)
    assert lines.lcl[0] == stats.binom.ppf(0.005, 50, rate) / 50
    assert lines.ucl[0] == stats.binom.isf(0.005, 50, rate) / 50
    computers = qcc["data"]["pcmanufact"]
    counts = Counts.of((computers["x"], computers["size"]))
    lines = attributes.u(counts, counts.rate(), level)
    assert lines.ucl[0] == stats.poisson.ppf(0.995, counts.rate()[0] * 5) / 5


def test_defects_of_rolls_of_unequal_length(qcc):
    """qcc's dyedcloth: ū ± 3 √(ū ÷ nᵢ)."""
    cloth = qcc["data"]["dyedcloth"]
    counts = Counts.of((cloth["x"], cloth["size"]))
    lines = attributes.u(counts, counts.rate())
    centre = sum(cloth["x"]) / sum(cloth["size"])
    expected = [centre + 3 * np.sqrt(centre / size) for size in cloth["size"]]
    np.testing.assert_allclose(lines.ucl, expected, rtol=1e-12)
    assert attributes.unequal(counts)[0]
    assert np.isnan(attributes.c(counts, counts.rate()).ucl).all()


def test_numbers_of_nonconforming_units_are_the_p_chart_times_n(qcc):
    juice = qcc["data"]["orangejuice"]
    counts = Counts.of((juice["D"], juice["size"]))
    share, number = attributes.p(counts, counts.rate()), attributes.np_(counts, counts.rate())
    for name in ("centre", "lcl", "ucl"):
        np.testing.assert_allclose(getattr(share, name) * 50, getattr(number, name))
    assert (share.beyond == number.beyond).all()


def test_units_between_events():
    """qcc's g chart: centre ± 3 √(1 − p) ÷ p with p = 1 ÷ mean, or geometric quantiles."""
    series = Series.of([12, 3, 44, 7, 19, 30, 2, 25])
    lines = attributes.g(series, series.mean)
    chance = 1 / series.mean[0]
    assert lines.ucl[0] == pytest.approx(series.mean[0] + 3 * np.sqrt(1 - chance) / chance)
    assert lines.lcl[0] == 0
    lines = attributes.g(series, series.mean, Width(confidence=0.99))
    assert lines.ucl[0] == stats.geom.ppf(0.995, chance) - 1
