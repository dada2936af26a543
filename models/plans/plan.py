"""`zhuoyue plan reach`: the cheapest set of actions that reaches a level by a month with a probability."""

from __future__ import annotations

from typing import Final

import numpy as np

from features.periods import to_label
from models.attainment.attain import named
from models.attainment.chances import Chances
from models.attainment.known import MONTHS
from models.plans.actions import Action
from models.plans.asked import Asked, read
from models.plans.binding import bindings, caps
from models.plans.grounds import Grounds
from models.plans.rows import (
    FrontierPoint,
    Goal,
    MonthChances,
    Outcome,
    PlanRow,
    Scope,
    Step,
    Way,
)
from models.plans.search import EXACT, WORTH, Tried
from models.plans.trial import NEVER, Trial
from models.plans.ways import Found, Search, Stepwise, direct, in_time, stepwise
from models.recommend.money import benefit
from models.results import LEVELS

MOST_POINTS: Final = 24
OTHER: Final[dict[Scope, Scope]] = {"grade": "performance", "performance": "grade"}


def reach(grounds: Grounds, goal: Goal) -> PlanRow:
    """Answer a goal. Raises PlanError (a ValueError) for one that cannot be planned for.

    The budget and the cost of a set are CNY a year for holding its moves; the set is chosen on one thousand
    sample paths and its probability reported from two thousand others, so that it is not flattered by
    having been chosen.
    """
    asked, actions = read(goal, grounds), grounds.actions(goal.enterprise_id)
    search = search_for(grounds, asked, actions)
    among = search.sets(asked.target, goal.probability)
    first = direct(search, among, goal.probability)
    steps = stepwise(search, search.chosen_by.now[goal.scope], goal.probability)
    nothing = np.full(len(actions), NEVER, dtype=np.int64)
    both = search.checked_by.chances(np.stack([nothing, first.starts]))
    other = both[OTHER[goal.scope]]
    counted = other.kept if goal.measure == "held" else other.reached
    before = _probability(both[goal.scope], asked, 0)
    state = grounds.state(goal.enterprise_id)
    return PlanRow(
        goal=goal,
        outcome=_outcome(actions, first, before, goal.probability),
        reason=None if actions else grounds.reason(goal.enterprise_id),
        as_of=to_label(asked.origin, "month"),
        now=search.chosen_by.now[goal.scope],
        scope_of_records=state.scope,
        considered=tuple(action.parameter_id for action in actions),
        solver="enumeration" if len(actions) <= EXACT else "programme",
        before=_months(both[goal.scope], asked, 0),
        before_probability=before,
        ways=tuple(_ways(grounds, search, first, steps)),
        other_scope=float(counted[1, asked.target.month, goal.level - 1]),
        frontier=_frontier(search, among),
        binding=bindings(search.checked_by, asked, np.stack([nothing, first.starts])),
        caps=caps(search.checked_by, asked),
        assumptions=_assumptions(actions, first),
        paths=search.chosen_by.begun.sample.count,
        fresh_paths=search.checked_by.begun.sample.count,
        model_version=grounds.model_version,
    )


def search_for(grounds: Grounds, asked: Asked, actions: tuple[Action, ...]) -> Search:
    """An enterprise's trials, to choose by and to check by, with its actions in the order they begin."""
    enterprise, row = asked.goal.enterprise_id, grounds.row(asked.goal.enterprise_id)
    effects, losses = grounds.joint(enterprise, actions), grounds.losses(enterprise)
    trials = [
        Trial(begun, row, grounds.learned, effects, losses, grounds.following, asked.items, grounds.rules)
        for begun in (grounds.chosen_by, grounds.checked_by)
    ]
    return Search.of(asked, trials[0], trials[1], actions)


def _outcome(actions: tuple[Action, ...], found: Found, before: float, wanted: float) -> Outcome:
    if before >= wanted:
        return "already"
    if not actions:
        return "no_actions"
    return "found" if found.meets else "short"


