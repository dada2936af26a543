"""The shape of errors: its likelihood against SciPy's normal, and what it finds in series that were made."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from models.verdicts.errors import Shape, _deviance, fit_shape

SHAPE = Shape(phi=0.7, noise=0.4, season=0.1, slope=0.05)


def series(shape, lines, periods, seed=0, scale=0.2):
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(shape.covariance(np.arange(float(periods))))
    return scale * rng.standard_normal((lines, periods)) @ root.T + rng.standard_normal((lines, 1))


def restricted(y, covariance):
    """Minus the restricted log-likelihood at the best scale, from contrasts orthogonal to the level."""
    n = len(y)
    contrast = np.linalg.svd(np.ones((1, n)))[2][1:]
    z, inner = contrast @ y, contrast @ covariance @ contrast.T
    scale = z @ np.linalg.solve(inner, z) / (n - 1)
    return -multivariate_normal(np.zeros(n - 1), scale * inner).logpdf(z)


def test_the_likelihood_is_that_of_contrasts():
    """Differences of shapes agree with the density of contrasts (Harville 1974), missing months and all."""
    y = series(SHAPE, 3, 24)
    y[0, 5:8] = np.nan
    shapes = SHAPE, Shape(phi=0.3, noise=1.0, season=0.3, slope=0.01)
    t = np.arange(24.0)
    ours = [_deviance(s.covariance(t), y, np.isfinite(y)) for s in shapes]
    theirs = [
        sum(restricted(row[k], s.covariance(t[k])) for row, k in ((r, np.isfinite(r)) for r in y))
        for s in shapes
    ]
    assert ours[0] - ours[1] == pytest.approx(theirs[0] - theirs[1], rel=1e-4)


def test_persistence_is_found_where_there_is_some():
    slow = fit_shape(series(Shape(0.9, 0.1, 0.02, 0.01), 16, 72))
    fast = fit_shape(series(Shape(0.2, 0.1, 0.02, 0.01), 16, 72))
    assert slow.phi > 0.75
    assert fast.phi < 0.45


def test_too_little_gives_the_shape_that_was_assumed():
    assert fit_shape(np.full((3, 20), np.nan)) == fit_shape(np.zeros((0, 20)))
