"""Percentiles: shrunk, never of fewer than five, and nothing to work out by taking away."""

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.portfolio.benchmarks import QUANTILES, Groups, benchmarks, standing
from models.portfolio.boxes import EVERYBODY, Box
from models.portfolio.discretion import FEWEST
from tests.models.portfolio.portfolios import Plant, portfolio


def plants(sizes):
    """Enterprises with rising yields, so many of each (industry, size, region)."""
    cells = [cell for cell, count in sizes.items() for _ in range(count)]
    return [
        Plant(
            f"E{at:03d}",
            1,
            industry=f"C{cell[0]}10",
            size=cell[1],
            region=(*cell, "330100")[2],
            ftq=0.8 + at / 1000,
        )
        for at, cell in enumerate(cells)
    ]


def in_memory(rows, values):
    """What `Groups` asks of a portfolio, without files: rows of (division, size, region)."""
    division, size, region = (np.array([row[i] for row in rows]) for i in range(3))
    return SimpleNamespace(
        divisions=division,
        text={"size": size, "region_code": region}.__getitem__,
        value=lambda _: np.asarray(values, dtype=float),
    )


def everybody(made):
    return np.ones(len(made), bool)


def keys(found):
    return {(own.division, own.size, own.region): own.members for own in found}


def test_groups_under_five_are_not_shown_and_cannot_be_worked_out(tmp_path):
    made = portfolio(
        tmp_path, plants({("13", "small"): 4, ("13", "large"): 9, ("13", "micro"): 8, ("26", "small"): 6})
    )
    nobody = np.zeros(len(made), bool)
    # small (4) is too small; micro (8) goes with it, or 21 − 9 − 8 would tell.
    found = keys(benchmarks(Groups(made, "ftq", nobody)))
    assert {key: count for key, count in found.items() if not key[2]} == {
        ("", "", ""): 27,
        ("13", "", ""): 21,
        ("13", "large", ""): 9,
        ("26", "", ""): 6,
        ("26", "small", ""): 6,
    }
    assert found["13", "large", "3301"] == 9
    assert all(count >= FEWEST for count in found.values())


def test_regions_lie_within_sizes(tmp_path):
    cells = {("13", "small", "330100"): 6, ("13", "small", "330200"): 7, ("13", "small", "420100"): 5}
    made = portfolio(tmp_path, plants(cells))
    found = keys(benchmarks(Groups(made, "ftq", np.zeros(len(made), bool)), ["13"], "small", "33"))
    assert found == {
        ("", "", ""): 18,
        ("13", "", ""): 18,
        ("13", "small", ""): 18,
        ("13", "small", "33"): 13,
        ("13", "small", "3301"): 6,
        ("13", "small", "3302"): 7,
    }


def test_an_unknown_region_is_no_group_but_counts_as_a_part(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small", ""): 6, ("13", "small", "330100"): 6}))
    found = keys(benchmarks(Groups(made, "ftq", np.zeros(len(made), bool))))
    assert set(found) == {
        ("", "", ""),
        ("13", "", ""),
        ("13", "small", ""),
        *(("13", "small", r) for r in ("33", "3301")),
    }


def test_who_sees_some_members_cannot_take_them_away(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 6, ("26", "small"): 20}))
    mine = made.divisions == "13"
    mine[np.flatnonzero(mine)[:3]] = False  # three of six are hidden from this reader
    assert ("13", "", "") not in keys(benchmarks(Groups(made, "ftq", mine)))
    assert ("13", "", "") in keys(benchmarks(Groups(made, "ftq", everybody(made))))


MEMBER = st.tuples(
    st.sampled_from(["13", "26"]),
    st.sampled_from(["small", "large"]),
    st.sampled_from(["330100", "330200", "420100", "33", ""]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MEMBER, min_size=1, max_size=14))
