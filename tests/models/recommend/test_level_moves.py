"""Level and month of a move, held to windows added up by hand and to the exact rules."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.stats import norm

from models.attainment.known import Characteristics, Known, Stages
from models.attainment.official import State
from models.attainment.sample import Sample
from models.effects.sector import Change
from models.recommend.level_moves import levels_moved
from models.recommend.money import Losses
from models.recommend.promises import Promise, claims_in_force
from models.recommend.standing import Standing
from qm_rules import Policy, load_pack
from qm_rules.rulebook import rulebook

NOTHING = Change(0.0, 0.0, {})
LOSSES = Losses(internal=36.0, external=12.0, escaping=0.1, elasticity=1.0)
INDICATORS = ("sigma", "cpk", "ftq", "internal_loss", "external_loss")
JUNE = 2025 * 12 + 5


def plant(yields=(0.97, 0.99), internal=3.5, bad=2.0):
    """One product, two stages of 1 000 first submissions a month, every month alike."""
    stages = Stages(
        np.array([0, 0]),
        np.array([0, 0]),
        np.array([True, False]),
        np.full((2, 12), 1000.0),
        np.array([[1000.0 * y] * 12 for y in yields]),
    )
    none = np.zeros((0, 12))
    known = Known(
        *(np.full((1, 12), v) for v in (1000.0, bad, 100.0, internal, 1.2)),
        stages,
        Characteristics(np.zeros(0, int), np.zeros(0), np.zeros(0), none, none, none, none),
    )
    status = dict.fromkeys(INDICATORS, "measured")
    state = State(status, dict.fromkeys(INDICATORS, 3), dict.fromkeys(INDICATORS), {})
    return Standing({"E1": 0}, (JUNE,), (state,), known, None)


def level(indicator, value):
    top, bottom = value.as_integer_ratio()
    return rulebook(load_pack(), Policy()).ladders[indicator].level(top, bottom)


def crossing_by_hand(yields, link, arrival):
    """First month whose window of Σ passed ÷ Σ submitted has a better level, in plain sums."""
    now = yields[0] * yields[1]
    log_now = [np.log((1000 * 12 * y + 0.5) / (1000 * 12 + 1)) for y in yields]
    before = level("ftq", now)
    months = [tuple(yields)] * 12
    for h, share in enumerate(arrival, start=1):
        target = np.exp(-np.exp(np.log(-np.log(now)) + share * link))
        factor = np.log(target) / sum(log_now)
        months = [*months[1:], tuple(np.exp(part * factor) for part in log_now)]
        window = np.mean([m[0] for m in months]) * np.mean([m[1] for m in months])
        if level("ftq", float(window)) > before:
            return h, before, level("ftq", float(window))
    return None


@pytest.mark.parametrize("link", [-0.05, -0.2, -0.5, -1.0])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("yields", [(0.97, 0.975), (0.96, 0.995), (0.95, 0.95)])
def test_the_window_crosses_in_the_month_that_sums_by_hand_say(link, late, yields):
    arrival = tuple(min(1.0, h / 6) for h in range(1, 13)) if late else (1.0,) * 12
    mean = float(np.mean(arrival))
    promise = Promise(Change(link * mean, 0.0, {}), NOTHING, arrival)
    moves, gap = levels_moved(plant(yields), "E1", LOSSES, promise)
    found = next((m for m in moves if m.indicator == "ftq"), None)
    by_hand = crossing_by_hand(yields, link, arrival)
    if by_hand is None:
        assert found is None
        return
    h, before, after = by_hand
    year, month = divmod(JUNE + h, 12)
    assert (found.from_level, found.to_level) == (before, after)
    assert found.period == f"{year}-{month + 1:02d}"
    assert (found.since, found.probability, found.without, found.basis) == ("2025-06", 1.0, 0.0, "held")
    assert gap is None


def test_the_probability_is_the_share_of_the_effects_interval_that_gets_there():
    """Internal loss 3.2 % → below 3 % needs a link of log(3.0/3.2) after a whole year, and after eleven
    months of it log((12 · 3.0/3.2 − 1)/11): normal tails.
    """
    needed = np.log(3.0 / 3.2)
    promise = Promise(Change(needed - 0.01, 0.02, {}), NOTHING)
    moves, _ = levels_moved(plant(internal=3.2), "E1", LOSSES, promise)
    move = next(m for m in moves if m.indicator == "internal_loss")
    eleven = np.log((12 * 3.0 / 3.2 - 1) / 11)
    assert (move.from_level, move.to_level, move.period) == (2, 3, "2026-05")
    assert move.probability == pytest.approx(norm.cdf((eleven - needed + 0.01) / 0.02), abs=0.01)
    assert move.after_a_year == pytest.approx(norm.cdf(0.5), abs=0.01)
    assert move.without == 0.0


def test_what_is_missing_is_said_with_the_rules_own_number():
    tiny = Promise(Change(-0.01, 0.001, {}), NOTHING)
    moves, gap = levels_moved(plant(), "E1", LOSSES, tiny)
    assert moves == ()
    ladder = rulebook(load_pack(), Policy()).ladders[gap.indicator]
    step = next(s for s in ladder.steps if s.level == gap.level)
    assert gap.needs == step.numerator / step.denominator
    assert gap.operator == step.operator
    assert gap.level == level(gap.indicator, gap.value) + 1
    assert gap.probability == 0.0


def test_what_is_not_measured_or_not_known_is_not_told():
    begun = plant()
    assert levels_moved(begun, "E2", LOSSES, Promise(Change(-1, 0.1, {}), NOTHING)) == ((), None)
    closed = State(dict.fromkeys(INDICATORS, "not_supplied"), {}, {}, {})
    silent = Standing(begun.rows, begun.origin, (closed,), begun.known, None)
    assert levels_moved(silent, "E1", LOSSES, Promise(Change(-1, 0.1, {}), NOTHING)) == ((), None)


def test_a_check_moves_losses_and_ppm_but_never_the_yield():
    begun = plant(yields=(0.97, 0.979), bad=7.0)
    moves, _ = levels_moved(begun, "E1", LOSSES, Promise(NOTHING, Change(-0.5, 0.05, {})))
    assert {m.indicator for m in moves} == {"sigma", "external_loss"}


@dataclass(frozen=True)
class Told:
    """Paths of a yield that somebody told: every path the same."""

    path: np.ndarray

    @property
    def answered(self):
        return np.array([True])

    def paths(self, rows):
        return np.broadcast_to(self.path, (1, 256, 12))


def forecast(begun, path, origin=JUNE):
    drawn = Sample(("E1",), np.array([origin]), 256, {"ftq": Told(np.asarray(path))}, np.arange(256))
    return Standing(begun.rows, begun.origin, begun.states, begun.known, drawn)


def test_an_external_level_waits_for_the_claims():
    checks = Promise(NOTHING, Change(-0.5, 0.0, {}))
    months = {}
    for first_year in (1.0, 0.6):
        moves, _ = levels_moved(plant(), "E1", replace(LOSSES, first_year=first_year), checks)
        months[first_year] = next(m.period for m in moves if m.indicator == "external_loss")
    # 1.2 % a month, 1.2 · e^−½ after: below 1 % as Σ passes, 1.2 · (1 − 0.393 · h/12) < 1 in the sixth month
    assert months[1.0] == "2025-12"
    claims = np.cumsum(claims_in_force(0.6)) / 12
    first = int(np.flatnonzero(1.2 * (1 - (1 - np.exp(-0.5)) * claims) < 1.0)[0])
    assert months[0.6] == f"{divmod(JUNE + first + 1, 12)[0]}-{divmod(JUNE + first + 1, 12)[1] + 1:02d}"
    assert months[0.6] > months[1.0]


def test_months_ahead_as_forecast_are_moved_from_where_they_are_forecast():
    """A plant that would fall to the level below is kept up by the move: that is a level moved."""
    begun = plant(yields=(0.97, 0.985))
    keep = Promise(Change(-0.45, 0.0, {}), NOTHING)
    falls = levels_moved(forecast(begun, np.full(12, 0.93)), "E1", LOSSES, keep)[0]
    move = next(m for m in falls if m.indicator == "ftq")
    assert (move.from_level, move.to_level, move.basis, move.without) == (2, 3, "forecast", 0.0)
    held = levels_moved(begun, "E1", LOSSES, keep)[0]
    assert all(m.from_level != 2 for m in held if m.indicator == "ftq")


def test_a_forecast_that_says_the_last_twelve_months_go_on_changes_nothing():
    begun = plant(yields=(0.97, 0.975))
    promise = Promise(Change(-0.3, 0.1, {}), NOTHING)
    same = forecast(begun, np.full(12, 0.97 * 0.975))
    held, told = (levels_moved(s, "E1", LOSSES, promise)[0] for s in (begun, same))
    by_indicator = {m.indicator: m for m in told}
    assert by_indicator["ftq"].basis == "forecast"
    assert by_indicator["sigma" if "sigma" in by_indicator else "internal_loss"].basis == "held"
    assert [m.model_dump(exclude={"basis"}) for m in held] == [m.model_dump(exclude={"basis"}) for m in told]


def test_what_the_move_hardly_adds_to_is_not_its_doing():
    """Paths that nearly half of the time reach the level anyway; a move that tips a few more over."""
    begun = plant(yields=(0.97, 0.975))
    spread = np.linspace(0.9415, 0.9565, 256)[:, None] * np.ones(12)
    tips = Promise(Change(-0.023, 0.0, {}), NOTHING)
    moves, gap = levels_moved(forecast(begun, spread), "E1", LOSSES, tips)
    assert "ftq" not in {m.indicator for m in moves}
    brings = Promise(Change(-0.1, 0.0, {}), NOTHING)
    assert "ftq" in {m.indicator for m in levels_moved(forecast(begun, spread), "E1", LOSSES, brings)[0]}
    assert (gap.indicator, gap.level) == ("ftq", 3)


def test_a_forecast_from_another_month_is_not_used():
    begun = forecast(plant(), np.full(12, 0.5), origin=JUNE - 3)
    assert begun.paths("E1", "ftq") is None
