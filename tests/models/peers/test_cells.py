"""Ours is scored here as in our own backtest: the same cells, the same errors, the same CRPS."""

from __future__ import annotations

import numpy as np

from models.learning.calibrate import judge
from models.learning.scoring import backtest_table, errors_by_time
from models.peers import PEERS
from models.peers.cells import Plan, asked_rows, asked_times, model_answer, scored, thinned
from models.peers.question import Question
from models.peers.table import BANDS, summary

ALL = 10_000


def test_with_every_origin_the_cells_are_those_of_the_backtest(run):
    judged = judge(run, "ftq")
    question = Question(run, "ftq", asked_rows(run, "ftq", asked_times(run, ALL)))
    answers = {"model": model_answer(judged, question), "ridge": PEERS["ridge"].ask(question)}
    cells = scored(question, answers).groupby("horizon")
    table = backtest_table(errors_by_time(run, judged)).set_index("horizon")
    assert (cells.size() == table["n"]).all()
    for column, ours in {"ae.model": "mae_model", "ae.ridge": "mae_ridge", "crps.model": "crps"}.items():
        np.testing.assert_allclose(cells[column].mean(), table[ours], rtol=1e-9)
    np.testing.assert_allclose(cells["inside.model"].mean(), table["coverage_90"])


def test_origins_are_spread_and_end_before_the_end(run):
    times = asked_times(run, 4)
    every = asked_times(run, ALL)
    assert len(times) == 4
    assert (times[0], times[-1]) == (every[0], every[-1])
    assert np.ptp(np.diff(times)) <= 1
    assert times[-1] < run.panel.t.max()
    assert run.block[np.isin(run.panel.t, times)].min() >= 1


def test_a_slow_peer_is_asked_of_some_entities_alone(run):
    question = Question(run, "ftq", asked_rows(run, "ftq", asked_times(run, 3)))
    whole, some = PEERS["naive"].ask(question), thinned(PEERS["naive"].ask, question, 3)
    asked = run.panel.entity[question.rows] % 3 == 0
    np.testing.assert_array_equal(some.point[asked], whole.point[asked])
    assert np.isnan(some.point[~asked]).all()
    answers = {"model": model_answer(judge(run, "ftq"), question), "naive": some}
    cells = scored(question, answers).assign(world=0)
    rows = {(row["band"], row["peer"]): row for row in summary(cells)}
    assert set(rows) == {(band, peer) for band in BANDS for peer in answers}
    assert 0 < rows["1", "naive"]["n"] < rows["1", "model"]["n"]


def test_a_plan_asks_little_unless_told(run):
    plan = Plan({})
    assert len(asked_times(run, plan.origins)) == plan.origins
    assert plan.thin > 1
