"""Lines drawn to their sector, and the sector to zero."""

import numpy as np
import pytest

from models.effects.estimate import pooled_effects
from models.effects.pooling import between_lines, shrunk_lines, size_of_effects
from tests.models.effects.residuals import plain

LINES, ROWS = 40, 60


def drawn(seed: int, spread: float, lines: int = LINES):
    """(residuals of one lever and one surrounding, the lines' own effects of the lever)."""
    rng = np.random.default_rng(seed)
    own = 0.3 + spread * rng.standard_normal(lines)
    d = rng.standard_normal((lines * ROWS, 2))
    y = own.repeat(ROWS) * d[:, 0] + 0.2 * d[:, 1] + rng.standard_normal(len(d))
    return plain(y, d, lines=lines, surroundings=1), own


def test_lines_are_drawn_to_their_sector_and_keep_their_own_difference() -> None:
    r, truth = drawn(0, spread=0.2)
    found = shrunk_lines(r, pooled_effects(r)).theta[:, 0]
    alone = np.array(
        [np.linalg.lstsq(r.d[r.who == i], r.y[r.who == i], rcond=None)[0][0] for i in range(LINES)]
    )
    assert np.corrcoef(found, truth)[0, 1] > 0.7
    assert found.std() < alone.std()
    assert np.abs(found - truth).mean() < min(
        np.abs(alone - truth).mean(), 0.8 * np.abs(truth - truth.mean()).mean()
    )


def test_one_lines_posterior_is_the_textbook_one() -> None:
    """Precision-weighted mean of own data and sector, element by element where columns do not overlap."""
    r, _ = drawn(1, spread=0.2)
    pooled = pooled_effects(r)
    lines = shrunk_lines(r, pooled)
    omega = np.diag(lines.omega2)
    centre = omega @ np.linalg.inv(pooled.covariance + omega) @ pooled.theta
    rows = r.who == 3
    x, y = r.d[rows], r.y[rows]
    # ridge about the sector: unit noise variance, prior variance τ²
    wide = np.vstack([x, np.diag(lines.tau2**-0.5)])
    answer = np.linalg.lstsq(wide, np.concatenate([y, centre / np.sqrt(lines.tau2)]), rcond=None)[0]
    np.testing.assert_allclose(lines.theta[3], answer, rtol=1e-6)


@pytest.mark.parametrize("spread", [0.1, 0.3])
def test_the_spread_between_lines_is_found_again(spread: float) -> None:
    """Half by moments, half in proportion to the effect's size: with one lever both are its own τ²."""
    found = []
    for seed in range(10):
        r, _ = drawn(seed, spread)
        found.append(between_lines(r, pooled_effects(r))[0])
    # the proportional half is cut at the squared effect
    expected = (spread**2 + min(spread**2, 0.09)) / 2
    assert np.mean(found) == pytest.approx(expected, rel=0.35)


def test_surroundings_do_not_vary_by_line() -> None:
    r, _ = drawn(2, spread=0.2)
    theta = shrunk_lines(r, pooled_effects(r)).theta
    assert np.ptp(theta[:, 1]) < 1e-3
    assert np.ptp(theta[:, 0]) > 0.1


def test_a_line_without_data_gets_its_sectors_effect_and_a_wider_doubt() -> None:
    r, _ = drawn(3, spread=0.2)
    silent = r.who == 5
    r.d[silent], r.y[silent] = 0.0, 0.0
    pooled = pooled_effects(r)
    lines = shrunk_lines(r, pooled)
    others = np.arange(LINES) != 5
    assert lines.theta[5, 0] == pytest.approx(pooled.theta[0], rel=0.1)
    assert lines.covariance[5, 0, 0] > lines.covariance[others, 0, 0].max()
    assert lines.covariance[5, 0, 0] > lines.tau2[0]


def test_effects_of_nothing_are_drawn_to_nothing() -> None:
    rng = np.random.default_rng(4)
    d = rng.standard_normal((600, 6))
    r = plain(rng.standard_normal(600), d)
    pooled = pooled_effects(r)
    centre = shrunk_lines(r, pooled).theta.mean(axis=0)
    assert np.abs(centre).max() < 0.6 * np.abs(pooled.theta).max()
    assert size_of_effects(r, pooled)[0] < float((pooled.theta**2).mean())
