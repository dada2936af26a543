"""Chart constants: against a table computed elsewhere, scipy's range distribution, and the handbook."""

import numpy as np
import pytest
from scipy import stats

from features.capability import constants

NAMES = {
    "d2": constants.d2, "d3": constants.d3, "c4": constants.c4, "A": constants.big_a, "A2": constants.a2,
    "A3": constants.a3, "B3": constants.b3, "B4": constants.b4, "B5": constants.b5, "B6": constants.b6,
    "D1": constants.big_d1, "D2": constants.big_d2, "D3": constants.big_d3, "D4": constants.big_d4,
    "E2": constants.e2,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_constant_for_2_to_25_values(name, table_of_constants):
    size = table_of_constants["n"].astype(int)
    np.testing.assert_allclose(NAMES[name](size), table_of_constants[name], rtol=0, atol=6e-10)


def test_the_table_of_the_nist_handbook(nist):
    for n, printed in nist["pmc321_constants"]["expected"]["A2"].items():
        assert float(constants.a2(int(n))) == pytest.approx(printed, abs=5.1e-4)
    assert float(constants.c4(10)) == pytest.approx(0.9727, abs=5e-5)


def test_two_published_constants_are_off_in_the_last_digit():
    """AIAG prints D4(3) = 2.574 and E2(2) = 2.660; the definitions give 2.575 and 2.659."""
    assert round(float(constants.big_d4(3)), 3) == 2.575
    assert round(float(constants.e2(2)), 3) == 2.659


@pytest.mark.parametrize("n", [2, 5, 10, 25])
def test_the_range_is_distributed_as_scipys_studentized_range_of_known_sigma(n):
    width = np.array([0.1, 1.0, 3.0, 6.0])
    expected = stats.studentized_range.cdf(width, n, np.inf)
    np.testing.assert_allclose(constants.range_cdf(width, n), expected, atol=1e-10)
    for probability in (0.00135, 0.5, 0.99865):
        assert constants.range_cdf(constants.range_quantile(probability, n), n) == pytest.approx(probability)


def test_the_range_of_two_is_a_folded_normal():
    assert float(constants.d3(2)) == pytest.approx(np.sqrt(2 - 4 / np.pi), rel=1e-12)
    assert float(constants.range_cdf(1.5, 2)) == pytest.approx(2 * stats.norm.cdf(1.5 / np.sqrt(2)) - 1)
