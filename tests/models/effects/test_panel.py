"""From the model table to arrays."""

from dataclasses import replace

import numpy as np
import pytest

from models.effects.panel import EVERYWHERE, FEWEST_FAILING, build_panels, sector_of
from tests.models.effects.panel import STEPS_OF, Table, simulate, simulate_steps


def test_outcome_parameters_are_neither_levers_nor_surroundings() -> None:
    panel = build_panels(simulate(enterprises=3, months=24).table)[0]
    assert panel.levers == ("lever0", "lever1", "lever2", "lever3")
    assert panel.surrounding_names == ("weather",)


def test_an_outcome_of_one_plant_is_an_outcome_of_its_sector() -> None:
    table = simulate(enterprises=3, months=24).table
    kinds = table.parameters.kind.mask(
        (table.parameters.parameter_id == "rework_hours") & (table.parameters.enterprise_id != "E01"),
        "actionable",
    )
    panel = build_panels(replace(table, parameters=table.parameters.assign(kind=kinds)))[0]
    assert "rework_hours" not in {*panel.levers, *panel.surrounding_names}


def test_sectors_are_divisions_of_the_industry_code() -> None:
    assert [sector_of(c) for c in ("C3670", "3670", None, "")] == ["36", "36", "", ""]
    panels = build_panels(simulate(enterprises=5, months=24, sectors=2).table)
    assert [(p.sector, p.enterprises) for p in panels] == [
        ("33", ("E00", "E02", "E04")),
        ("34", ("E01", "E03")),
    ]


def test_steps_are_links_of_their_yields_and_their_counting_variance_is_simulated() -> None:
    table = simulate_steps(seed=1, enterprises=3, months=40)
    panel = build_panels(table)[0]
    share = table.frame["q.process.2"].to_numpy().reshape(3, 40)
    np.testing.assert_allclose(panel.steps[:, 1], np.log(-np.log(share)))
    rng, usual = np.random.default_rng(2), float(1 - share[0].mean())
    drawn = np.log(-np.log(1 - rng.binomial(5000, usual, 20_000) / 5000))
    assert panel.counting[0, 1, 0] == pytest.approx(drawn.var(), rel=0.1)
    assert panel.counting.max() <= 1 / FEWEST_FAILING


def test_without_steps_the_whole_yield_is_the_first() -> None:
    panel = build_panels(simulate(enterprises=2, months=24).table)[0]
    assert panel.steps.shape == (2, 1, 24)
    np.testing.assert_array_equal(panel.steps[:, 0], panel.outcomes["ftq"])


def test_a_lever_stands_at_the_step_that_it_names() -> None:
    table = simulate_steps(enterprises=2, months=24)
    panel = build_panels(table)[0]
    named = [STEPS_OF[p] for p in panel.levers]
    np.testing.assert_array_equal(panel.place, [[EVERYWHERE if s is None else s - 1 for s in named]] * 2)
    unnamed = build_panels(replace(table, parameters=table.parameters.drop(columns="step")))[0]
    assert (unnamed.place == EVERYWHERE).all()


def test_the_longest_lead_that_a_plant_names_counts() -> None:
    table = simulate(enterprises=2, months=24).table
    late = (table.parameters.parameter_id == "lever1") & (table.parameters.enterprise_id == "E01")
    leads = table.parameters.lead_periods.mask(late, 2)
    panel = build_panels(replace(table, parameters=table.parameters.assign(lead_periods=leads)))[0]
    np.testing.assert_array_equal(panel.lead, [0, 2, 0, 0])


def test_a_level_carried_forward_is_no_reading_and_gaps_stay_gaps() -> None:
    table = simulate(enterprises=1, months=24).table
    frame = table.frame.copy()
    frame["param.lever0.sd"] = 0.3
    frame.loc[5, "param.lever0.last"] = frame.loc[4, "param.lever0.last"]
    frame.loc[5, "param.lever0.sd"] = np.nan
    panel = build_panels(Table(frame.drop(index=10), table.parameters))[0]
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(panel.levels[0, 0])), [5, 10])
    assert panel.spread[0, 0] == pytest.approx(0.3)


def test_a_lever_that_a_plant_may_not_move_has_no_levels_there() -> None:
    table = simulate(enterprises=2, months=24).table
    other = (table.parameters.parameter_id == "lever0") & (table.parameters.enterprise_id == "E01")
    parameters = table.parameters.assign(kind=table.parameters.kind.mask(other, "context"))
    panel = build_panels(Table(table.frame, parameters))[0]
    assert np.isfinite(panel.levels[0, 0]).all()
    assert np.isnan(panel.levels[1, 0]).all()


def test_the_escape_share_is_what_comes_back_of_what_failed() -> None:
    table = simulate_steps(enterprises=2, months=24)
    panel = build_panels(table)[0]
    frame = table.frame
    share = np.log(frame["ppm"]) - np.log(-np.log(frame["ftq"]))
    np.testing.assert_allclose(panel.outcomes["escape"], share.to_numpy().reshape(2, 24))
    usual = frame["q.nonconforming"].to_numpy().reshape(2, 24).mean(axis=1)
    np.testing.assert_allclose(panel.escape_counting, np.repeat(1 / usual[:, None], 24, axis=1))
