"""Counts: Laney's correction against its formula, on plain and on overdispersed lots."""

import numpy as np
import pytest
from scipy import stats

from features.control_charts.attributes import Counts, c, laney, np_, overdispersion, p, u
from features.control_charts.series import Series


def simulated(spread, seed=0, lots=60, processes=40):
    """Return lots of very different size whose true share moves by `spread` (a share of itself)."""
    rng = np.random.default_rng(seed)
    size = rng.integers(2_000, 50_000, (processes, lots))
    share = 0.02 * np.clip(1 + spread * rng.normal(size=size.shape), 0.01, None)
    return Counts.of(*zip(rng.binomial(size, share), size, strict=True))


def test_laney_is_his_formula():
    counts = simulated(0.1, processes=3)
    plain = p(counts, counts.rate())
    widened, sigma_z = laney(plain, most=1.0)
    for own in range(3):
        mine = counts.events.owner == own
        x, n = counts.events.values[mine], counts.size[mine]
        centre = x.sum() / n.sum()
        error = np.sqrt(centre * (1 - centre) / n)
        z = (x / n - centre) / error
        ratio = np.abs(np.diff(z)).mean() / 1.1283791670955126
        assert sigma_z[own] == pytest.approx(ratio, rel=1e-12)
        np.testing.assert_allclose(widened.ucl[mine], np.minimum(centre + 3 * error * ratio, 1), rtol=1e-12)
        np.testing.assert_allclose(widened.lcl[mine], np.maximum(centre - 3 * error * ratio, 0), rtol=1e-12)


def test_laney_changes_nothing_where_chance_alone_rules():
    counts = simulated(0.0)
    plain = p(counts, counts.rate())
    _, sigma_z = laney(plain, most=1.0)
    assert sigma_z.mean() == pytest.approx(1, abs=0.03)
    assert plain.beyond.mean() == pytest.approx(0.0027, abs=0.003)
    assert overdispersion(plain).min() > 0.001


def test_lots_that_differ_are_called_so_and_no_longer_alarm():
    counts = simulated(0.25)
    plain = p(counts, counts.rate())
    widened, sigma_z = laney(plain, most=1.0)
    assert plain.beyond.mean() > 0.2
    assert (overdispersion(plain) < 1e-6).all()
    assert (sigma_z > 2).all()
    assert widened.beyond.mean() < 0.02


def test_overdispersion_is_the_chi_square_of_the_dispersion():
    counts = simulated(0.01, processes=1)
    x, n = counts.events.values, counts.size
    table = np.stack([x, n - x])
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert overdispersion(p(counts, counts.rate()))[0] == pytest.approx(expected, rel=1e-9)


def test_overdispersion_cries_wolf_as_often_as_it_says():
    counts = simulated(0.0, seed=4, processes=400)
    chance = overdispersion(p(counts, counts.rate()))
    assert (chance < 0.05).mean() == pytest.approx(0.05, abs=0.03)


def test_u_prime_widens_defects_per_unit():
    rng = np.random.default_rng(2)
    size = rng.integers(50, 500, 80)
    counts = Counts.of((rng.poisson(size * 3 * np.exp(0.3 * rng.normal(size=80))), size))
    plain = u(counts, counts.rate())
    widened, sigma_z = laney(plain)
    np.testing.assert_allclose(
        widened.ucl - widened.centre, (plain.ucl - plain.centre) * sigma_z[0], rtol=1e-12
    )
    assert sigma_z[0] > 2


@pytest.mark.parametrize("events", [[], [0], [0, 0, 0], [5, 5, 5]])
def test_counts_without_spread_have_no_limits(events):
    """No event at all, or nothing but events: the count cannot vary, so it says nothing about limits."""
    counts = Counts.of((events, 5))
    for lines in (p(counts, counts.rate()), np_(counts, counts.rate())):
        assert np.isnan(lines.ucl).all()
        assert not lines.beyond.any()
    if not any(events):
        for lines in (u(counts, counts.rate()), c(counts, counts.rate())):
            assert np.isnan(lines.ucl).all()


def test_only_equal_lots_make_a_c_chart():
    counts = Counts(Series.of([3, 5, 4], [3, 5, 4]), np.array([10.0, 10, 10, 10, 10, 20]))
    lines = c(counts, counts.rate())
    assert np.isfinite(lines.ucl[:3]).all()
    assert np.isnan(lines.ucl[3:]).all()
