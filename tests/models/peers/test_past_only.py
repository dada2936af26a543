"""No peer looks ahead: whatever comes after the origin, its answer stays the same to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from models.peers import PEERS
from tests.models.peers.panels import asked, panel_of, wandering

ORIGIN = 30
LIBRARIES = {name: peer.needs for name, peer in PEERS.items() if peer.needs}
FAST = [name for name in PEERS if name not in {"ridge", "arima"}]  # ridge is a part of our own run


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