def test_no_small_hidden_group_can_be_worked_out_by_differences(drawn):
    """All that a group tells is its count and one sum: whatever is added and taken away of shown groups and
    of those whom the reader sees, no sum of one to four hidden enterprises comes out."""
    rows, hidden = [row[:3] for row in drawn], np.array([row[3] for row in drawn])
    groups = Groups(in_memory(rows, np.arange(len(rows))), "ftq", ~hidden)
    who = np.flatnonzero(hidden)

    def inside(box):
        return [
            all((rows[i][0].startswith(box[0]), box[1] in {"", rows[i][1]}, rows[i][2].startswith(box[2])))
            for i in who
        ]

    if not len(who):
        return
    told = np.array([inside(box) for box in groups.open], dtype=float).reshape(-1, len(who))
    for size in range(1, min(FEWEST, len(who) + 1)):
        for chosen in combinations(range(len(who)), size):
            wanted = np.zeros(len(who))
            wanted[list(chosen)] = 1.0
            solved = np.linalg.lstsq(told.T, wanted, rcond=None)[0] if len(told) else np.zeros(0)
            left = wanted - told.T @ solved if len(told) else wanted
            assert np.abs(left).max() > 1e-8, (drawn, groups.open, chosen)


def test_a_groups_figures_come_from_its_count_and_mean_alone():
    """Other values with the same mean score: the same quantiles, so nothing else of the group is told."""
    rows = [("13", "small", "330100")] * 6 + [("26", "small", "330100")] * 30
    values = np.arange(36.0)
    other = values.copy()
    scores = Groups(in_memory(rows, values), "ftq", np.ones(36, bool)).scores
    # ranks 1 and 36 sum as 2 and 35: swapping symmetric pairs keeps the mean of the first six.
    low, high = [0, 35, 3, 32, 5, 30], [1, 34, 2, 33, 6, 29]
    assert scores[low].sum() == pytest.approx(scores[high].sum())
    found = []
    for chosen in (low, high):
        rest = [i for i in range(36) if i not in chosen]
        other[:6], other[6:] = values[chosen], values[rest]
        groups = Groups(in_memory(rows, other), "ftq", np.ones(36, bool))
        alike = replace_variances(groups)
        found.append(alike.quantiles(Box("13")))
    assert found[0] == pytest.approx(found[1])


def replace_variances(groups):
    groups._depths = [replace(depth, between=0.5, within=0.5) for depth in groups._depths]
    return groups


def test_no_quantile_is_one_enterprises_own(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 40, ("26", "small"): 12}))
    values = set(made.value("ftq"))
    for own in benchmarks(Groups(made, "ftq", everybody(made))):
        assert list(own.quantiles) == sorted(own.quantiles)
        windows = {round(np.mean(sorted(values)[i : i + FEWEST]), 9) for i in range(len(values) - FEWEST + 1)}
        assert {round(q, 9) for q in own.quantiles} <= windows


def test_everybodys_quantiles_are_the_ordinary_ones():
    values = np.random.default_rng(5).lognormal(size=4000)
    rows = [("13", "small", "330100")] * 4000
    found = Groups(in_memory(rows, values), "ftq", np.ones(4000, bool)).quantiles(EVERYBODY)
    assert found == pytest.approx(np.quantile(values, QUANTILES), rel=0.02)


def test_a_small_groups_quantiles_are_drawn_to_the_others():
    """Five of the best among many: their median is below their own, above everybody's."""
    rng = np.random.default_rng(13)
    rows = [("13", "small", "330100")] * 5 + [
        (d, "small", "330100") for d in ("26", "34", "35") for _ in range(60)
    ]
    values = np.concatenate([rng.normal(1.0, 1.0, 5), rng.normal(size=180) + np.repeat([0.4, 0.0, -0.4], 60)])
    groups = Groups(in_memory(rows, values), "ftq", np.ones(185, bool))
    own = groups.quantiles(Box("13"))[2]
    assert groups.quantiles(EVERYBODY)[2] < own < np.median(values[:5])


