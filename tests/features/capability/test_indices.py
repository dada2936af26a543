"""Capability indices against published numbers (their source beside them), SciPy and NumPy."""

import json
import math
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from features.capability import indices as kernels
from features.capability.constants import d2
from features.capability.indices import bissell, graded, indices
from features.capability.samples import Samples
from features.capability.spread import sd_within
from qm_rules import load_pack

# Montgomery, Introduction to Statistical Quality Control, table 5-3 (piston rings), as shipped with R's qcc.
PISTON_RINGS = np.fromstring(
    """
    74.030 74.002 74.019 73.992 74.008 73.995 73.992 74.001 74.011 74.004
    73.988 74.024 74.021 74.005 74.002 74.002 73.996 73.993 74.015 74.009
    73.992 74.007 74.015 73.989 74.014 74.009 73.994 73.997 73.985 73.993
    73.995 74.006 73.994 74.000 74.005 73.985 74.003 73.993 74.015 73.988
    74.008 73.995 74.009 74.005 74.004 73.998 74.000 73.990 74.007 73.995
    73.994 73.998 73.994 73.995 73.990 74.004 74.000 74.007 74.000 73.996
    73.983 74.002 73.998 73.997 74.012 74.006 73.967 73.994 74.000 73.984
    74.012 74.014 73.998 73.999 74.007 74.000 73.984 74.005 73.998 73.996
    73.994 74.012 73.986 74.005 74.007 74.006 74.010 74.018 74.003 74.000
    73.984 74.002 74.003 74.005 73.997 74.000 74.010 74.013 74.020 74.003
    73.988 74.001 74.009 74.005 73.996 74.004 73.999 73.990 74.006 74.009
    74.010 73.989 73.990 74.009 74.014 74.015 74.008 73.993 74.000 74.010
    73.982 73.984 73.995 74.017 74.013
    """,
    sep=" ",
)
# NIST/SEMATECH e-Handbook 6.3.2.2 (individuals) and R's qcc 2.7, viscosity (xbar.one).
FLOW = np.array([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
VISCOSITY = [33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33, 33.54, 33.12, 33.84]


def one(values, sizes=None):
    """Return the samples of one characteristic in subgroups of the given sizes (none: single values)."""
    values = np.asarray(values, dtype=float)
    sizes = [1] * len(values) if sizes is None else sizes
    subgroup = np.repeat(np.arange(len(sizes)), sizes)
    return Samples(values, np.zeros(len(values), dtype=int), subgroup, 1)


def at(value):
    return np.array([float(value)])


def test_piston_rings_as_in_qcc():
    """qcc 2.7: d2(5) rounded to 2.326; capability with limits 73.95 and 74.05, 95 % interval of Cpk."""
    samples = one(PISTON_RINGS, [5] * 25)
    ranged = sd_within(samples, "range").sd[0]
    assert ranged * d2(5) / 2.326 == pytest.approx(0.0097850386930353, rel=1e-12)
    assert sd_within(samples, "sd").sd[0] == pytest.approx(0.00982997672828933, rel=1e-9)
    found = indices(samples.mean, at(0.0097850386930353), at(73.95), at(74.05))
    assert found.spread[0] == pytest.approx(1.7032806092559, rel=1e-12)
    assert found.lower[0] == pytest.approx(1.74334176918515, rel=1e-12)
    assert found.upper[0] == found.nearest[0] == pytest.approx(1.66321944932665, rel=1e-12)
    low, high = bissell(found.nearest, samples.n)
    assert (low[0], high[0]) == (pytest.approx(1.44812896099511), pytest.approx(1.87830993765819))


def test_individuals_as_in_the_nist_handbook_and_in_qcc():
    assert sd_within(one(FLOW)).sd[0] == pytest.approx(1.8778 / 1.128379, abs=5e-5)
    found = sd_within(one(VISCOSITY)).sd[0]
    assert found * d2(2) / 1.128 == pytest.approx(0.426165146909828, rel=1e-12)


def test_the_nist_capability_example():
    """e-Handbook 6.1.6: USL 20, LSL 8, mean 16, s 2."""
    found = indices(at(16), at(2), at(8), at(20))
    values = [found.spread[0], found.nearest[0], found.upper[0], found.lower[0]]
    assert values == pytest.approx([1.0, 0.6667, 0.6667, 1.3333], abs=5e-5)


PUBLISHED = json.loads((Path(__file__).parent / "data/published.json").read_text())


@pytest.mark.parametrize("case", PUBLISHED["qcc"], ids=lambda case: f"{case['lsl']} to {case['usl']}")
def test_every_index_and_interval_of_qcc_to_the_printed_digit(case):
    n, mean, sd, lsl, usl = (at(case[name]) for name in ("n", "mean", "sd", "lsl", "usl"))
    aim = kernels.target(at(math.nan), lsl, usl)
    assert aim[0] == pytest.approx(case["target"], rel=1e-14)
    found, taguchi = indices(mean, sd, lsl, usl), kernels.cpm(mean, sd, lsl, usl, aim)
    ours = {
        "cp": (found.spread, *kernels.cp_interval(found.spread, n)),
        "cpl": (found.lower, *kernels.one_limit_interval(found.lower, n)),
        "cpu": (found.upper, *kernels.one_limit_interval(found.upper, n)),
        "cpk": (found.nearest, *bissell(found.nearest, n)),
        "cpm": (taguchi, *kernels.cpm_interval(taguchi, mean, sd, aim, n)),
    }
    for name, values in ours.items():
        assert [value[0] for value in values] == pytest.approx(case[name], rel=1e-12), name
    outside = [
        share[0] if share[0] >= 1e-4 else 0.0 for share in kernels.expected_outside(mean, sd, lsl, usl)
    ]
    assert outside == pytest.approx([case["expected_below"], case["expected_above"]], rel=1e-12)
    rings = PISTON_RINGS
    assert [np.mean(rings < lsl), np.mean(rings > usl)] == [case["observed_below"], case["observed_above"]]


def test_the_nist_example_also_by_cpm():
    """e-Handbook 6.1.6: target 14 (the middle), Cpm = 12 ÷ 6√(4 + 4)."""
    case = {name: at(value) for name, value in PUBLISHED["nist"].items()}
    limits = case["mean"], case["sd"], case["lsl"], case["usl"]
    found = indices(*limits)
    assert found.nearest[0] == pytest.approx(case["cpk"][0], abs=5e-5)
    aim = kernels.target(at(math.nan), case["lsl"], case["usl"])
    assert kernels.cpm(*limits, aim)[0] == pytest.approx(12 / (6 * math.sqrt(8)), rel=1e-14)
    assert kernels.cpm_nearer(*limits, aim)[0] == kernels.cpm(*limits, aim)[0], "a target in the middle"
    assert kernels.cpm_nearer(*limits, at(18))[0] == pytest.approx(2 / (3 * math.sqrt(8)), rel=1e-14)


def test_cpm_needs_both_limits_and_its_definition_for_the_nearer_one_does_not():
    one = at(10), at(1), at(math.nan), at(13)
    aim = kernels.target(at(9), at(math.nan), at(13))
    assert np.isnan(kernels.cpm(*one, aim)[0])
    assert kernels.cpm_nearer(*one, aim)[0] == pytest.approx(4 / (3 * math.sqrt(2)))
    assert np.isnan(kernels.target(at(math.nan), at(math.nan), at(13))[0])


@pytest.mark.parametrize(("aim", "n"), [(10.0, 50), (10.6, 50), (10.0, 200)])
def test_the_interval_of_cpm_covers(aim, n):
    rng = np.random.default_rng(3)
    x = rng.normal(10, 1, (20_000, n))
    mean, sd, ends = x.mean(1), x.std(1, ddof=1), (np.full(20_000, 6.0), np.full(20_000, 14.0))
    found = kernels.cpm(mean, sd, *ends, np.full(20_000, aim))
    low, high = kernels.cpm_interval(found, mean, sd, np.full(20_000, aim), np.full(20_000, n))
    true = 8 / (6 * math.sqrt(1 + (10 - aim) ** 2))
    assert 0.94 <= np.mean((low <= true) & (true <= high)) <= 0.98


@given(st.lists(st.integers(1, 7), min_size=2, max_size=30), st.integers(0, 2**32 - 1))
def test_pooled_spread_of_unequal_subgroups_equals_numpy(sizes, seed):
    values = np.random.default_rng(seed).normal(1e6, 3, sum(sizes))
    samples = one(values, sizes)
    groups = np.split(values, np.cumsum(sizes)[:-1])
    together = sum(size for size in sizes if size >= 2)
    if together * 2 >= len(values):
        df = sum(size - 1 for size in sizes)
        expected = math.sqrt(sum(((group - group.mean()) ** 2).sum() for group in groups) / df)
    else:
        expected = np.abs(np.diff(values)).mean() * math.sqrt(math.pi) / 2
    assert sd_within(samples).sd[0] == pytest.approx(expected, rel=1e-9)
    assert samples.sd_overall[0] == pytest.approx(np.std(values, ddof=1), rel=1e-9)
    assert samples.mean[0] == pytest.approx(values.mean(), rel=1e-14)


def test_bissell_equals_its_formula_and_covers():
    rng = np.random.default_rng(5)
    n, true = 50, 1.2
    x = rng.normal(0, 1, (20_000, n))
    cpk = np.minimum(3.6 - x.mean(1), 3.6 + x.mean(1)) / (3 * x.std(1, ddof=1))
    low, high = bissell(cpk, np.full(len(cpk), n))
    half = stats.norm.ppf(0.975) * np.sqrt(1 / (9 * n) + cpk**2 / (2 * (n - 1)))
    np.testing.assert_allclose([low, high], [cpk - half, cpk + half], rtol=1e-12)
    assert np.mean((low <= true) & (true <= high)) == pytest.approx(0.95, abs=0.012)


def test_one_limit_and_none():
    nothing = at(math.nan)
    upper = indices(at(10), at(1), nothing, at(13))
    assert (upper.nearest[0], upper.upper[0]) == (1.0, 1.0)
    assert np.isnan([upper.spread[0], upper.lower[0]]).all()
    assert np.isnan(indices(at(10), at(1), nothing, nothing).nearest[0])


@pytest.mark.parametrize("values", [[], [5.0], [5.0, 5.0, 5.0], [0.1 + 0.2] * 40], ids=len)
def test_no_index_without_spread(values):
    samples = one(values)
    found = indices(samples.mean, sd_within(samples).sd, at(0), at(10))
    assert np.isnan(found.nearest[0])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.33, "1.330000"),
        (1.3299999999, "1.329999"),
        (0.95, "0.949999"),
        (1.9999999, "1.999999"),
        (-0.0000001, "-0.000001"),
        (12.0, "12.000000"),
        (1e-9, "0.000000"),
        (1e40, "10000000000000000303786028427003666890752.000000"),
        (1e300, None),
        (math.nan, None),
        (math.inf, None),
    ],
)
def test_a_graded_index_is_rounded_down(value, text):
    assert graded(value) == text


@given(st.floats(-1e6, 1e6))
def test_rounding_down_never_helps_and_costs_less_than_a_millionth(value):
    text = graded(value)
    assert 0 <= Decimal(value) - Decimal(text) < Decimal("1.000001e-6")
    assert len(text.partition(".")[2]) == int(load_pack().policy["cpk_decimals"])
