"""Two levers that do more together than each alone."""

import numpy as np
import pytest

from models.effects.pairs import PRICE, with_pairs
from tests.models.effects.residuals import plain


def crossing(seed: int, strength: float):
    rng = np.random.default_rng(seed)
    d = rng.standard_normal((600, 3))
    levers = np.array([[0, 1], [0, 2], [1, 2]])
    tried = np.array([d[:, a] * d[:, b] for a, b in levers]).T
    y = d @ [0.3, -0.2, 0.0] + strength * tried[:, 1] + rng.standard_normal(600)
    return y, d, tried, levers


def test_a_planted_product_is_kept_and_nothing_else() -> None:
    for seed in range(10):
        y, d, tried, levers = crossing(seed, 0.4)
        columns, responses = with_pairs(y, d, tried, levers, plain(y, d).responses)
        assert responses.pairs[0].tolist() == [0, 2]
        assert responses.lever[3] == -2
        np.testing.assert_allclose(columns[:, 3], tried[:, 1] / responses.size[3])
        assert (columns[:, 3] ** 2).mean() == pytest.approx(1.0)


def test_products_of_nothing_seldom_stay() -> None:
    kept = 0
    for seed in range(60):
        y, d, tried, levers = crossing(seed, 0.0)
        kept += len(with_pairs(y, d, tried, levers, plain(y, d).responses)[1].pairs)
    assert kept <= 2  # 180 products at p = 0.0005


def test_a_product_stays_from_the_chi_square_that_least_squares_gives() -> None:
    """Rise of the residual sum without the product, over the residual variance, is what PRICE is held to."""
    y, d, tried, levers = crossing(3, 0.15)

    def left(x: np.ndarray) -> float:
        return float(((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2).sum())

    gains = [(left(d) - left(np.column_stack([d, p]))) / (left(d) / len(y)) for p in tried.T]
    kept = with_pairs(y, d, tried, levers, plain(y, d).responses)[1].pairs
    assert (len(kept) > 0) == (max(gains) >= PRICE)
    lonely = tried[:, [int(np.argmin(gains))]]
    assert min(gains) < PRICE
    assert not len(with_pairs(y, d, lonely, levers[:1], plain(y, d).responses)[1].pairs)


def test_what_two_moves_add_is_the_difference_of_products_about_the_usual_places() -> None:
    y, d, tried, levers = crossing(1, 0.5)
    responses = with_pairs(y, d, tried, levers, plain(y, d).responses)[1]
    ends = np.array([[0.5, 1.5], [-1.0, 2.0]])
    for pair in ((0, 2), (2, 0)):
        added = responses.joint(pair, ends, 0)
        assert added[3] == pytest.approx((1.5 * 2.0 - 0.5 * -1.0) / responses.size[3])
        np.testing.assert_array_equal(added[:3], 0.0)
    np.testing.assert_array_equal(responses.joint((0, 1), ends, 0), 0.0)
