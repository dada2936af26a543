"""Mixture weights: past errors only, sums of one, and the best simple baseline where nothing helps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.forecast.baselines import BASES
from models.forecast.links import Link
from models.forecast.mixture import COMPONENTS, combine
from models.learning.stack import Evidence, default_weights, learn_weights, mixtures

IDENTITY = Link("log", offset=1e-9)


def _evidence(ridge_error: float, base_error: float, seed: int = 0, n: int = 400) -> Evidence:
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(n, 1)) + 0.1 * rng.normal(size=(n, 12))
    bases = truth[:, [0]] + rng.normal(size=(n, len(BASES))) * 2
    bases[:, BASES.index("mean")] = truth.mean(axis=1) + base_error * rng.normal(size=n)
    return Evidence(
        IDENTITY,
        bases,
        truth + ridge_error * rng.normal(size=(n, 12)),
        np.zeros((n, 12)),
        np.exp(truth),
        np.arange(n)[:, None] // 10 + np.arange(1, 13),
        columns=100,
    )


def test_every_mixture_is_an_average() -> None:
    weights = mixtures()
    np.testing.assert_allclose(weights[:, :-1].sum(axis=1), 1.0)
    assert (weights >= 0).all()
    assert (weights[:, -1] <= weights[:, -2]).all()


def test_a_good_ridge_gets_the_weight() -> None:
    weights = learn_weights(_evidence(0.05, 2.0), until=100)
    assert weights[:, COMPONENTS.index("ridge")].min() > 0.9


def test_a_useless_ridge_is_shrunk_to_the_best_baseline() -> None:
    weights = learn_weights(_evidence(2.0, 0.1), until=100)
    assert weights[:, COMPONENTS.index("ridge")].max() < 0.2
    assert weights[:, COMPONENTS.index("mean")].min() > 0.8


def test_nothing_later_than_until_is_looked_at() -> None:
    early = _evidence(0.05, 3.0)
    actual = np.where(early.arrival > 20, 1e6, early.actual)
    spoilt = replace(early, actual=actual)
    np.testing.assert_array_equal(learn_weights(early, 20), learn_weights(spoilt, 20))


def test_no_evidence_gives_the_default() -> None:
    np.testing.assert_array_equal(learn_weights(_evidence(1.0, 1.0), until=0), default_weights(0.0))


def test_combine_is_the_weighted_sum() -> None:
    rng = np.random.default_rng(1)
    weights, bases = rng.random((12, len(COMPONENTS))), rng.normal(size=(3, len(BASES)))
    ridge, boost = rng.normal(size=(3, 12)), rng.normal(size=(3, 12))
    by_hand = [
        sum(weights[h, j] * bases[i, j] for j in range(len(BASES)))
        + weights[h, -2] * ridge[i, h]
        + weights[h, -1] * boost[i, h]
        for i, h in [(2, 7), (0, 11)]
    ]
    mixed = combine(weights, bases, ridge, boost)
    assert [mixed[2, 7], mixed[0, 11]] == pytest.approx(by_hand)
