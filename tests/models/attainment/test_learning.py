"""What training learns about levels, on a small world."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from models.attainment import attain, fit_levels, level_paths
from models.attainment.learning import past_cases
from models.attainment.level_model import LevelModel


@pytest.fixture(scope="module")
def learned(trained) -> dict:
    return fit_levels(*trained)


def test_what_is_learned_is_json_and_the_same_again(trained, learned) -> None:
    assert json.loads(json.dumps(learned)) == learned
    assert fit_levels(*trained) == learned
    assert LevelModel.from_dict(learned).to_dict() == learned


def test_cases_are_out_of_sample_and_of_the_past(trained) -> None:
    cases = past_cases(*trained)
    assert cases is not None
    assert set(cases.ahead.tolist()) <= {3, 6, 9, 12}
    assert cases.came.min() >= 1
    assert cases.came.max() <= 5
    assert (np.diff(cases.share, axis=1) <= 0).all()


def test_nothing_forecast_by_the_month_teaches_nothing(trained) -> None:
    assert fit_levels(trained.tables, trained.table, replace(trained.fitted, points={})) == {}


def test_the_learned_model_still_answers_probabilities(trained, learned) -> None:
    model = replace(trained.fitted.model, levels=learned)
    for row in attain(trained.tables, model, table=trained.table):
        assert sum(row.probabilities.values()) == pytest.approx(1.0)
        for level in range(2, 6):
            assert row.held_for_three[str(level)] <= row.reached_by[str(level)] + 1e-12
            assert row.reached_by[str(level)] >= row.at_least(level) - 1e-12


def test_counts_of_a_group_come_from_joint_paths(trained, learned) -> None:
    model = replace(trained.fitted.model, levels=learned)
    found = level_paths(trained.tables, model, trained.table)
    rows = [r for r in attain(trained.tables, model, table=trained.table) if r.basis == "window"]
    expected = sum(
        row.reached_by["3"]
        for row in rows
        if row.horizon == 12 and found.now[found.enterprise_ids.index(row.enterprise_id)] < 3
    )
    counts = found.newly_reached(3)
    assert counts[:, 11].mean() == pytest.approx(expected)
    assert (np.diff(counts, axis=1) >= 0).all()
    alone = level_paths(trained.tables, model, trained.table, management=False)
    assert (alone.levels >= found.levels).all()
