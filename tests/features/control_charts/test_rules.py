"""Run rules: each against a plain reading of its sentence, window by window, and how often they cry wolf."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.control_charts.lines import Lines
from features.control_charts.rules import RULES, signals
from features.control_charts.series import Series
from features.control_charts.sigma import Standard
from features.control_charts.variables import individuals

SETS = ("western_electric", "nelson", "shewhart")


def same_side(z, needed, zone):
    """At least `needed` of these points beyond `zone` on the side of the last one."""
    sides = [[value > zone for value in z], [value < -zone for value in z]]
    return [side for side in sides if side[-1] and sum(side) >= needed]


def everyone(z):
    return [[True] * len(z)]


def one_side(z):
    return everyone(z) if all(v > 0 for v in z) or all(v < 0 for v in z) else []


def trend(x):
    rises = [b - a for a, b in itertools.pairwise(x)]
    return everyone(x) if all(r > 0 for r in rises) or all(r < 0 for r in rises) else []


def alternating(x):
    rises = [b - a for a, b in itertools.pairwise(x)]
    return everyone(x) if all(a * b < 0 for a, b in itertools.pairwise(rises)) else []


def mixture(z):
    return everyone(z) if all(abs(v) > 1 for v in z) and max(z) > 1 and min(z) < -1 else []


# name → (length of the window, may it be shorter at the start, which points of a window form the pattern)
SENTENCES = {
    "beyond_limits": (1, False, lambda z: everyone(z) if abs(z[0]) > 3 else []),
    "two_of_three_beyond_2": (3, True, lambda z: same_side(z, 2, 2)),
    "four_of_five_beyond_1": (5, True, lambda z: same_side(z, 4, 1)),
    "seven_on_one_side": (7, False, one_side),
    "eight_on_one_side": (8, False, one_side),
    "nine_on_one_side": (9, False, one_side),
    "six_rising_or_falling": (6, False, trend),
    "fourteen_alternating": (14, False, alternating),
    "fifteen_within_1": (15, False, lambda z: everyone(z) if all(abs(v) <= 1 for v in z) else []),
    "eight_beyond_1_both_sides": (8, False, mixture),
}


def brute(z, name):
    length, partial, patterns = SENTENCES[name]
    completes, members = [False] * len(z), [False] * len(z)
    for last in range(len(z)):
        window = z[max(0, last + 1 - length) : last + 1]
        if len(window) < length and not partial:
            continue
        for pattern in patterns(window):
            completes[last] = True
            for offset, part in enumerate(pattern):
                members[last + 1 - len(pattern) + offset] |= part
    return completes, members


def unit_lines(*series):
    count = len(series)
    return individuals(Series.of(*series), Standard(np.zeros(count), np.ones(count)))


LEVELS = st.sampled_from([step / 2 for step in range(-7, 8)] * 2 + [np.nan])
RUNS = st.lists(st.tuples(LEVELS, st.integers(1, 9)), max_size=8).map(
    lambda runs: [level for level, times in runs for _ in range(times)]
)
ZIGZAGS = st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=25).map(
    lambda steps: [s / 10 * (1 if i % 2 or keep else -1) for i, (s, keep) in enumerate(steps)]
)
SLOPES = st.lists(st.sampled_from([-0.3, 0.2, 0.2, 0.2, 0.2, 0.0]), max_size=25).map(
    lambda steps: [float(v) for v in np.cumsum(steps)]
)
ONE = st.one_of(st.lists(LEVELS, max_size=30), RUNS, ZIGZAGS, SLOPES)


@pytest.mark.parametrize("rule_set", SETS)
@given(st.lists(ONE, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_every_rule_is_its_sentence(rule_set, series):
    found = signals(unit_lines(*series), rule_set)
    for column, rule in enumerate(found.rules):
        expected = [brute(z, rule.name) for z in series]
        assert [flag for completes, _ in expected for flag in completes] == found.completes[
            :, column
        ].tolist()
        assert [flag for _, members in expected for flag in members] == found.members[:, column].tolist()


@pytest.mark.parametrize("rule_set", SETS)
def test_every_rule_on_noise_with_trouble_and_with_missing_points(rule_set):
    """Long series in which every rule fires, compared point by point."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(12, 120))
    noise[1:3, 40:] += 1.2
    noise[3] = np.cumsum(noise[3]) * 0.3
    noise[4] *= 0.4
    noise[5] = np.where(np.arange(120) % 2, 1.5, -1.5) + noise[5] * 0.1
    noise[6] = np.repeat([1.4, -1.5], 60) + noise[6] * 0.2
    noise[6, ::3] *= -1
    found = signals(unit_lines(*noise), rule_set)
    assert found.completes.any(axis=0).all()
    for column, rule in enumerate(found.rules):
        expected = [brute(list(z), rule.name) for z in noise]
        assert (found.completes[:, column] == np.concatenate([one for one, _ in expected])).all(), rule.name
        assert (found.members[:, column] == np.concatenate([one for _, one in expected])).all(), rule.name


def test_a_point_without_a_number_breaks_a_run_and_is_never_marked():
    z = [1.5] * 5 + [np.nan] + [0.5] * 5
    found = signals(unit_lines(z), "western_electric")
    assert not found.completes[:, 3].any()
    assert not found.completes[5].any()
    assert not found.members[5].any()


def test_the_end_of_one_series_is_not_the_start_of_the_next():
    found = signals(unit_lines([0.5] * 7, [0.5] * 7, [2.5], [2.5]), "western_electric")
    assert not found.completes.any()


def test_zones_follow_limits_that_vary():
    """The same distance in standard errors signals the same way, whatever the subgroup size."""
    z = np.array([0.1, 2.2, 2.4, -0.3, 3.2])
    error = np.array([1.0, 0.5, 0.25, 2.0, 0.1])
    series = Series.of(7 + z * error)
    centre = np.full(5, 7.0)
    lines = Lines(series, centre, centre - 3 * error, centre + 3 * error, error)
    assert (signals(lines, "nelson").completes == signals(unit_lines(z), "nelson").completes).all()


def test_numbers_and_names_of_the_rules():
    assert [rule.number for rule in RULES["nelson"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [rule.number for rule in RULES["western_electric"]] == [1, 2, 3, 4]
    assert [rule.window for rule in RULES["nelson"]] == [1, 9, 6, 14, 3, 5, 15, 8]
    assert RULES["none"] == ()


@pytest.mark.parametrize(("rule_set", "expected"), [("nelson", 0.76), ("western_electric", 0.67)])
def test_how_often_rules_signal_on_100_stable_points(rule_set, expected):
    """Why "some rule fired" is no gate: most stable series signal at least once."""
    series, n = 6_000, 100
    values = np.random.default_rng(7).normal(size=series * n)
    lines = individuals(
        Series(values, np.repeat(np.arange(series), n), series), Standard(np.zeros(series), np.ones(series))
    )
    hit = signals(lines, rule_set).completes.any(axis=1).reshape(series, n).any(axis=1)
    assert hit.mean() == pytest.approx(expected, abs=0.02)


def test_rule_one_alone_signals_as_the_normal_tail_says():
    values = np.random.default_rng(8).normal(size=400_000)
    assert unit_lines(values).beyond.mean() == pytest.approx(0.0027, abs=0.0004)
