"""No peer looks ahead: whatever comes after the origin, its answer stays the same to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from models.learning.calibrate import judge
from models.learning.rolling import Settings, run_panel
from models.peers import PEERS
from models.peers.cells import model_answer
from models.peers.question import Question
from tests.models.peers.panels import START, asked, panel_of, wandering

ORIGIN = 30
LIBRARIES = {name: peer.needs for name, peer in PEERS.items() if peer.needs}
FAST = [name for name in PEERS if name not in {"ridge", "arima"}]  # ridge is a part of our own run, below


def question(values):
    cause = np.array(list(values.values())).ravel()
    return asked(panel_of(values, np.nan_to_num(cause)), ORIGIN)


@pytest.mark.parametrize("name", FAST)
def test_the_future_changes_nothing(name):
    if name in LIBRARIES:
        pytest.importorskip(LIBRARIES[name])
    values = wandering(8, plants=4)
    rng = np.random.default_rng(9)
    otherwise = {
        plant: [*y[: ORIGIN + 1], *rng.uniform(0.1, 0.9, len(y) - ORIGIN - 1)] for plant, y in values.items()
    }
    first, second = (PEERS[name].ask(question(v)) for v in (values, otherwise))
    np.testing.assert_array_equal(first.point, second.point)
    np.testing.assert_array_equal(first.quantiles, second.quantiles)


@pytest.mark.parametrize("name", ["naive", "ewma3", "ets_plain"])
def test_the_last_known_period_does_change_it(name):
    if name in LIBRARIES:
        pytest.importorskip(LIBRARIES[name])
    values = wandering(8, plants=2)
    later = {plant: [*y[:ORIGIN], 0.2, *y[ORIGIN + 1 :]] for plant, y in values.items()}
    first, second = (PEERS[name].ask(question(v)) for v in (values, later))
    assert (first.point != second.point).any()


def ours(values):
    """Our answer and our ridge's at the origin, of yields in 1024ths, so that sums are exact in any order."""
    exact = {plant: list(np.round(np.array(y) * 1024) / 1024) for plant, y in values.items()}
    cause = np.nan_to_num(np.array(list(exact.values())).ravel())
    run = run_panel(panel_of(exact, cause), Settings(refits=2))
    asked_of = Question(run, "ftq", np.flatnonzero(run.panel.t - START == ORIGIN))
    return model_answer(judge(run, "ftq"), asked_of), PEERS["ridge"].ask(asked_of)


def test_neither_do_we():
    values = wandering(8, plants=6)
    rng = np.random.default_rng(9)
    after = len(values["E0"]) - ORIGIN - 1
    otherwise = {plant: [*y[: ORIGIN + 1], *rng.uniform(0.1, 0.9, after)] for plant, y in values.items()}
    for first, second in zip(ours(values), ours(otherwise), strict=True):
        np.testing.assert_allclose(first.point, second.point, rtol=1e-12)
        np.testing.assert_allclose(first.quantiles, second.quantiles, rtol=1e-12)
