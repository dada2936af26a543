"""What effects carry further, and what several moves do at once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.effects import EffectModel, SectorEffects, fit_effects
from models.effects.sector import MISFIT, UNTOLD, doubt, step_shares
from models.effects.whole import acts_on, means, together
from tests.models.effects.panel import EFFECTS_OF, bare_panel, simulate_steps

PLANT = 3


@pytest.fixture(scope="module")
def fitted() -> EffectModel:
    return fit_effects(simulate_steps(seed=1, enterprises=24, months=72, spill=0.4))


@pytest.fixture(scope="module")
def effects(fitted: EffectModel) -> dict[str, SectorEffects]:
    return fitted.of(fitted.panels[0])


def lever(effects: dict[str, SectorEffects], name: str) -> int:
    return effects["ftq"].panel.levers.index(name)


def test_what_a_step_passes_on_is_found_again(effects: dict[str, SectorEffects]) -> None:
    assert effects["ftq"].spill == pytest.approx(0.4, abs=0.12)
    alone = fit_effects(simulate_steps(seed=2, enterprises=24, months=72, spill=0.0), targets=("ftq",))
    assert alone.effects[0].spill < 0.12


def test_the_escape_share_follows_failures_where_it_does() -> None:
    """Three levers through much noise: drawn to zero, but told apart."""
    follows = []
    for planted in (0.0, 0.8):
        table = simulate_steps(seed=3, enterprises=24, months=72, follows=planted, luck=1.5)
        follows.append(next(e.follows for e in fit_effects(table).effects if e.target == "escape"))
    assert follows[0] < 0.1
    assert follows[0] + 0.12 < follows[1] < 1.0


def test_one_move_does_what_the_plant_was_built_to_do(effects: dict[str, SectorEffects]) -> None:
    """Log of the sum over steps of failures, the second step getting its part of the first's effect."""
    shares = effects["ftq"].shares[PLANT]
    for name, steps in {
        "first": np.array([1.0, 0.4]) * EFFECTS_OF["first"],
        "second": np.array([0.0, 1.0]) * EFFECTS_OF["second"],
        "anywhere": np.array([1.0, 1.0]) * EFFECTS_OF["anywhere"],
    }.items():
        found = together(effects, PLANT, {lever(effects, name): (10.0, 9.0)}).failing
        truth = float(np.log(shares @ np.exp(-steps)))
        assert found.mean == pytest.approx(truth, abs=0.06)
        assert abs(found.mean - truth) < 2.6 * found.sd


def test_a_check_catches_and_prevents_nothing(effects: dict[str, SectorEffects]) -> None:
    check = lever(effects, "check")
    assert acts_on(effects, PLANT, check) == (False, True)
    assert acts_on(effects, PLANT, lever(effects, "first"))[0]
    done = together(effects, PLANT, {check: (10.0, 11.0)})
    assert done.failing.mean == 0.0
    assert done.escape.mean == pytest.approx(-0.4, abs=0.06)
    alone = {"ftq": effects["ftq"]}
    assert acts_on(alone, PLANT, check) == (True, False)
    assert together(alone, PLANT, {check: (10.0, 11.0)}).escape.mean == 0.0


@settings(max_examples=25, deadline=None)
@given(
    st.floats(8, 12), st.floats(8, 12), st.integers(0, 23), st.sampled_from(["first", "second", "anywhere"])
)
def test_one_move_together_is_that_move_alone(effects, before, after, plant, name) -> None:
    j = lever(effects, name)
    one, change = (
        together(effects, plant, {j: (before, after)}).failing,
        effects["ftq"].change(plant, j, before, after),
    )
    assert one.mean == pytest.approx(change.mean, abs=1e-12)
    assert one.sd == pytest.approx(change.sd, abs=1e-12)
    failing, escape = means(effects, plant, j, before, np.array([after]))
    assert failing[0] == pytest.approx(one.mean, abs=1e-12)
    assert escape[0] == pytest.approx(together(effects, plant, {j: (before, after)}).escape.mean, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(8, 12), min_size=8, max_size=8), st.permutations(range(4)))
