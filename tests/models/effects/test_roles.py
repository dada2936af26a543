"""Which way an arrow points: outcomes taken for levers are found, and nothing else is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.effects.panel import build_panels
from models.effects.roles import directions, rejected, set_aside, suspected_outcomes
from tests.models.effects.panel import Table, simulate


def hidden(table: Table, kind: str | None) -> Table:
    return replace(table, parameters=table.parameters.assign(kind=kind))


@pytest.mark.parametrize("kind", ["actionable", "context", "", None])
def test_an_outcome_is_found_whatever_it_was_called(kind: str | None) -> None:
    table = hidden(simulate(seed=3, reaction=0.8, confounding=0.5).table, kind)
    found = suspected_outcomes(table)
    assert [d.parameter_id for d in found] == ["rework_hours"]
    assert found[0].kind == (kind or "context")
    assert found[0].follows > 0.5 > found[0].p_value


@pytest.mark.parametrize("seed", range(4))
def test_levers_that_answer_bad_periods_and_causes_in_context_are_left_alone(seed: int) -> None:
    table = simulate(seed=seed, reaction=1.5, confounding=1.0).table
    assert suspected_outcomes(table) == []  # rework_hours is called what it is
    evidence = {d.parameter_id: d for d in directions(table)}
    assert set(evidence) == {"lever0", "lever1", "lever2", "lever3", "weather"}


def test_shares_are_those_of_a_process_worked_out_by_hand() -> None:
    """q is AR(1) with innovations of variance 1, z = q + noise of variance 1: half of z's surprise is q's,
    and the past of z adds nothing to either once q is known."""
    frame, parameters = _two_series(lambda q, rng: q + rng.standard_normal(q.shape))
    found = directions(Table(frame, parameters))[0]
    assert found.follows == pytest.approx(0.5, abs=0.04)
    assert found.memory == pytest.approx(0.0, abs=0.02)
    assert found.precedes == pytest.approx(0.0, abs=0.02)
    assert found.suspected


def test_what_runs_ahead_of_quality_is_no_outcome() -> None:
    frame, parameters = _two_series(lambda q, _rng: np.roll(q, -1, axis=0))
    found = directions(Table(frame, parameters))[0]
    assert found.precedes > 0.8
    assert not found.suspected


def _two_series(make) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(5)
    plants, months = 12, 200
    q = np.zeros((months, plants))
    for t in range(1, months):
        q[t] = 0.5 * q[t - 1] + rng.standard_normal(plants)
    z = make(q, rng)
    t, who = np.meshgrid(np.arange(months), np.arange(plants), indexing="ij")
    frame = pd.DataFrame(
        {
            "enterprise_id": [f"E{i}" for i in who.ravel()],
            "product_id": "",
            "frequency": "month",
            "t": t.ravel(),
            "ftq": np.exp(-np.exp(0.2 * q.ravel() - 3)),
            "param.z.last": z.ravel(),
        }
    )
    ids = sorted(set(frame["enterprise_id"]))
    return frame, pd.DataFrame({"enterprise_id": ids, "parameter_id": "z", "kind": "actionable"})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_false_share_is_held_as_scipy_holds_it(p: list[float], share: float) -> None:
    adjusted = false_discovery_control(np.array(p))
    clear = np.abs(adjusted - share) > 1e-9
    assert (rejected(np.array(p), share) == (adjusted <= share))[clear].all()


def test_no_parameters_no_suspects() -> None:
    table = simulate(seed=1).table
    assert suspected_outcomes(replace(table, parameters=table.parameters.iloc[:0])) == []


def test_a_suspect_becomes_neither_lever_nor_control() -> None:
    table = hidden(simulate(seed=3).table, "actionable")
    before, after = (build_panels(t)[0] for t in (table, set_aside(table, suspected_outcomes(table))))
    assert "rework_hours" in before.levers
    assert "rework_hours" not in {*after.levers, *after.surrounding_names}


def test_what_is_called_an_outcome_is_neither_lever_nor_control() -> None:
    panel = build_panels(simulate(seed=3).table)[0]
    assert "rework_hours" not in {*panel.levers, *panel.surrounding_names}


def test_in_a_simulated_province_whose_roles_were_lost_only_the_outcome_is_found() -> None:
    world = World(seed=5, enterprises=12, months=48, sectors=["machining"])
    table = build_model_table(FrameTables(world.tables()))
    lost = Table(table.frame, table.parameters.assign(kind="actionable"))
    assert {d.parameter_id for d in suspected_outcomes(lost)} == {"rework_queue"}
    assert suspected_outcomes(Table(table.frame, table.parameters)) == []
