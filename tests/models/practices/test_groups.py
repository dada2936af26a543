"""Groups part the enterprises; leaders are the best fifth and never fewer than five."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.portfolio.discretion import FEWEST
from models.practices.groups import LEAST_GROUP, groups, placed
from tests.models.practices.hands import register

MANY = st.lists(
    st.tuples(st.sampled_from(["13", "34", "26", ""]), st.sampled_from(["small", "large", "micro"])),
    min_size=1,
    max_size=120,
)


@settings(max_examples=60, deadline=None)
@given(MANY, st.integers(0, 9))
def test_groups_do_not_overlap_and_each_has_leaders_and_others(drawn, seed):
    ftq = np.random.default_rng(seed).permutation(len(drawn)) / (len(drawn) + 1)
    found = groups(register(ftq, [d for d, _ in drawn], [s for _, s in drawn]))
    inside = sum((group.members.astype(int) for group in found), np.zeros(len(drawn), dtype=int))
    assert inside.max(initial=0) <= 1
    for group in found:
        assert group.members.sum() >= LEAST_GROUP
        assert FEWEST <= group.leaders.sum() <= group.members.sum() / 3
        assert not (group.leaders & ~group.members).any()
        assert ftq[group.leaders].min() > ftq[group.members & ~group.leaders].max()
    if len(drawn) >= 4 * LEAST_GROUP:
        assert found  # somebody can be compared


def test_a_size_of_many_is_its_own_group_and_the_rest_another():
    sizes = ["small"] * 30 + ["large"] * 15
    found = groups(register(np.linspace(0.5, 0.9, 45), sizes=sizes))
    assert [(g.division, g.size, int(g.members.sum()), int(g.leaders.sum())) for g in found] == [
        ("34", "small", 30, 6),
        ("34", "", 15, 5),
    ]


def test_too_few_have_no_group():
    assert groups(register(np.linspace(0.5, 0.9, 14))) == []


def test_who_has_fewer_than_three_indicators_is_not_placed():
    made = register(np.linspace(0.5, 0.9, 20))
    everything = made.value
    made.value = lambda name: (
        everything(name) if name in {"ftq", "cpk"} else np.where(np.arange(20) < 3, np.nan, everything(name))
    )
    assert np.isnan(placed(made)[:3]).all()
    assert np.isfinite(placed(made)[3:]).all()


def test_place_is_the_mean_of_scores_with_more_always_better():
    found = placed(register([0.7, 0.9, 0.8, 0.6, 0.5]))
    assert list(np.argsort(found)) == [4, 3, 0, 2, 1]
    assert found.sum() == pytest.approx(0)
