"""Peers that learn from all entities: they learn what there is to learn, and answer where they can."""

from __future__ import annotations

import numpy as np
import pytest

from models.peers import PEERS
from models.peers.machine import SHORTEST
from models.peers.question import Question
from tests.models.peers.panels import asked, panel_of, wandering


def test_ridge_is_the_products_own(run):
    rows = np.flatnonzero(run.block == 1)[:5]
    answer = PEERS["ridge"].ask(Question(run, "ftq", rows))
    expected = run.design.links["ftq"].inverse(run.runs["ftq"].ridge[rows])
    np.testing.assert_allclose(answer.point, expected)


def test_lightgbm_learns_a_cause_that_no_history_shows():
    rng = np.random.default_rng(0)
    cause = rng.normal(size=(10, 48))
    yields = 0.9 + 0.02 * np.roll(np.sign(cause), 1, axis=1)
    values = {f"E{i}": list(y) for i, y in enumerate(yields)}
    question = asked(panel_of(values, cause.ravel()), 40)
    learned, mean = (PEERS[name].ask(question).point[:, 0] for name in ("lightgbm", "mean"))
    truth = yields[:, 41]
    assert np.abs(learned - truth).mean() < 0.3 * np.abs(mean - truth).mean()


def test_mlforecast_answers_all_and_has_intervals_where_the_series_is_long_enough():
    pytest.importorskip("mlforecast", reason="the extra `peers` is not installed")
    values = wandering(7, plants=5, months=48)
    late = 40 - SHORTEST + 2  # one value too few for its intervals
    values["E4"] = [float("nan")] * late + values["E4"][late:-1] + [0.9]
    values["E4"][late] = 0.9
    answer = PEERS["mlforecast"].ask(asked(panel_of(values), 40))
    assert np.isfinite(answer.point).all()
    assert (np.diff(answer.quantiles[:4], axis=2) >= 0).all()
    width = answer.quantiles[:, :, -1] - answer.quantiles[:, :, 0]
    assert (width[:4] > 0).all()
    assert np.isnan(answer.quantiles[4]).all()
