"""The door for plain numbers, as a notebook uses it: R's qcc again, unequal subgroups, given standards."""

import numpy as np
import pytest

from features.control_charts.from_arrays import (
    count_chart,
    cusum_chart,
    ewma_chart,
    individuals_chart,
    subgroup_chart,
)
from features.control_charts.lines import Width
from features.control_charts.reading import ChartError

PRINTED = 1e-12


def same(chart, result, rtol=PRINTED):
    statistics = result["statistics"] + (result["newstats"] or [])
    np.testing.assert_allclose(chart.statistic, statistics, rtol=rtol)
    for ours, theirs in ((chart.lcl, "LCL"), (chart.ucl, "UCL"), (chart.centre, "center")):
        np.testing.assert_allclose(ours, np.broadcast_to(result[theirs], ours.shape), rtol=rtol, atol=1e-15)
    assert set(np.flatnonzero(chart.beyond) + 1) == set(np.atleast_1d(result["beyond_limits"]))
    runs = [at + 1 for at in range(len(chart.labels)) if 2 in chart.rules_at(at)]
    assert runs == list(np.atleast_1d(result["violating_runs"]))
    assert chart.baseline.sum() == len(result["statistics"])
    if chart.kind in ("xbar", "R", "S", "I"):
        assert chart.sigma == pytest.approx(result["std_dev"], rel=PRINTED)


def test_plain_numbers(qcc):
    data = {name: {key: np.array(v) for key, v in columns.items()} for name, columns in qcc["data"].items()}
    results = qcc["results"]
    rings = data["pistonrings"]["diameter"].reshape(40, 5)[:25]
    same(subgroup_chart("xbar", rings, digits=3), results["pistonrings_xbar_phase1_25"])
    same(subgroup_chart("R", rings, digits=3), results["pistonrings_R_phase1_25"], rtol=3e-6)
    same(subgroup_chart("S", rings), results["pistonrings_S_phase1_25"])
    same(
        individuals_chart("I", data["viscosity"]["viscosity"], digits=3), results["viscosity_individuals_MR"]
    )
    juice = {key: values[data["orangejuice"]["trial"]] for key, values in data["orangejuice"].items()}
    same(count_chart("p", juice["D"], juice["size"]), results["orangejuice_p_trial"])
    circuit = data["circuit"]
    same(count_chart("c", circuit["x"][circuit["trial"]]), results["circuit_c_trial"])
    trial, new = (circuit["x"][circuit["trial"] == phase] for phase in (True, False))
    found = count_chart("u", np.delete(trial, [5, 19]), 100, new, 100)
    same(found, results["circuit_u_excl6_20_new"])
    found = ewma_chart(rings, weight=0.2, digits=3)
    np.testing.assert_allclose(found.statistic, results["pistonrings_ewma_lambda02"]["y"], rtol=PRINTED)
    np.testing.assert_allclose(found.ucl, results["pistonrings_ewma_lambda02"]["UCL"], rtol=PRINTED)


def test_plain_numbers_of_unequal_subgroups_and_new_ones(piston_rings, qcc):
    """The example of qcc's manual: values left out, so that some subgroups hold four or three."""
    rings = np.array(qcc["data"]["pistonrings"]["diameter"]).reshape(40, 5).copy()
    rings.flat[[8, 9, 29, 34, 44, 63, 64, 73, 74, 84, 98, 99]] = np.nan
    groups = [list(row[np.isfinite(row)]) for row in rings]
    for kind in ("xbar", "R", "S"):
        as_matrix, as_lists = (subgroup_chart(kind, one[:25], one[25:]) for one in (rings, groups))
        for name in ("statistic", "lcl", "centre", "ucl"):
            np.testing.assert_array_equal(getattr(as_matrix, name), getattr(as_lists, name))
        assert set(as_matrix.size) == {3, 4, 5}
        assert len(set(as_matrix.ucl)) == 3
        assert as_matrix.baseline.sum() == 25
    found = subgroup_chart("R", rings[:25])
    r = np.nanmax(rings[:25], axis=1) - np.nanmin(rings[:25], axis=1)
    assert found.centre[0] == pytest.approx(np.average(r, weights=np.isfinite(rings[:25]).sum(axis=1)))


