"""What advice quotes from the records: costs by category, names of processes, costs of actions, standing."""

import numpy as np
import pandas as pd
import pytest

from features.simulator import World
from features.tables import FrameTables
from models.recommend.records import records_of
from models.recommend.standing import standing


def months(first, count):
    return [str(p) for p in pd.period_range(first, periods=count, freq="M")]


@pytest.fixture(scope="module")
def tables():
    """One plant: fifteen months of scrap, rework in the last two, claims in four; an action and its twin."""
    costs = [("scrap", p, 100.0 + i) for i, p in enumerate(months("2024-01", 15))]
    costs += [("rework", p, 10.0) for p in months("2025-02", 2)]
    costs += [("claims", p, 7.0) for p in months("2024-12", 4)]
    return FrameTables(
        {
            "enterprises": pd.DataFrame({"enterprise_id": ["E1"]}),
            "quality_costs": pd.DataFrame(costs, columns=["category", "period", "amount"]).assign(
                enterprise_id="E1", product_id=""
            ),
            "processes": pd.DataFrame(
                {
                    "enterprise_id": "E1",
                    "product_id": ["P1", "P2"],
                    "process_id": "20",
                    "seq": [1, 1],
                    "name": [None, "热处理"],
                }
            ),
            "actions": pd.DataFrame(
                {
                    "action_id": ["A1", "A2", "A3"],
                    "enterprise_id": "E1",
                    "title": "炉温",
                    "parameter_id": ["heat", "heat", None],
                    "started_on": pd.to_datetime(["2024-03-01", "2025-03-20", "2024-01-01"]).date,
                    "cost": [5000.0, 9000.0, 1.0],
                    "status": "done",
                }
            ),
        }
    )


def test_costs_are_those_of_the_last_twelve_statements_of_each_side(tables):
    found = records_of(tables).costs["E1"]
    assert found.amounts == {
        ("internal", "scrap"): sum(100.0 + i for i in range(3, 15)),
        ("internal", "rework"): 20.0,
        ("external", "claims"): 28.0,
    }
    assert found.months == 4


def test_a_cut_off_is_kept(tables):
    found = records_of(tables, "2024-12")
    assert found.costs["E1"].amounts["internal", "scrap"] == sum(100.0 + i for i in range(12))
    assert found.costs["E1"].amounts["external", "claims"] == 7.0
    assert found.one_off == {("E1", "heat"): 5000.0}


def test_names_and_the_latest_action(tables):
    found = records_of(tables)
    assert found.processes == {("E1", "20"): "热处理"}
    assert found.one_off == {("E1", "heat"): 9000.0}


def test_standing_is_the_official_state_and_months_without_a_model():
    tables = FrameTables(World(seed=5, enterprises=3, months=20).tables())
    here = standing(tables)
    assert set(here.rows) == {"E0001", "E0002", "E0003"}
    for enterprise, row in here.rows.items():
        assert here.paths(enterprise, "ftq") is None
        known, state = here.window(enterprise), here.states[row]
        assert len(known) == 1
        if state.status["sigma"] == "measured":
            ppm = 1e6 * np.nansum(known.bad) / np.nansum(known.units)
            assert ppm == pytest.approx(state.values["sigma"])  # noqa: PD011 - a dict


def test_standing_of_one_and_of_nobody():
    tables = FrameTables(World(seed=5, enterprises=3, months=20).tables())
    assert set(standing(tables, ["E0002"]).rows) == {"E0002"}
    assert standing(FrameTables({})) is None