def test_a_group_that_cannot_be_told_apart_says_so():
    """Four divisions of one distribution, and one far off."""
    rng = np.random.default_rng(17)
    rows = [(d, "small", "330100") for d in ("13", "26", "34", "35") for _ in range(40)]
    same = np.concatenate([rng.permutation(np.arange(0, 160, 4) + shift) for shift in range(4)]).astype(float)
    found = benchmarks(Groups(in_memory(rows, same), "ftq", np.ones(160, bool)))
    everybody_ = next(own for own in found if not own.division)
    assert not everybody_.alike
    assert all(own.alike for own in found if own.division)
    assert all(own.quantiles[2] == pytest.approx(everybody_.quantiles[2], abs=4) for own in found)
    apart = same + np.repeat([0, 0, 0, 400], 40)
    found = benchmarks(Groups(in_memory(rows, apart), "ftq", np.ones(160, bool)))
    by_key = {(own.division, own.size, own.region): own for own in found}
    assert not by_key["35", "", ""].alike
    assert by_key["35", "small", ""].alike  # all of its division are small


def test_a_large_group_that_is_apart_keeps_its_own():
    """As the members grow, shrinkage goes away: an oracle by plain quantiles."""
    rng = np.random.default_rng(7)
    rows = [(d, "small", "330100") for d in ("13", "26", "34", "35") for _ in range(800)]
    values = rng.normal(size=3200) + np.repeat([0.0, 1.0, 2.0, 3.0], 800)
    groups = Groups(in_memory(rows, values), "ftq", np.ones(3200, bool))
    for at, division in enumerate(("13", "26", "34", "35")):
        own = values[at * 800 : (at + 1) * 800]
        assert groups.quantiles(Box(division))[2] == pytest.approx(np.median(own), abs=0.12)


def test_an_enterprises_place_is_in_order_and_without_itself(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 10}))
    groups = Groups(made, "ftq", everybody(made))
    found = [standing(groups, made.place[f"E{at:03d}"]) for at in range(10)]
    assert all(
        (own.division, own.size, own.region, own.members) == ("13", "small", "3301", 9) for own in found
    )
    shares = [own.better_than for own in found]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] > 0.9
    assert shares[4] + shares[5] == pytest.approx(1.0)


def test_places_are_fair_on_the_whole():
    """Among many alike the shares that are worse lie evenly between nought and one."""
    rng = np.random.default_rng(11)
    rows = [(d, s, "330100") for d in ("13", "26") for s in ("small", "large") for _ in range(60)]
    values = rng.normal(size=240) + np.repeat([0.0, 0.8, 0.1, 0.7], 60)
    groups = Groups(in_memory(rows, values), "ftq", np.ones(240, bool))
    shares = [standing(groups, row).better_than for row in range(240)]
    assert stats.kstest(shares, "uniform").pvalue > 0.05


def test_less_is_better_where_the_document_says_so(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 6}))
    losses = {"value.internal_loss": np.arange(6) / 100}
    groups = Groups(replace(made, columns={**made.columns, **losses}), "internal_loss", everybody(made))
    shares = [standing(groups, row).better_than for row in range(6)]
    assert shares == sorted(shares, reverse=True)


def test_nothing_known_no_place(tmp_path):
    made = portfolio(tmp_path, plants({("13", "small"): 6}))
    assert standing(Groups(made, "cpk", everybody(made)), 0) is None
    assert benchmarks(Groups(made, "cpk", everybody(made))) == []


def test_everybody_alike_is_in_the_middle(tmp_path):
    rows = [("13", "small", "330100")] * 7
    groups = Groups(in_memory(rows, np.full(7, 0.9)), "ftq", np.ones(7, bool))
    assert standing(groups, 0).better_than == 0.5
    assert groups.quantiles(EVERYBODY) == pytest.approx([0.9] * 5)