def test_plain_numbers_with_a_given_standard():
    rows = np.random.default_rng(2).normal(0, 1, (10, 4))
    found = subgroup_chart("xbar", rows, centre=1.0, sigma=2.0, width=Width(2.0))
    assert (found.lcl[0], found.centre[0], found.ucl[0]) == (-1.0, 1.0, 3.0)
    sums = cusum_chart(rows[:, 0], centre=0.0, sigma=1.0, se_shift=2.0, decision_interval=4.0, head_start=2.0)
    assert sums.statistic[0] == pytest.approx(max(0.0, 2.0 + rows[0, 0] - 1))
    assert sums.beside.statistic[0] == pytest.approx(-max(0.0, 2.0 - rows[0, 0] - 1))
    assert (sums.ucl[0], sums.beside.lcl[0]) == (4.0, -4.0)
    assert count_chart("np", [3, 4], 50, centre=0.1).centre[0] == 5.0
    assert individuals_chart("MR", [1.0, 2.0, 4.0, 3.0]).centre[0] == pytest.approx(4 / 3)
    assert count_chart("g", [12, 3, 44, 7]).centre[0] == 16.5
    laneys = count_chart("p_laney", [30, 90, 20, 80], 1_000)
    assert laneys.ucl[0] > count_chart("p", [30, 90, 20, 80], 1_000).ucl[0]


def test_plain_numbers_that_cannot_be_charted():
    with pytest.raises(ChartError, match="without a value"):
        subgroup_chart("xbar", [[1.0, 2.0], [np.nan, np.nan]])
    with pytest.raises(ChartError, match="different size"):
        count_chart("c", [1, 2], [10, 20])
    assert subgroup_chart("xbar", []).notes[0].code == "no_points"
    assert ewma_chart([]).notes[0].code == "no_points"


def test_individuals_of_the_nist_handbook(nist):
    """6.3.2.2, printed with d2 = 1.128; the exact d2 moves the limits by 0.002."""
    values, expected = nist["pmc322_individuals"]["input"]["x"], nist["pmc322_individuals"]["expected"]
    printed, exact = (individuals_chart("I", values, digits=digits) for digits in (3, None))
    assert printed.centre[0] == pytest.approx(expected["mean"], abs=5e-3)
    assert printed.ucl[0] == pytest.approx(expected["UCL"], abs=5e-5)
    assert printed.lcl[0] == pytest.approx(expected["LCL"], abs=5e-5)
    assert exact.ucl[0] == pytest.approx(expected["UCL"], abs=2e-3)
    assert not printed.beyond.any()
    ranges = individuals_chart("MR", values)
    assert np.nanmean(ranges.statistic) == pytest.approx(expected["MRbar"], abs=5e-5)
    assert ranges.centre[0] == pytest.approx(expected["MRbar"], abs=5e-5)


def test_ewma_and_cusum_of_the_nist_handbook(nist):
    """The same door as a notebook uses: 6.3.2.4 and, with k = ½ and h = 5 in standard errors, 6.3.2.3."""
    given, expected = nist["pmc324_ewma"]["input"], nist["pmc324_ewma"]["expected"]
    found = ewma_chart(given["x"], weight=given["lambda"], centre=50, sigma=given["s"], steady=True)
    np.testing.assert_allclose(found.statistic, expected["ewma"], atol=0.005)
    assert found.ucl[0] == pytest.approx(expected["UCL"], abs=1e-4)
    given, expected = nist["pmc323_cusum"]["input"], nist["pmc323_cusum"]["expected"]
    interval = given["h"] / given["sigma"]
    found = cusum_chart(given["x"], centre=325, sigma=given["sigma"], decision_interval=interval)
    np.testing.assert_allclose(found.statistic * given["sigma"], expected["S_hi"], atol=0.03)
    assert np.flatnonzero(found.beyond)[0] + 1 == expected["first_signal_group"]
