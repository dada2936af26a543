"""A plan without any action, or with actions that do nothing, is what `attain` answers."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

from features.periods import to_label
from models.attainment import attain, fit_levels
from models.plans import Goal, Grounds, reach
from models.plans.grounds import grounds_of
from models.recommend.rows import Effect, RecommendationRow
from tests.models.plans.plant import ByHand, Lever

NOTHING = MappingProxyType({"idle": Lever(0.0, 10.0), "void": Lever(0.0, 5.0)})


@pytest.fixture(scope="module")
def model(trained):
    learned = fit_levels(trained.tables, trained.table, trained.fitted)
    return replace(trained.fitted.model, levels=learned)


class Effects:
    """Stands where the effect model does: every lever does nothing."""

    together = staticmethod(ByHand(NOTHING, {}))
    panels = effects = ()


def idle(name: str) -> list[RecommendationRow]:
    effect = Effect(estimate=0.0, low=0.0, high=0.0)
    return [
        RecommendationRow(
            enterprise_id=name, rank=1 + i, parameter_id=lever, from_=0.0, to=1.0, target="ftq",
            effect=effect, cost=5.0, confidence="fair",
        )
        for i, lever in enumerate(NOTHING)
    ]  # fmt: skip


def found(trained, model, name: str) -> Grounds:
    parameters = pd.DataFrame({"enterprise_id": [], "parameter_id": [], "cost_per_unit": []})
    table = replace(trained.table, parameters=parameters)
    return grounds_of(trained.tables, model, table, Effects(), idle(name), [name])


def test_actions_that_do_nothing_give_the_probabilities_of_attain(trained, model) -> None:
    rows = [r for r in attain(trained.tables, model, table=trained.table) if r.basis == "window"]
    last = [row for row in rows if row.horizon == 12]
    open_ended = max(last, key=lambda row: max(p * (1 - p) for p in row.reached_by.values()))
    name = open_ended.enterprise_id
    ground = found(trained, model, name)
    by = to_label(int(ground.chosen_by.sample.origin[0]) + 12, "month")
    asked = Goal(enterprise_id=name, level=5, by=by, probability=0.99, scope="grade")
    # What a plan reports is read off fresh paths; here those that the plan chose by are to be compared.
    plan = reach(replace(ground, checked_by=ground.chosen_by), asked)
    for said in (plan.before, plan.ways[0].months):
        for month, row in zip(said, [r for r in rows if r.enterprise_id == name], strict=True):
            assert month.model_dump() == row.model_dump(include=set(month.model_dump()))
    fresh = reach(ground, asked)
    assert fresh.ways[0].steps == ()
    for level, chance in open_ended.reached_by.items():
        assert fresh.before[-1].reached_by[level] == pytest.approx(chance, abs=0.06)
