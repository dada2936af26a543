"""What leaders do otherwise: found where it was planted, never told of fewer than five."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.portfolio.discretion import FEWEST
from models.practices.comparing import _leaders_own, compare, robust_unit
from tests.models.practices.hands import practices, register

COUNT = 30
FTQ = np.linspace(0.5, 0.95, COUNT)  # the last six lead


def made(seed=1, **columns):
    rng = np.random.default_rng(seed)
    rows = {("level", f"noise{at}"): rng.normal(100, 5, COUNT) for at in range(8)}
    rows |= {("level", name): values for name, values in columns.items()}
    return practices(register(FTQ), rows)


def everybody():
    return np.ones(COUNT, dtype=bool)


def planted(seed=3):
    """Leaders hold a lever three units above all others."""
    values = np.random.default_rng(seed).normal(0, 1, COUNT)
    values[-6:] += 4
    return values


def test_the_planted_practice_comes_first_and_is_the_leaders_own():
    found = compare(made(planted=planted()), 2, everybody())
    assert (found[0].subject, found[0].apart) == ("planted", True)
    assert found[0].low > 1
    assert found[0].own == pytest.approx(planted()[2])
    assert found[0].leaders == pytest.approx(planted()[-6:].mean())
    others = np.delete(planted()[:-6], 2)
    assert found[0].others == pytest.approx(others.mean())


def test_who_is_odd_alone_is_not_told_that_leaders_do_otherwise():
    values = np.random.default_rng(4).normal(0, 1, COUNT)
    values[2] = 9
    one = next(own for own in compare(made(odd=values), 2, everybody()) if own.subject == "odd")
    assert one.difference < -3
    assert not one.apart


def test_difference_and_interval_by_hand():
    values = planted()
    one = compare(made(planted=values), 0, everybody())[0]
    unit = 1.4826 * np.median(np.abs(values - np.median(values)))
    low, high = stats.t.interval(0.9, 5, values[-6:].mean(), stats.sem(values[-6:]))
    assert one.difference == pytest.approx((values[-6:].mean() - values[0]) / unit)
    assert (one.low, one.high) == pytest.approx(((low - values[0]) / unit, (high - values[0]) / unit))


def test_spreads_are_compared_as_ratios():
    values = np.exp(planted())
    found = compare(
        practices(register(FTQ), {("spread", "x"): values, ("level", "x"): planted()}), 1, everybody()
    )
    by_kind = {one.kind: one for one in found}
    assert by_kind["spread"].difference == pytest.approx(by_kind["level"].difference)
    assert by_kind["spread"].leaders == pytest.approx(stats.gmean(values[-6:]))


def test_a_leader_is_never_its_own_leader():
    values = planted()
    row = COUNT - 1
    one = next(own for own in compare(made(planted=values), row, everybody()) if own.subject == "planted")
    assert one.leading == 5
    assert one.leaders == pytest.approx(values[-6:-1].mean())


def test_five_others_at_least_on_either_side():
    values = planted()
    values[-2:] = np.nan  # four leaders left
    assert "planted" not in {own.subject for own in compare(made(planted=values), 0, everybody())}
    few = planted()
    few[5:-6] = np.nan  # five others: four without oneself
    assert "planted" not in {own.subject for own in compare(made(planted=few), 0, everybody())}


def test_who_sees_some_leaders_is_not_told_of_the_few_others():
    detailed = np.zeros(COUNT, dtype=bool)
    detailed[0] = True
    assert compare(made(planted=planted()), 0, detailed)[0].subject == "planted"
    detailed[-3:] = True  # three leaders are seen one by one; three are left
    assert compare(made(planted=planted()), 0, detailed) == []
    detailed[-6:] = True
    assert compare(made(planted=planted()), 0, detailed)[0].subject == "planted"


SEEN = st.lists(st.booleans(), min_size=COUNT, max_size=COUNT)


@settings(max_examples=30, deadline=None)
@given(SEEN, st.integers(0, 20))
def test_no_sum_of_one_to_four_hidden_enterprises_comes_out(seen, seed):
    """All pages that a reader may open, added and taken away at will: sums of leaders and of others."""
    detailed, made_ = np.array(seen), made(seed)
    hidden = np.flatnonzero(~detailed)
    told = []
    for row in np.flatnonzero(detailed):
        for one in compare(made_, int(row), detailed)[:1]:
            group = made_.group_of(int(row))
            for side in (group.leaders, group.members & ~group.leaders):
                chosen = side & (np.arange(COUNT) != row)
                told.append(chosen[hidden].astype(float))
            assert one.leading >= FEWEST
    if not told or not len(hidden):
        return
    basis = np.unique(np.array(told), axis=0)
    basis = basis[basis.any(axis=1)]
    # Sides are disjoint and alike for every page: their sums are all that there is.
    for first, second in combinations(basis, 2):
        assert not (first * second).any()
    assert all(row.sum() >= FEWEST for row in basis)


def test_management_items_are_practices():
    levels = np.array([2] * 24 + [4, 4, 5, 4, 5, 4])
    items = {"qms": levels}
    found = compare(practices(register(FTQ, items=items), {}), 3, everybody())
    assert [(one.kind, one.subject, one.own) for one in found] == [("item", "qms", 2.0)]
    assert found[0].leaders == pytest.approx(26 / 6)


def test_equal_values_do_not_break_it():
    assert compare(practices(register(FTQ), {("level", "flat"): np.full(COUNT, 3.0)}), 0, everybody()) == []
    steps = np.r_[np.zeros(24), np.ones(6)]
    (one,) = compare(practices(register(FTQ), {("actions_done", ""): steps}), 0, everybody())
    assert one.apart
    assert (one.low, one.high) == pytest.approx((one.difference, one.difference))


def test_nobody_is_compared_without_a_group():
    few = practices(register(np.linspace(0.5, 0.9, 10)), {("level", "x"): np.arange(10.0)})
    assert compare(few, 0, np.ones(10, dtype=bool)) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_ones_are_held_down_as_benjamini_and_hochberg_do(p):
    adjusted = stats.false_discovery_control(p)
    assert _leaders_own([(0.0, value) for value in p]) == [
        bool(value <= 0.1 + 1e-15) for value in adjusted
    ] or any(abs(value - 0.1) < 1e-9 for value in adjusted)


def test_robust_unit_is_the_standard_deviation_of_a_normal_one():
    values = np.random.default_rng(9).normal(5, 2, 20_000)
    assert robust_unit(values) == pytest.approx(2, rel=0.03)
    assert robust_unit(np.r_[values, np.full(200, 1e6)]) == pytest.approx(2, rel=0.05)


def test_chance_alone_seldom_makes_a_leaders_practice():
    """Ten practices of no consequence in each of 60 worlds: fewer than a tenth of worlds name any as theirs,
    up to chance."""
    named = 0
    for seed in range(60):
        rng = np.random.default_rng(1000 + seed)
        columns = {("level", f"x{at}"): rng.normal(size=COUNT) for at in range(10)}
        found = compare(practices(register(FTQ), columns), 0, everybody())
        named += any(one.apart for one in found)
    assert named <= stats.binom.ppf(0.999, 60, 0.1)
