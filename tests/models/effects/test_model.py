"""The effect model as a whole: what it refuses, and whether it is right about a simulated province."""

from dataclasses import replace

import numpy as np
import pytest

from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.effects import EffectModel, TooLittle, fit_effects, readings_per_period
from tests.models.effects.panel import Table, simulate, simulate_steps


def lacks(table: Table) -> TooLittle:
    model = fit_effects(table, targets=("ftq",))
    assert not model.effects
    return model.gaps[0]


def test_too_little_is_said_and_not_estimated() -> None:
    short = lacks(simulate(enterprises=1, months=12).table)
    assert short.code == "few_periods"
    assert "12 periods" in short.reason
    table = simulate(enterprises=2, months=24).table
    assert lacks(replace(table, parameters=table.parameters.assign(kind="context"))).code == "no_readings"
    many = simulate(enterprises=1, months=24, effects=(0.0,) * 12)
    assert lacks(many.table).code == "too_many_levers"


def test_an_enterprise_or_lever_without_effects_is_a_key_error() -> None:
    model = fit_effects(simulate(enterprises=4, months=30).table, targets=("ftq",))
    with pytest.raises(KeyError, match="nowhere"):
        model.together("nowhere", {"lever0": (1.0, 2.0)})
    with pytest.raises(KeyError, match="weather"):
        model.together("E00", {"lever0": (10.0, 9.0), "weather": (0.0, 1.0)})


def test_every_gap_and_effect_has_its_sector_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    table = simulate(enterprises=6, months=30, sectors=2).table
    model = fit_effects(table, targets=("ftq", "internal_loss"), progress=lambda *at: told.append(at))
    assert told == [(1, 2), (2, 2)]
    assert {(e.panel.sector, e.target) for e in model.effects} == {
        (sector, target) for sector in ("33", "34") for target in ("ftq", "internal_loss")
    }
    assert set(model.of(model.panels[0])) == {"ftq", "internal_loss"}


def test_periods_count_readings_beside_outcomes() -> None:
    table = simulate_steps(enterprises=4, months=30)
    frame = table.frame.copy()
    frame.loc[frame.index[:3], ["ftq", "q.process.1", "q.process.2"]] = np.nan
    frame.loc[frame.index[5:7], "param.first.last"] = np.nan
    e = fit_effects(replace(table, frame=frame), targets=("ftq",)).effects[0]
    first, second = e.panel.levers.index("first"), e.panel.levers.index("second")
    assert (e.periods[0, first], e.periods[0, second], e.periods[1, first]) == (25, 27, 30)


def test_the_same_records_give_the_same_effects_whatever_their_order() -> None:
    table = simulate(enterprises=5, months=30).table
    mixed = Table(*(x.sample(frac=1, random_state=1) for x in (table.frame, table.parameters)))
    one, other = (fit_effects(t, targets=("ftq",)).effects[0] for t in (table, mixed))
    np.testing.assert_array_equal(one.lines.theta, other.lines.theta)
    np.testing.assert_array_equal(one.refuters.placebo, other.refuters.placebo)


@pytest.fixture(scope="module")
def province() -> tuple[World, EffectModel]:
    world = World(seed=5, enterprises=24, months=60, sectors=["machining"])
    tables = FrameTables(world.tables())
    return world, fit_effects(build_model_table(tables), readings_per_period(tables))


def usual_moves(world: World, model: EffectModel, role: str, target: str) -> np.ndarray:
    """Rows (estimated, its standard error, true) of one standard unit of each lever of a role, no optima."""
    e = next(x for x in model.effects if x.target == target)
    rows = []
    for j, name in enumerate(e.panel.levers):
        known = [v for v in world.truth if v.parameter_id == name]
        if known[0].role != role or known[0].shape == "optimum":
            continue
        centre, scale = e.responses.centre[j], e.responses.scale[j]
        c = e.contrast(j, centre - scale / 2, centre + scale / 2)
        true = scale * np.mean([v.sensitivity for v in known])
        rows.append([c @ e.pooled.theta, np.sqrt(c @ e.pooled.covariance @ c), true])
    return np.array(rows)


def test_causes_of_a_province_are_found(province: tuple[World, EffectModel]) -> None:
    found, error, true = usual_moves(*province, "cause", "ftq").T
    clear = np.abs(found) > 2 * error
    assert clear.sum() >= 4
    assert (np.sign(found[clear]) == np.sign(true[clear])).mean() >= 0.95
    assert np.corrcoef(found, true)[0, 1] ** 2 > 0.7
    assert (found @ true) / (true @ true) == pytest.approx(1.0, abs=0.35)


def test_checks_of_a_province_act_on_what_escapes_and_placebos_on_nothing(province) -> None:
    found, error, true = usual_moves(*province, "detection", "escape").T
    assert (np.sign(found) == np.sign(true)).all()
    assert (np.abs(found) > 3 * error).all()
    found, error, _ = usual_moves(*province, "placebo", "ftq").T
    assert (np.abs(found) < 2.6 * error).all()


def test_a_best_place_is_seen_as_a_curve(province: tuple[World, EffectModel]) -> None:
    world, model = province
    e = next(x for x in model.effects if x.target == "ftq")
    seen = [
        np.any(e.responses.bend[e.responses.lever == j] > 0)
        for j, name in enumerate(e.panel.levers)
        if next(v for v in world.truth if v.parameter_id == name).shape == "optimum"
    ]
    assert seen
    assert all(seen)
