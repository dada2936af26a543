"""Percentiles: shrunk, never of fewer than five, and nothing to work out by taking away."""

from dataclasses import replace

import numpy as np
import pytest

from models.portfolio.benchmarks import BELIEVED, Groups, benchmarks, standing
from tests.models.portfolio.portfolios import Plant, portfolio


def plants(sizes):
    """Enterprises with rising yields, so many of each (industry, size)."""
    cells = [cell for cell, count in sizes.items() for _ in range(count)]
    return [
        Plant(f"E{at:03d}", 1, industry=f"C{industry}10", size=size, ftq=0.8 + at / 1000)
        for at, (industry, size) in enumerate(cells)
    ]


def keys(found):
    return {(own.division, own.size): own.members for own in found}


def test_groups_under_five_are_not_shown_and_cannot_be_worked_out(tmp_path):
    made = portfolio(
        tmp_path, plants({("13", "small"): 4, ("13", "large"): 9, ("13", "micro"): 8, ("26", "small"): 6})
    )
    nobody = np.zeros(len(made), bool)
    # small (4) is too small; micro (8) goes with it, or 21 − 9 − 8 would tell.
    assert keys(benchmarks(Groups(made, "ftq", nobody))) == {
        ("", ""): 27,
        ("13", ""): 21,
        ("13", "large"): 9,
        ("26", ""): 6,
        ("26", "small"): 6,
    }


def test_who_sees_some_members_cannot_take_them_away(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 6, ("26", "small"): 20}))
    mine = made.divisions == "13"
    mine[np.flatnonzero(mine)[:3]] = False  # three of six are hidden from this reader
    assert ("13", "") not in keys(benchmarks(Groups(made, "ftq", mine)))
    everybody = np.ones(len(made), bool)
    assert ("13", "") in keys(benchmarks(Groups(made, "ftq", everybody)))


def test_a_small_groups_quantiles_are_drawn_to_the_others(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 5, ("26", "small"): 195}))
    by_key = {(o.division, o.size): o for o in benchmarks(Groups(made, "ftq", np.ones(len(made), bool)))}
    own = by_key["13", ""].quantiles[2]
    assert made.value("ftq")[made.divisions == "13"].max() < own < by_key["", ""].quantiles[2]


def test_an_enterprises_place_by_hand(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 10}))
    everybody = np.ones(len(made), bool)
    best = standing(Groups(made, "ftq", everybody), made.place["E009"])
    assert (best.division, best.size, best.members) == ("13", "small", 9)
    assert best.better_than == pytest.approx(1.0)
    assert standing(Groups(made, "ftq", everybody), made.place["E000"]).better_than == pytest.approx(0.0)
    middle = standing(Groups(made, "ftq", everybody), made.place["E003"])
    assert middle.better_than == pytest.approx(3 / 9)


def test_shrinkage_by_hand(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 5, ("26", "small"): 15}))
    row = made.place["E004"]  # best of its five, better than nobody else
    found = standing(Groups(made, "ftq", np.ones(len(made), bool)), row)
    own = 5 / (5 + BELIEVED)
    everybody = 1 / 20
    division = own / 5 + (1 - own) * everybody
    weight = own * (1 / 5) + (1 - own) * division  # of each of its five, in division × size
    rest = (1 - own) * (1 - own) * everybody  # of each of the other fifteen
    assert found.better_than == pytest.approx(4 * weight / (4 * weight + 15 * rest))


def test_less_is_better_where_the_document_says_so(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 6}))
    losses = {"value.internal_loss": np.arange(6) / 100}
    found = standing(
        Groups(replace(made, columns={**made.columns, **losses}), "internal_loss", np.ones(6, bool)), 0
    )
    assert found.better_than == pytest.approx(1.0)


def test_nothing_known_no_place(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 6}))
    assert standing(Groups(made, "cpk", np.ones(6, bool)), 0) is None
    assert benchmarks(Groups(made, "cpk", np.ones(6, bool))) == []
