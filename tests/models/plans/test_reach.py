"""Plans for a plant whose answer is known by hand: 9000 ppm, level 3 asks for at most 6200.

After twelve months the official window holds the future alone, so failing units must fall by log(9000 ÷ 6200)
= 0.373, or more where an action comes in late.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from models.plans import Assumed, PlanError, reach
from tests.models.plans.plant import Lever, goal, plant

NEEDED = float(np.log(9000 / 6200))


def names(way) -> set[str]:
    return {step.parameter_id for step in way.steps}


THREE = {"a": Lever(-0.2, 10.0), "b": Lever(-0.2, 15.0), "c": Lever(-0.4, 40.0)}


def test_the_cheapest_set_that_reaches_the_level_is_found() -> None:
    found = reach(plant(THREE), goal())
    assert found.outcome == "found"
    assert names(found.ways[0]) == {"a", "b"}
    assert found.ways[0].cost == 25.0
    assert found.ways[0].probability == 1.0
    assert found.before_probability == 0.0
    assert found.now == 2


def test_a_pair_that_does_less_than_its_sum_is_passed_over() -> None:
    found = reach(plant(THREE, beyond={frozenset("ab"): 0.1}), goal())
    assert names(found.ways[0]) == {"c"}


def test_a_pair_that_does_more_than_its_sum_is_taken() -> None:
    weak = {"a": Lever(-0.15, 10.0), "b": Lever(-0.15, 15.0), "c": Lever(-0.4, 40.0)}
    assert names(reach(plant(weak), goal()).ways[0]) == {"c"}
    assert names(reach(plant(weak, beyond={frozenset("ab"): -0.1}), goal()).ways[0]) == {"a", "b"}


def test_too_small_a_budget_gets_the_best_it_buys_and_is_told_what_is_missing() -> None:
    found = reach(plant(THREE), goal(budget=20.0))
    assert found.outcome == "short"
    assert found.ways[0].cost <= 20.0
    worst = found.binding[0]
    assert (worst.indicator, worst.supports, worst.needs) == ("sigma", 0.0, 6200.0)
    after = 9000.0 * np.exp(-0.2) if found.ways[0].steps else 9000.0
    assert worst.gap == pytest.approx(after - 6200.0)


def test_an_action_that_comes_in_late_reaches_the_level_late() -> None:
    late = {"c": Lever(-0.6, 40.0, arrival=(0.0,) * 6 + (1.0,) * 6)}
    months = reach(plant(late), goal()).ways[0].months
    # Six months of 9000 and k of 9000 e^−0.6 among the last twelve: below 6200 from k = 9 on, after month 12.
    assert [month.reached_by["3"] for month in months][-1] == 0.0
    quick = {"c": Lever(-0.6, 40.0)}
    reached = [month.reached_by["3"] for month in reach(plant(quick), goal()).ways[0].months]
    k = next(k for k in range(13) if (12 - k) * 9000 + k * 9000 * np.exp(-0.6) <= 12 * 6200)
    assert reached == [0.0] * (k - 1) + [1.0] * (12 - k + 1)


def test_uncertainty_of_the_effect_is_in_the_probability() -> None:
    found = reach(plant({"c": Lever(-0.45, 40.0, sd=0.2)}, paths=4000), goal(probability=0.5))
    # By month 12 every month of the window has the full effect: P(effect ≤ −0.373).
    assert found.ways[0].probability == pytest.approx(norm.cdf((0.45 - NEEDED) / 0.2), abs=0.03)
    assert abs(found.ways[0].probability - found.ways[0].in_sample) < 0.05


def test_a_level_already_sure_needs_no_action() -> None:
    found = reach(plant(THREE), goal(level=2))
    assert found.outcome == "already"
    assert not found.ways[0].steps


def test_without_a_trustworthy_action_it_says_so() -> None:
    found = reach(plant({}), goal())
    assert found.outcome == "no_actions"
    assert found.ways[0].steps == ()
    assert found.binding[0].indicator == "sigma"


def test_held_for_three_months_is_asked_for_what_it_is() -> None:
    ninth = plant({"c": Lever(-0.6, 40.0)})  # reaches the level in month 9, as above
    assert reach(ninth, goal(by="2027-10")).outcome == "found"
    assert reach(ninth, goal(by="2027-10", measure="held")).outcome == "short"
    assert reach(ninth, goal(by="2027-11", measure="held")).outcome == "found"


def test_management_items_cap_the_grade_and_are_named() -> None:
    found = reach(plant(THREE, items={"qms": 2, "data": 3}), goal(scope="grade"))
    assert found.outcome == "short"
    assert found.other_scope >= 0.0
    caps = {cap.item: cap.now for cap in found.caps}
    assert caps["qms"] == 2
    assert "data" not in caps
    assert caps["culture"] is None  # never assessed: it does not limit, but the grade is incomplete


def test_an_assumed_item_counts_from_its_month_on() -> None:
    grounds = plant({"c": Lever(-0.8, 40.0)}, items=dict.fromkeys(["qms"], 2))
    assumed = Assumed(item="qms", level=3, since="2027-10")
    found = reach(grounds, goal(scope="grade", assumed=(assumed,)))
    assert found.outcome == "found"
    reached = {m.period: m.reached_by["3"] for m in found.ways[0].months}
    assert reached["2027-09"] == 0.0
    assert reached["2027-10"] == 1.0


def test_two_at_once_start_one_after_the_other() -> None:
    slow = {name: Lever(-0.3, 10.0, arrival=(0.5, 0.95) + (1.0,) * 10) for name in "abc"}
    starts = sorted(step.start for step in reach(plant(slow), goal(at_once=1)).ways[0].steps)
    assert starts == ["2027-01", "2027-03"]
    together = reach(plant(slow), goal()).ways[0].steps
    assert {step.start for step in together} == {"2027-01"}
    assert {step.in_force for step in together} == {"2027-02"}


def test_skipping_a_level_is_compared_with_going_step_by_step() -> None:
    # Level 4 asks for 230 ppm in a window that has forgotten the past: whoever begins late cannot be in time.
    better = {"ftq": 0.975, "cpk": 1.7, "internal_loss": 0.01, "external_loss": 0.008}
    levers = {"a": Lever(-1.0, 10.0), "b": Lever(-3.0, 30.0)}
    found = reach(plant(levers, values=better), goal(level=4))
    ways = {way.name: way for way in found.ways}
    assert ways["direct"].meets
    assert names(ways["direct"]) == {"a", "b"}
    step = ways["stepwise"]
    assert (step.first_level, step.first_by, step.first_probability) == (3, "2027-06", 1.0)
    assert not step.meets
    assert {s.parameter_id: s.start for s in step.steps if s.parameter_id == "b"} in ({}, {"b": "2027-07"})
    assert step.spent <= ways["direct"].spent


def test_one_level_up_has_no_level_between() -> None:
    assert [way.name for way in reach(plant(THREE), goal()).ways] == ["direct"]


def test_costs_nobody_stated_are_not_taken_for_none() -> None:
    found = reach(plant({"a": Lever(-0.5, None)}), goal())
    assert not found.ways[0].steps[0].cost_known
    assert "cost_unknown" in found.assumptions


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"by": "2028-12"}, "allowed: 2027-01 to 2027-12"),
        ({"by": "2026-12"}, "allowed: 2027-01 to 2027-12"),
        ({"by": "2027"}, "YYYY-MM"),
        ({"level": 6}, "2 to 5"),
        ({"probability": 1.0}, "below 1"),
        ({"budget": -1.0}, "zero or more"),
        ({"at_once": 0}, "one action or more"),
        ({"start": "2027-12", "by": "2027-06"}, "up to 2027-06"),
        ({"enterprise_id": "Q"}, "'Q'"),
        ({"assumed": (Assumed(item="luck", level=3, since="2027-01"),)}, "qms"),
        ({"assumed": (Assumed(item="qms", level=9, since="2027-01"),)}, "1 to 5"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(changed, words) -> None:
    with pytest.raises(PlanError, match=words):
        reach(plant(THREE), goal(**changed))


def test_the_frontier_rises() -> None:
    many = {f"x{i}": Lever(-0.08 - 0.01 * i, 5.0 + i, 0.05) for i in range(5)}
    points = reach(plant(many, spread=0.3), goal()).frontier
    assert [p.cost for p in points] == sorted(p.cost for p in points)
    assert [p.probability for p in points] == sorted({p.probability for p in points})
    assert points[0].parameter_ids == ()
