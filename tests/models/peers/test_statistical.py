"""statsforecast, really run: what our peers answer is what the library says of the same series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.peers import PEERS
from models.peers.statistical import filled
from tests.models.peers.panels import START, asked, panel_of, wandering

pytest.importorskip("statsforecast", reason="the extra `peers` is not installed")
ORIGIN = 30


def told_by_the_library(model, values: list[float], level: int) -> pd.DataFrame:
    from statsforecast import StatsForecast

    series = pd.Series(values[: ORIGIN + 1]).ffill()
    frame = pd.DataFrame({"unique_id": "one", "ds": np.arange(len(series)), "y": series})
    return StatsForecast(models=[model], freq=1).forecast(df=frame, h=12, level=[level])


@pytest.mark.filterwarnings("ignore:The copy keyword")
@pytest.mark.parametrize(
    ("peer", "name", "season"),
    [("ets_plain", "AutoETS", 1), ("ets", "AutoETS", 12), ("theta", "AutoTheta", 12)],
)
def test_a_peer_says_what_the_library_says(peer, name, season):
    from statsforecast import models

    values = wandering(5, plants=2)
    answer = PEERS[peer].ask(asked(panel_of(values), ORIGIN))
    expected = told_by_the_library(getattr(models, name)(season_length=season), values["E1"], 90)
    np.testing.assert_allclose(answer.point[1], np.clip(expected[name], 0, 1), rtol=1e-9)
    for place, end in ((0, "lo"), (-1, "hi")):
        bound = np.clip(expected[f"{name}-{end}-90"], 0, 1)
        np.testing.assert_allclose(answer.quantiles[1, :, place], bound, rtol=1e-9)
    if peer != "theta":  # its intervals are simulated, and need not lie about its point
        np.testing.assert_allclose(answer.quantiles[1, :, 9], answer.point[1])
    assert (np.diff(answer.quantiles, axis=2) >= 0).all()


@pytest.mark.timeout(120)
def test_arima_answers_a_short_series():
    answer = PEERS["arima"].ask(asked(panel_of(wandering(6, plants=1, months=22)), 18))
    assert np.isfinite(answer.point).all()
    assert np.isfinite(answer.quantiles).all()


def test_a_constant_stays_what_it_is_and_a_single_value_is_carried_on():
    values = {"A": [0.9] * 40, "B": [float("nan")] * 29 + [0.7, 0.8] + [0.6] * 9}
    answer = PEERS["ets_plain"].ask(asked(panel_of(values), 29))
    np.testing.assert_allclose(answer.point[0], 0.9, atol=1e-6)
    np.testing.assert_allclose(answer.point[1], 0.7)


def test_gaps_hold_the_value_before_and_nothing_after_the_origin_is_fed():
    gap = float("nan")
    values = {"A": [gap, 0.5, gap, 0.7, gap, 0.9, 0.1], "B": [0.4] * 7}
    fed = filled(asked(panel_of(values), 4), START + 4)
    assert fed[fed["unique_id"] == 0]["y"].tolist() == [0.5, 0.5, 0.7, 0.7]
    assert fed[fed["unique_id"] == 0]["ds"].tolist() == [START + 1, START + 2, START + 3, START + 4]
    assert fed[fed["unique_id"] == 1]["y"].tolist() == [0.4] * 5
