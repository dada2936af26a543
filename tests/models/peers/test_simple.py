"""Peers that carry one number forward, against the definition written out one row at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.peers import PEERS
from models.peers.own_errors import FEWEST, row_quantiles
from models.peers.question import LEVELS
from tests.models.peers.panels import asked, panel_of, wandering

MONTHS = 40
SERIES = st.lists(st.one_of(st.just(float("nan")), st.floats(0.01, 0.99)), min_size=MONTHS, max_size=MONTHS)


def known(values: list[float], origin: int) -> list[tuple[int, float]]:
    return [(t, y) for t, y in enumerate(values[: origin + 1]) if not np.isnan(y)]


def by_hand(name: str, values: list[float], origin: int, horizon: int) -> float:
    past = known(values, origin)
    if name == "naive":
        return past[-1][1]
    if name == "mean":
        return sum(y for _, y in past) / len(past)
    if name == "snaive":
        seasons = [y for t, y in past if (origin + horizon - t) % 12 == 0]
        return seasons[-1] if seasons else past[-1][1]
    half = float(name.removeprefix("ewma"))
    weights = [0.5 ** ((origin - t) / half) for t, _ in past]
    return sum(w * y for w, (_, y) in zip(weights, past, strict=True)) / sum(weights)


@pytest.mark.parametrize("name", ["naive", "snaive", "ewma3", "ewma12", "mean"])
@settings(max_examples=20)
@given(first=SERIES, second=SERIES)
def test_the_definition_whatever_is_missing(name, first, second):
    values = {"A": [0.5, *first[1:]], "B": [0.25, *second[1:]]}
    answer = PEERS[name].ask(asked(panel_of(values), 3, 29))
    expected = [[by_hand(name, values[p], o, h) for h in range(1, 13)] for p in "AB" for o in (3, 29)]
    np.testing.assert_allclose(answer.point, expected, rtol=1e-9)


def test_before_any_value_there_is_no_answer():
    values = {"A": [float("nan")] * 5 + [0.5] * 20, "B": [0.6] * 25}
    answer = PEERS["naive"].ask(asked(panel_of(values), 3))
    assert np.isnan(answer.point[0]).all()
    assert (answer.point[1] == 0.6).all()


def test_quantiles_are_the_point_and_the_own_past_errors():
    values, origin, h = wandering(3, missing=0.0), 30, 4
    answer = PEERS["naive"].ask(asked(panel_of(values), origin))
    series = np.array(values["E2"])
    errors = [series[s + h] - series[s] for s in range(origin - h + 1)]
    expected = np.clip(series[origin] + np.quantile(errors, LEVELS), 0.0, 1.0)
    np.testing.assert_allclose(answer.quantiles[2, h - 1], expected)


def test_an_entity_that_knows_too_few_errors_takes_the_panels():
    values = wandering(4, plants=3, missing=0.0)
    origin, h = FEWEST + 1, 5  # fewer than FEWEST errors had come
    answer = PEERS["naive"].ask(asked(panel_of(values), origin))
    errors = [y[s + h] - y[s] for y in values.values() for s in range(origin - h + 1)]
    expected = np.clip(values["E1"][origin] + np.quantile(errors, LEVELS), 0.0, 1.0)
    np.testing.assert_allclose(answer.quantiles[1, h - 1], expected)


@given(rows=st.lists(st.lists(st.one_of(st.just(float("nan")), st.floats(-9, 9)), min_size=6, max_size=6)))
def test_quantiles_of_rows_with_gaps(rows):
    values = np.array(rows).reshape(-1, 6)
    for row, found in zip(values, row_quantiles(values), strict=True):
        own = row[np.isfinite(row)]
        expected = np.quantile(own, LEVELS) if len(own) else np.full(19, np.nan)
        np.testing.assert_allclose(found, expected, atol=1e-12)