def _assumptions(actions: tuple[Action, ...], found: Found) -> tuple[str, ...]:
    """Codes of what the numbers rest on beside the records; pages say them in words."""
    unknown = any(not actions[a].cost_known for a in found.chosen)
    return (
        "levers_stay",
        "claims_lag",
        "cpk_follows",
        "quantities_held",
        *(["cost_unknown"] if unknown else []),
    )


def _ways(grounds: Grounds, search: Search, first: Found, steps: Stepwise | None) -> list[Way]:
    found = [_way(grounds, search, first, None)]
    return found if steps is None else [*found, _way(grounds, search, steps.whole, steps)]


def _way(grounds: Grounds, search: Search, found: Found, steps: Stepwise | None) -> Way:
    asked, chosen = search.asked, in_time(found.starts)
    rows = [_step(search, a, int(found.starts[a])) for a in sorted(chosen, key=lambda a: found.starts[a])]
    chances = search.checked_by.chances(found.starts[None])[asked.goal.scope]
    return Way(
        name="direct" if steps is None else "stepwise",
        steps=tuple(rows),
        meets=found.meets,
        probability=found.probability,
        in_sample=found.in_sample,
        cost=sum(row.cost for row in rows),
        spent=sum(row.spent for row in rows),
        benefit=_benefit(grounds, search, chosen),
        first_level=None if steps is None else asked.goal.level - 1,
        first_by=None if steps is None else asked.period(steps.first_month),
        first_probability=None if steps is None else steps.first_probability,
        months=_months(chances, asked, 0),
    )


def _step(search: Search, a: int, begins: int) -> Step:
    action, asked = search.actions[a], search.asked
    last = begins + int(search.months[a]) - 1
    return Step(
        parameter_id=action.parameter_id,
        parameter_name=action.parameter_name,
        unit=action.unit,
        from_=action.before,
        to=action.after,
        start=asked.period(begins),
        in_force=asked.period(last) if last < MONTHS else None,
        cost=action.cost,
        cost_known=action.cost_known,
        spent=action.cost * max(asked.target.month + 1 - begins, 0) / MONTHS,
        confidence=action.confidence,
    )


def _benefit(grounds: Grounds, search: Search, chosen: tuple[int, ...]) -> float | None:
    """Failure cost avoided a year by all actions together: their joint promise, by the usual accounting."""
    losses = search.chosen_by.losses
    if not losses.known:
        return None
    if not chosen:
        return 0.0
    moves = {search.actions[a].parameter_id: search.actions[a].move for a in chosen}
    together = grounds.together(search.asked.goal.enterprise_id, moves)
    return float(benefit(losses, np.array(together.failing.mean), np.array(together.escape.mean)))


def _frontier(search: Search, among: Tried) -> tuple[FrontierPoint, ...]:
    """Cost → probability, on fresh paths; a point that fresh paths show to be no better is left out."""
    places = among.frontier()
    if len(places) > MOST_POINTS:
        places = [places[int(i)] for i in np.linspace(0, len(places) - 1, MOST_POINTS).round()]
    starts = np.stack([search.starts(among.sets[i]) for i in places])
    fresh = search.asked.target.probability(search.checked_by, starts)
    points: list[FrontierPoint] = []
    for i, probability in zip(places, fresh.tolist(), strict=True):
        if points and probability <= points[-1].probability + WORTH:
            continue
        names = tuple(search.actions[a].parameter_id for a in among.sets[i])
        points.append(FrontierPoint(cost=float(among.cost[i]), probability=probability, parameter_ids=names))
    return tuple(points)


def _probability(chances: Chances, asked: Asked, number: int) -> float:
    counted = chances.kept if asked.goal.measure == "held" else chances.reached
    return float(counted[number, asked.target.month, asked.goal.level - 1])


def _months(chances: Chances, asked: Asked, number: int) -> tuple[MonthChances, ...]:
    return tuple(
        MonthChances(
            period=asked.period(h),
            probabilities=named(LEVELS, chances.exactly[number, h]),
            reached_by=named(LEVELS[1:], chances.reached[number, h, 1:]),
            held_for_three=named(LEVELS[1:], chances.kept[number, h, 1:]),
        )
        for h in range(chances.exactly.shape[1])
    )