def test_the_order_of_moves_does_not_matter_and_steps_add_on_their_own_links(effects, places, order) -> None:
    moves = {j: (places[2 * j], places[2 * j + 1]) for j in range(4)}
    e = effects["ftq"]
    one, other = together(effects, PLANT, moves), together(effects, PLANT, {j: moves[j] for j in order})
    for part in ("failing", "escape"):
        assert getattr(one, part).mean == pytest.approx(getattr(other, part).mean)
        assert getattr(one, part).sd == pytest.approx(getattr(other, part).sd)
    np.testing.assert_allclose(one.arrival, other.arrival)
    steps = np.zeros(2)
    for j, (before, after) in moves.items():
        if acts_on(effects, PLANT, j)[0]:
            steps += e.weights(PLANT, j) * e.effect(PLANT, j, before, after)
    assert one.failing.mean == pytest.approx(float(np.log(e.shares[PLANT] @ np.exp(steps))))


def test_on_the_yield_several_moves_are_not_their_sum(effects: dict[str, SectorEffects]) -> None:
    first, second = lever(effects, "first"), lever(effects, "second")
    moves = {first: (11.0, 9.0), second: (9.0, 11.0)}
    both = together(effects, PLANT, moves).failing.mean
    each = [together(effects, PLANT, {j: m}).failing.mean for j, m in moves.items()]
    assert both < min(each) < 0
    assert abs(both - sum(each)) > 0.01


def test_arrivals_are_weighed_by_what_arrives(effects: dict[str, SectorEffects]) -> None:
    e = effects["ftq"]
    first, second = lever(effects, "first"), lever(effects, "second")
    late = replace(e, responses=replace(e.responses, lead=np.where(np.arange(4) == second, 3, 0)))
    told = {"ftq": late}
    moves = {first: (10.0, 9.0), second: (10.0, 11.0)}
    size = np.array([abs(late.change(PLANT, j, *m).mean) for j, m in moves.items()])
    assert together(told, PLANT, {second: (10.0, 11.0)}).arrival[:3] == (0.0, 0.0, 0.0)
    expected = size @ np.array([late.arrival(first), late.arrival(second)]) / size.sum()
    np.testing.assert_allclose(together(told, PLANT, moves).arrival, expected)
    assert together(told, PLANT, {}).arrival == (1.0,) * 12


def test_an_unsure_start_widens_the_doubt_by_what_it_would_change(effects: dict[str, SectorEffects]) -> None:
    j = lever(effects, "first")
    sure, unsure = (together(effects, PLANT, {j: (10.0, 9.0)}, {j: sd}).failing for sd in (0.0, 0.5))
    around = effects["ftq"].change(PLANT, j, 9.5, 10.5).mean / 2
    assert unsure.mean == sure.mean
    assert unsure.sd**2 - sure.sd**2 == pytest.approx((UNTOLD * around) ** 2, rel=0.25)


def test_doubt_has_two_parts() -> None:
    assert doubt(0.0, 4.0) == pytest.approx(UNTOLD * 2)
    assert doubt(-2.0, 0.0) == pytest.approx(MISFIT * 2)


def test_shares_of_steps_are_their_parts_of_the_last_years_failures() -> None:
    rng = np.random.default_rng(0)
    steps = rng.normal(-3, 0.5, (2, 3, 30))
    steps[0, 1, -4:] = np.nan
    steps[1] = np.nan
    found = step_shares(bare_panel(np.ones((2, 1, 30)), steps=steps))
    failing = np.array([np.exp(step[~np.isnan(step)][-12:]).mean() for step in steps[0]])
    np.testing.assert_allclose(found[0], failing / failing.sum())
    np.testing.assert_allclose(found[1], 1 / 3)
