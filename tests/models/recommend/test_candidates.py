"""The best move of each lever, in effects and in money."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.effects import fit_effects
from models.effects.whole import acts_on, together
from models.recommend.candidates import Candidate, Sector, candidates, sectors
from models.recommend.money import Losses, benefit
from tests.models.effects.panel import simulate_steps

LOSSES = Losses(internal=1e6, external=2e6, escaping=0.13, elasticity=1.0)


@pytest.fixture(scope="module")
def fitted() -> tuple[Sector, pd.DataFrame]:
    table = simulate_steps(seed=1, enterprises=16, months=60)
    return sectors(fit_effects(table))[0], table.parameters


def of(fitted, losses: Losses = LOSSES, enterprise: int = 2, **limits: object) -> dict[str, Candidate]:
    sector, parameters = fitted
    mine = parameters[parameters["enterprise_id"] == sector.panel.enterprises[enterprise]].assign(**limits)
    return {c.parameter_id: c for c in candidates(sector, enterprise, mine, losses)}


def test_every_lever_that_may_move_has_its_best_place(fitted) -> None:
    """By trying every place of its range, one by one."""
    sector, _ = fitted
    found = of(fitted, cost_per_unit=5000.0)
    assert set(found) == {"first", "second", "anywhere", "check"}
    for c in found.values():
        nets = {}
        for place in c.span.places():
            does = together(sector.effects, 2, {c.lever: (c.span.now, float(place))})
            if c.target == "ppm" and does.escape.mean > 0:
                continue
            saved = float(benefit(LOSSES, np.array(does.failing.mean), np.array(does.escape.mean)))
            nets[float(place)] = saved - 12 * 5000 * abs(place - c.span.now)
        assert c.to == max(nets, key=nets.get)
        assert c.net == pytest.approx(nets[c.to])
        assert c.cost == pytest.approx(12 * 5000 * abs(c.to - c.span.now))


def test_moves_go_the_way_that_was_planted(fitted) -> None:
    found = of(fitted)
    assert found["first"].to < found["first"].span.now
    assert found["anywhere"].to < found["anywhere"].span.now
    assert found["second"].to > found["second"].span.now
    assert all(found[x].target == "ftq" and found[x].does.failing.mean < 0 for x in ("first", "second"))


def test_a_check_never_goes_where_more_gets_out(fitted) -> None:
    """Not even where catching costs far more than it saves."""
    dear_inside = replace(LOSSES, internal=1e8, external=1e3)
    for enterprise in range(16):
        for losses in (LOSSES, dear_inside):
            check = of(fitted, losses, enterprise)["check"]
            assert check.target == "ppm"
            assert check.does.escape.mean <= 0
            assert check.change.mean == pytest.approx(check.does.failing.mean + check.does.escape.mean)
    check = of(fitted, LOSSES, direction="down")
    assert "check" not in check


def test_a_check_needs_both_losses(fitted) -> None:
    assert acts_on(fitted[0].effects, 2, fitted[0].panel.levers.index("check"))[1]
    for losses in (replace(LOSSES, internal=None), replace(LOSSES, external=None)):
        assert "check" not in of(fitted, losses)
        assert "first" in of(fitted, losses)


def test_without_losses_on_record_likely_ones_rank_and_no_benefit_is_told(fitted) -> None:
    unknown = Losses(internal=None, external=None, escaping=0.13, elasticity=1.0)
    likely = of(fitted, replace(unknown, likely=(1e6, 2e6)))
    for name, c in of(fitted).items():
        assert c.benefit == pytest.approx(c.worth)
        assert likely[name].benefit is None
        assert (likely[name].to, likely[name].worth) == (c.to, pytest.approx(c.worth))
    for c in of(fitted, unknown).values():
        assert (c.benefit, c.worth) == (None, None)
        assert c.net == -c.change.mean > 0


def test_net_is_worth_less_cost(fitted) -> None:
    free, dear = of(fitted), of(fitted, cost_per_unit=50_000.0)
    for name, c in dear.items():
        assert c.net == pytest.approx(c.worth - c.cost)
        assert c.net < free[name].net
        assert abs(c.to - c.span.now) <= abs(free[name].to - c.span.now) + 1e-9
    assert free["first"].net > 0
    assert free["anywhere"].net > 0


def test_context_and_levers_of_others_are_no_candidates(fitted) -> None:
    assert not of(fitted, kind="context")
