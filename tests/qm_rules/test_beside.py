"""The continuous σ and the worst product, which are shown and never decide."""

import pytest

from qm_rules.beside import continuous_sigma, worst_delivery, worst_first_pass


@pytest.mark.parametrize(
    ("bad", "units", "shown"),
    [
        (34, 10_000_000, "5.99985"),  # 6σ as printed
        (667, 10_000, "3.00083"),
        (500_000, 1_000_000, "1.50000"),
        (0, 881_097, "≥ 5.99985"),  # 3.4 ppm at 95 % confidence
        (0, 1, "≥ -0.14485"),  # the bound of one good unit is 95 %
        (7, 7, "–"),
        (10**60 - 1, 10**60, "-14.89728"),  # a float of that share would be 1, whose σ is not a number
        (1, 10**100, "22.77345"),
    ],
)
def test_continuous_sigma(bad, units, shown):
    assert continuous_sigma(bad, units) == shown


def test_the_worst_product_is_shown_only_among_several():
    rows = [
        {"product_id": name, "units": units, "nonconforming": bad}
        for name, units, bad in (("A", 10, 1), ("B", 5, 1), ("C", 0, 0))
    ]
    assert worst_delivery(rows) == ("B", "200000")
    assert worst_delivery(rows[:1]) is None
    passes = [
        {"product_id": name, "process_id": "1", "seq": 1, "submitted": 8, "passed_first": p}
        for name, p in (("A", 7), ("B", 6))
    ]
    assert worst_first_pass(passes) == ("B", "0.75")
    assert worst_first_pass(passes[1:]) is None


def test_of_equally_bad_products_the_first_id_is_shown_whatever_the_order():
    rows = [{"product_id": name, "units": 10, "nonconforming": 1} for name in "BAC"]
    passes = [
        {"product_id": name, "process_id": "1", "seq": 1, "submitted": 8, "passed_first": 6} for name in "BAC"
    ]
    for step in (1, -1):
        assert worst_delivery(rows[::step]) == ("A", "100000")
        assert worst_first_pass(passes[::step]) == ("A", "0.75")
