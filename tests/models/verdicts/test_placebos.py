"""Placebos on lines that were made: intervals that cover, p-values that are spread, donors that are clean."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.verdicts.errors import Shape
from models.verdicts.lines import Lines
from models.verdicts.placebos import Group, Pool, Window, combined, side_by_side


def made(seed, lines=14, periods=60, shared=0.3):
    """Lines with a shock that all share, autocorrelated errors and different scales."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(Shape(0.7, 0.3, 0.05, 0.01).covariance(np.arange(float(periods))))
    own = rng.uniform(0.1, 0.3, (lines, 1)) * (rng.standard_normal((lines, periods)) @ root.T)
    common = shared * rng.standard_normal(periods) @ root.T
    names = tuple(f"E{i:02d}" for i in range(lines))
    flat = np.zeros(lines)
    return Lines("ftq", "month", "34", names, 24_000, own + common - 3, flat, np.ones((lines, periods)))


@pytest.fixture(scope="module")
def judged():
    """(estimate, half-width, p-value, share) of windows with nothing in them, over several worlds."""
    found = []
    for seed in range(5):
        group = Group(made(seed), {})
        pool = group.pool(2, 12)
        for line in range(14):
            one = group.estimate(Window.of(line, 36, 37, 49))
            estimate, sd = combined(one, pool.share, pool.scale)
            found.append((estimate, pool.quantile(0.9) * sd, pool.p_value(abs(estimate) / sd), pool.share))
    return np.array(found)


def test_intervals_cover_where_nothing_was_done(judged):
    estimate, half, _, _ = judged.T
    assert 0.8 <= np.mean(np.abs(estimate) <= half) <= 0.99


def test_p_values_are_spread(judged):
    p = judged[:, 2]
    assert 0.02 <= np.mean(p <= 0.2) <= 0.35
    assert 0.35 <= p.mean() <= 0.65


def test_like_lines_count_where_they_share_shocks(judged):
    assert judged[:, 3].mean() > 0.6
    alone = Group(made(3, shared=0.0), {}).pool(2, 12).share
    assert alone < 0.4


def test_a_planted_step_is_found_whole_by_both_ways():
    lines = made(2)
    window = Window.of(4, 36, 38, 50)
    before = Group(lines, {}).estimate(window)
    own = lines.links[4].copy()
    own[38:] -= 0.5
    after = Group(lines, {}).estimate(window, own)
    assert after.alone.estimate == pytest.approx(before.alone.estimate - 0.5)
    assert after.beside.estimate == pytest.approx(before.beside.estimate - 0.5)


def test_donors_that_acted_themselves_are_left_out():
    events = {3: ((40, 42),), 5: ((10, 12),), 6: ((58, 59),), 7: ((20, 26),)}
    found = Group(made(1), events).estimate(Window.of(0, 36, 37, 49))
    assert {0, 3, 7}.isdisjoint(found.donors)
    assert {5, 6} <= set(found.donors)


def test_few_lines_stand_alone():
    found = Group(made(1, lines=3), {}).estimate(Window.of(0, 36, 37, 49))
    assert found.beside is None


def test_too_little_before_is_not_estimated():
    lines = made(1)
    lines.links[0, :31] = np.nan
    group = Group(lines, {})
    assert group.estimate(Window.of(0, 36, 37, 49)) is None
    assert group.estimate(Window.of(1, 36, 37, 49)) is not None


windows = st.builds(lambda line, at, length: Window.of(line, at, at + 1, at + 1 + length),
                    st.integers(0, 3), st.integers(0, 30), st.integers(1, 9))  # fmt: skip


@given(st.lists(windows, max_size=12))
def test_side_by_side_is_the_most_that_fit(found):
    """Against every subset."""
    spans = [(w.line, w.start, w.end) for w in found]
    best = 0
    for chosen in range(1 << len(spans)):
        kept = sorted(s for i, s in enumerate(spans) if chosen >> i & 1)
        apart = all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(kept))
        best = max(best, len(kept) if apart else 0)
    assert side_by_side(found) == best


def test_ranks_count_only_what_stands_apart():
    pool = Pool(0.0, (1.0, 0.0), np.arange(100.0), (1.0, np.nan), apart=9)
    assert pool.quantile(0.9) == 99.0
    assert pool.p_value(1000.0) == pytest.approx(1 / 10)
    assert Pool(0.0, (1.0, 0.0), np.arange(100.0), (1.0, np.nan), apart=8).quantile(0.9) == np.inf
