"""The bounds behind `thin_evidence`, against scipy and against the printed numbers."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qm_rules import load_pack
from qm_rules.confidence import Z_SQUARED, _decimal_tail, binomial_tail, counts_miss, cpk_misses

PPM = [
    (bound.as_integer_ratio()[0], bound.as_integer_ratio()[1] * 10**6)
    for _, _, bound in load_pack().thresholds["sigma"]
]


@pytest.mark.parametrize(("units", "threshold"), list(zip([44, 482, 13_024, 881_097], PPM, strict=True)))
def test_units_without_a_defect_that_the_specification_names(units, threshold):
    assert not counts_miss(0, units, threshold)
    assert counts_miss(0, units - 1, threshold)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_clopper_pearson_against_scipy(data):
    n = data.draw(st.one_of(st.integers(1, 500), st.integers(1, 10**6), st.integers(1, 10**9)))
    numerator, denominator = data.draw(st.sampled_from([*PPM, (1, 10), (1, 20), (3, 100), (1, 50)]))
    p = numerator / denominator
    mean, deviation = n * p, (n * p * (1 - p)) ** 0.5
    x = max(0, min(n, round(mean - data.draw(st.floats(-1, 4)) * deviation)))
    upper = 1.0 if x == n else stats.beta.ppf(0.95, x + 1, n - x)
    if abs(upper / p - 1) > 1e-9:  # where scipy itself can say
        assert counts_miss(x, n, (numerator, denominator)) == (upper > p)


TAILS = [
    (x, n, p)
    for n in (10, 137, 10**5, 10**7, 10**9, 10**12, 10**18)
    for p in (3.4e-6, 230e-6, 0.0668, 0.1)
    for z in (0.5, 1.6, 1.7, 3.0)
    if 0 < (x := int(n * p - z * (n * p * (1 - p)) ** 0.5)) < n * p
]


@pytest.mark.parametrize(("x", "n", "p"), TAILS)
def test_tail_against_scipy(x, n, p):
    assert binomial_tail(x, n, p) == pytest.approx(stats.binom.cdf(x, n, p), rel=1e-6 if n > 10**9 else 1e-9)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 120), st.integers(1, 30))
def test_tail_against_exact_fractions(n, x):
    x = min(x, n - 1)
    p = Fraction(min(99, -(-100 * (x + 1) // n)), 100)
    exact = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(x + 1))
    if x < n * p:
        assert binomial_tail(x, n, float(p)) == pytest.approx(float(exact), rel=1e-11)
    assert float(_decimal_tail(x, n, p.as_integer_ratio())) == pytest.approx(float(exact), rel=1e-14)


def test_where_floats_cannot_say_decimals_do():
    n, x = 200, 4
    low, high = Fraction(0), Fraction(1)
    for _ in range(60):  # the p at which the tail is 0.05 to 1e-18
        middle = (low + high) / 2
        tail = sum(comb(n, k) * middle**k * (1 - middle) ** (n - k) for k in range(x + 1))
        low, high = (middle, high) if tail > Fraction(1, 20) else (low, middle)
    assert counts_miss(x, n, low.as_integer_ratio()) is True
    assert counts_miss(x, n, high.as_integer_ratio()) is False


def test_the_constant():
    z = Fraction(*Z_SQUARED)
    assert float(z) == pytest.approx(stats.norm.ppf(0.95) ** 2, rel=1e-15)


@given(
    st.decimals("0.5", 4, places=4), st.integers(2, 10_000), st.sampled_from(["1", "1.33", "1.67", "2.00"])
)
def test_bissell(cpk, n, threshold):
    bound = Decimal(threshold)
    if cpk < bound:
        return
    c = float(cpk)
    lower = c - stats.norm.ppf(0.95) * (1 / (9 * n) + c * c / (2 * (n - 1))) ** 0.5
    if abs(lower - float(bound)) > 1e-9:
        assert cpk_misses(cpk.as_integer_ratio(), n, bound.as_integer_ratio()) == (lower < float(bound))


def test_the_example_of_the_specification():
    assert cpk_misses((353, 250), 125, (133, 100))  # 1.412 − 0.155 = 1.257
    assert not cpk_misses((353, 250), 1000, (133, 100))  # 1.412 − 0.055 = 1.357
