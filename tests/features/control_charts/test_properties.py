"""What must hold for any data: unit and origin, order of characteristics, and data that say nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.control_charts.chart import about
from features.control_charts.lines import Width, WidthError
from features.control_charts.measured import autocorrelated, measured, tally
from features.control_charts.memory import cusum, ewma
from features.control_charts.rules import signals
from features.control_charts.series import Series
from features.control_charts.sigma import Standard, from_individuals
from features.control_charts.variables import individuals, xbar

VALUE = st.integers(-40, 40).map(float)
GROUPED = st.lists(st.lists(VALUE, min_size=1, max_size=6), max_size=30)
MANY = st.lists(GROUPED, min_size=1, max_size=5)


def lines_of(charts):
    return [
        getattr(lines, name) for lines in (charts.level, charts.spread) for name in ("centre", "lcl", "ucl")
    ]


@given(
    MANY, st.sampled_from([0.25, 4.0, 1024.0]), st.sampled_from([-512.0, 0.0, 64.0]), st.sampled_from("RS")
)
@settings(deadline=None)
def test_unit_and_origin_do_not_matter(lay_out, many, scale, origin, spread):
    moved = [[[scale * v + origin for v in group] for group in one] for one in many]
    one, other = (measured(lay_out(data), spread) for data in (many, moved))
    size = scale * 100 + abs(origin)
    for a, b, shift in zip(lines_of(one), lines_of(other), [origin] * 3 + [0] * 3, strict=True):
        np.testing.assert_allclose(a * scale + shift, b, atol=1e-10 * size)
    np.testing.assert_allclose(one.level.z, other.level.z, atol=1e-9, rtol=1e-7)


@given(MANY, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_characteristics_does_not_matter(lay_out, many, random):
    order = list(range(len(many)))
    random.shuffle(order)
    one, other = measured(lay_out(many)), measured(lay_out([many[own] for own in order]))
    for place, own in enumerate(order):
        mine, theirs = one.units.characteristic == own, other.units.characteristic == place
        for a, b in zip(lines_of(one), lines_of(other), strict=True):
            np.testing.assert_allclose(a[mine], b[theirs], rtol=1e-9, atol=1e-9)


@given(MANY)
@settings(deadline=None)
def test_together_is_the_same_as_one_by_one(lay_out, many):
    together = measured(lay_out(many))
    found = signals(together.level, "nelson")
    at = 0
    for one in many:
        alone = measured(lay_out([one]))
        rows = slice(at, at + len(alone.units.size))
        for a, b in zip(lines_of(together), lines_of(alone), strict=True):
            np.testing.assert_allclose(a[rows], b, rtol=1e-9, atol=1e-9)
        at = rows.stop
    assert len(found.completes) == at


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ([], "no_points"),
        ([[5.0]], "too_few"),
        ([[5.0, 6.0]], "few_points"),
        ([[0.1 + 0.2]] * 30, "no_spread"),
        ([[0.1 + 0.2, 0.3]] * 30, None),
        ([[7.0, 7.0]] * 30, "no_spread"),
        ([[5.0], [6.0]], "few_points"),
    ],
    ids=["none", "one", "one subgroup", "constant", "rounding", "constant subgroups", "two"],
)
def test_what_cannot_be_charted_says_why(lay_out, groups, reason):
    charts = measured(lay_out([groups]))
    notes = about(charts.level, np.ones(len(charts.units.size), dtype=bool))
    assert [note.code for note in notes] == ([reason] if reason else [])
    if reason in ("no_points", "too_few", "no_spread"):
        assert np.isnan(charts.level.ucl).all()
        assert not charts.level.beyond.any()
        assert not signals(charts.level, "nelson").completes[:, [0, 1, 4, 5, 6, 7]].any()


def test_no_baseline_no_limits(lay_out):
    charts = measured(lay_out([[[1.0], [2.0], [3.0]]]), baseline=np.zeros(3, dtype=bool))
    assert np.isnan(charts.level.ucl).all()
    assert about(charts.level, np.zeros(3, dtype=bool))[0].code == "too_few"


def test_new_points_do_not_move_the_limits(lay_out):
    rng = np.random.default_rng(0)
    trial, new = rng.normal(10, 1, (25, 4)), rng.normal(14, 1, (10, 4))
    alone = measured(lay_out([trial]))
    both = measured(lay_out([np.concatenate([trial, new])]), baseline=np.arange(35) < 25)
    for a, b in zip(lines_of(alone), lines_of(both), strict=True):
        np.testing.assert_array_equal(a, b[:25])
        np.testing.assert_array_equal(b[25:], np.full(10, a[0]))
    assert both.level.beyond[25:].all()


def test_a_given_standard_is_used_as_it_is(lay_out):
    samples = lay_out([np.random.default_rng(1).normal(10, 1, (5, 4))])
    lines = measured(samples, given=Standard(np.array([10.0]), np.array([2.0]))).level
    assert (lines.lcl[0], lines.centre[0], lines.ucl[0]) == (7.0, 10.0, 13.0)


def test_neighbours_that_are_alike_are_called_so(lay_out):
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(40, 200))
    alike = np.empty_like(noise)
    alike[:, 0] = noise[:, 0]
    for at in range(1, 200):
        alike[:, at] = 0.8 * alike[:, at - 1] + 0.6 * noise[:, at]
    for values, expected in ((noise, 0), (alike, 40)):
        samples = lay_out([row[:, None] for row in values])
        found = autocorrelated(samples, samples.units)
        assert np.isfinite(found).sum() == pytest.approx(expected, abs=1)
    assert np.nanmean(found) == pytest.approx(0.8, abs=0.07)


def test_a_tally_counts_what_the_charts_show(lay_out):
    rng = np.random.default_rng(3)
    samples = lay_out([rng.normal(size=(50, 4)), rng.normal(size=(60, 1)), np.zeros((0, 1))])
    charts = measured(samples)
    found = tally(charts, "nelson")
    marks = signals(charts.level, "nelson").completes.any(axis=1)
    owner = charts.level.series.owner
    assert found.points.tolist() == [50, 60, 0]
    assert found.signalling.tolist() == [marks[owner == own].sum() for own in range(3)]


@pytest.mark.parametrize(
    "width", [Width(0.0), Width(-1.0), Width(np.inf), Width(np.nan), Width(3, 0.0), Width(3, 1.5)]
)
def test_a_width_that_is_none_is_refused(width, lay_out):
    groups = lay_out([[[1.0, 2.0]]]).groups
    with pytest.raises(WidthError, match="allowed"):
        xbar(groups, Standard(np.zeros(1), np.ones(1)), width)


def test_individuals_pass_over_missing_values():
    whole, gap = Series.of([1.0, 2.0, 4.0, 3.0]), Series.of([1.0, np.nan, 2.0, 4.0, 3.0])
    one, other = (from_individuals(series) for series in (whole, gap))
    assert one.sigma[0] == other.sigma[0]
    lines = individuals(gap, other)
    assert np.isfinite(lines.ucl).all()
    assert not lines.beyond[1]


ENDS = [0.0, 1.0, -1.0, 3.3, 1e150, 1e300, -1e300, 1e308, 5e-324, 1e-300]
EXTREME = st.lists(st.sampled_from(ENDS), max_size=9)


@given(st.lists(EXTREME, min_size=1, max_size=3), st.sampled_from("RS"))
@settings(deadline=None)
def test_numbers_at_the_ends_of_a_double_are_charted_without_a_warning(lay_out, many, spread):
    """Warnings are errors here: what outgrows a double becomes NaN or infinite quietly."""
    samples = lay_out([[one[at : at + 2] for at in range(0, len(one), 2)] for one in many])
    charts = measured(samples, spread)
    assert tally(charts, "nelson").points.sum() == len(charts.units.size)
    sizes = charts.units.size.astype(float)
    assert len(ewma(charts.level.series, sizes, charts.standard).ucl) == len(sizes)
    assert len(cusum(charts.level.series, charts.standard.centre, charts.level.error).upper.ucl) == len(sizes)
    assert len(autocorrelated(samples, samples.units)) == len(many)
