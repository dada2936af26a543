"""LightGBM learns what ridge left over, and its contributions are exact."""

from __future__ import annotations

import numpy as np

from models.forecast import booster
from models.shap_plots import tree_explainer


def _leftover(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(n, 5))
    x[rng.random((n, 5)) < 0.05] = np.nan
    step = np.where(np.nan_to_num(x[:, 0]) > 0, 1.0, -1.0)
    return x, step[:, None] + 0.5 * rng.normal(size=(n, 3))


def test_a_step_is_learned() -> None:
    x, leftover = _leftover()
    model = booster.fit(booster.dataset(x), leftover, seed=1, threads=1)
    assert model is not None
    assert np.corrcoef(model.predict(x), leftover.mean(axis=1))[0, 1] > 0.8


def test_too_few_rows_boost_nothing() -> None:
    x, leftover = _leftover(100)
    assert booster.fit(booster.dataset(x), leftover, seed=1, threads=1) is None


def test_contributions_equal_shap_and_add_up() -> None:
    x, leftover = _leftover()
    model = booster.fit(booster.dataset(x), leftover, seed=1, threads=1)
    assert model is not None
    ours = booster.contributions(model, x)
    np.testing.assert_allclose(ours[:, :-1], tree_explainer(model, x), atol=1e-9)
    np.testing.assert_allclose(ours.sum(axis=1), model.predict(x), atol=1e-9)


def test_same_seed_same_trees() -> None:
    x, leftover = _leftover()
    texts = {booster.fit(booster.dataset(x), leftover, seed=1, threads=1).model_to_string() for _ in range(2)}
    assert len(texts) == 1


def test_every_horizon_belongs_to_one_group() -> None:
    assert sorted(h for group in booster.HORIZON_GROUPS for h in group) == list(range(1, 13))
