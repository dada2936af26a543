"""The answer: moves judged, tried on the same paths as plans, and worth what plans say they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from features.periods import PeriodError, to_index, to_label
from models.attainment.attain import named
from models.attainment.chances import Chances
from models.attainment.known import MONTHS
from models.effects.links import ESCAPE
from models.effects.whole import together
from models.plans.actions import Action
from models.plans.joint import joint_effects
from models.plans.rows import MonthChances, Scope
from models.plans.schedule import lasting
from models.plans.trial import Trial
from models.recommend.benefit_rows import Money
from models.recommend.promises import Promise, benefit_draws, benefit_interval, indicator_effects
from models.results import LEVELS
from models.what_if.kept import Plant
from models.what_if.levers import Place
from models.what_if.rows import Future, Lever, Made, Move, Refused, WhatIfRow

SCOPES: Final[tuple[Scope, ...]] = ("performance", "grade")
ASSUMPTIONS: Final = ("levers_stay", "claims_lag", "cpk_follows", "quantities_held")


class WhatIfError(ValueError):
    """A question that cannot be answered: found, allowed."""


def levers_of(plant: Plant) -> list[Lever]:
    """Every lever with how far it may go and how far its effect can be believed."""
    return plant.once("levers", lambda: [_lever(plant, place) for place in plant.levers.values()])


def _lever(plant: Plant, place: Place) -> Lever:
    stated = {"parameter_id": place.parameter_id, "name": place.name, "unit": place.unit}
    spots = ("now", "low", "high", "least", "most")
    if place.reason_code is not None:
        nowhere = dict.fromkeys((*spots, "cost_per_unit"))
        return Lever(**stated, **nowhere, confidence="none", reason_code=place.reason_code)
    judged = place.believed(plant.effects)
    return Lever(
        **stated,
        **{name: getattr(place, name) for name in spots},
        cost_per_unit=place.cost_per_unit,
        confidence=judged.confidence,
        reason_code=judged.code,
    )


def what_if(plant: Plant, moves: Sequence[Move], start: str | None = None) -> WhatIfRow:
    """What the moves do together if they are made in the month `start` (`YYYY-MM`; by default the next one).

    Raises WhatIfError for a lever that is not this plant's, one named twice, or a month without forecasts.
    """
    origin = int(plant.facts["origin"])
    first = 0 if start is None else _ahead(start, origin)
    made, refused = _sorted(plant, moves)
    trial = trial_of(plant, made)
    after = trial.chances(np.full((1, len(made)), first, dtype=np.int64)) if made else before(plant)
    cost = sum(action.cost for action in made)
    money = _money(plant, made, cost)
    return WhatIfRow(
        enterprise_id=plant.enterprise_id,
        as_of=to_label(origin, "month"),
        start=to_label(origin + 1 + first, "month"),
        moves=_told(plant, made, trial),
        refused=tuple(refused),
        effects=money[0],
        benefit=money[1],
        cost=cost,
        cost_known=all(action.cost_known for action in made),
        net=money[2],
        positive=money[3],
        futures=_futures(trial, before(plant), after, origin),
        scope_of_records=plant.state.scope,
        assumptions=ASSUMPTIONS,
        paths=trial.begun.sample.count,
        model_version=plant.kept.model_version,
    )


def trial_of(plant: Plant, actions: Sequence[Action], months: int = MONTHS) -> Trial:
    """The plant's paths of so many months with the actions' joint effects, as plans try them."""
    follows = plant.effects[ESCAPE].follows if ESCAPE in plant.effects else 0.0
    effects = joint_effects(lambda moves: plant.model.together(plant.enterprise_id, moves), actions, follows)
    kept = plant.kept
    begun = plant.begun if months == MONTHS else plant.ahead(months)
    return Trial(begun, 0, kept.learned, effects, plant.losses, kept.following, plant.state.items, kept.rules)


def _ahead(period: str, origin: int) -> int:
    ends = [to_label(origin + h, "month") for h in (1, MONTHS)]
    try:
        ahead = to_index(period) - origin - 1
    except (PeriodError, ValueError):
        ahead = -1
    if 0 <= ahead < MONTHS and to_label(origin + 1 + ahead, "month") == period:
        return ahead
    raise WhatIfError(f"start: found {period!r}; allowed: {ends[0]} to {ends[1]}")


def _sorted(plant: Plant, moves: Sequence[Move]) -> tuple[list[Action], list[Refused]]:
    """What is counted, and what is not and why; a lever left where it stands is neither."""
    made, refused, seen = [], [], set[str]()
    for move in moves:
        place = plant.levers.get(move.parameter_id)
        if place is None or move.parameter_id in seen:
            known = ", ".join(plant.levers) or "none"
            raise WhatIfError(f"moves: found {move.parameter_id!r}; allowed: each once of {known}")
        seen.add(move.parameter_id)
        if place.reason_code is not None:
            refused.append(Refused(**move.model_dump(), reason_code=place.reason_code))
        elif not place.least <= move.to <= place.most:
            limits = (place.least, place.most)
            refused.append(Refused(**move.model_dump(), reason_code="out_of_reach", allowed=limits))
        elif move.to != place.now:
            judged = place.judged(plant.effects, move.to)
            if judged.code is not None:
                refused.append(Refused(**move.model_dump(), reason_code=judged.code))
            else:
                made.append(_action(place, move.to, judged.confidence))
    return made, refused


def _action(place: Place, to: float, confidence: str) -> Action:
    cost = (place.cost_per_unit or 0.0) * abs(to - place.now)
    known = place.cost_per_unit is not None
    return Action(place.parameter_id, place.name, place.unit, place.now, to, cost, known, confidence)


def _told(plant: Plant, made: Sequence[Action], trial: Trial) -> tuple[Made, ...]:
    months = lasting(trial.effects.arrival)
    return tuple(
        Made.model_validate(
            {
                "parameter_id": action.parameter_id,
                "from": action.before,
                "to": action.after,
                "cost": action.cost if action.cost_known else None,
                "beyond": not place.shows(action.after),
                "confidence": action.confidence,
                "in_force": int(month) if month < MONTHS else None,
            }
        )
        for action, month in zip(made, months, strict=True)
        for place in [plant.levers[action.parameter_id]]
    )


def _money(
    plant: Plant, made: Sequence[Action], cost: float
) -> tuple[tuple, Money | None, Money | None, float | None]:  # type: ignore[type-arg]
    """(effects on indicators, benefit, net of cost, probability that the net is above zero)."""
    losses = plant.losses
    if not made:
        nothing = Money(estimate=0.0, low=0.0, high=0.0) if losses.known else None
        return (), nothing, nothing, None
    promise = _promise(plant, made)
    effects = indicator_effects(plant.facts["bases"], losses, promise)
    if not losses.known:
        return effects, None, None, None
    avoided = benefit_interval(losses, promise)
    net = Money(estimate=avoided.estimate - cost, low=avoided.low - cost, high=avoided.high - cost)
    return effects, avoided, net, float((benefit_draws(losses, promise) > cost).mean())


def _promise(plant: Plant, made: Sequence[Action]) -> Promise:
    """All moves at once, in doubt also about where each lever would stand if it were left alone."""
    levers: Mapping[str, Place] = plant.levers
    moves = {levers[action.parameter_id].number: action.move for action in made}
    unsure = {levers[action.parameter_id].number: levers[action.parameter_id].now_sd for action in made}
    does = together(plant.effects, 0, moves, unsure)
    follows = plant.effects[ESCAPE].follows if ESCAPE in plant.effects else 0.0
    return Promise(does.failing, does.escape, does.arrival, follows, plant.model.panels[0].frequency)


def before(plant: Plant) -> dict[Scope, Chances]:
    """Chances if every lever is left alone."""
    return plant.once("before", lambda: trial_of(plant, ()).chances(np.zeros((1, 0), dtype=np.int64)))


def _futures(
    trial: Trial, alone: Mapping[Scope, Chances], after: Mapping[Scope, Chances], origin: int
) -> tuple[Future, ...]:
    return tuple(
        Future(
            scope=scope,
            now=trial.now[scope],
            before=_months(alone[scope], origin),
            after=_months(after[scope], origin),
        )
        for scope in SCOPES
    )


def _months(chances: Chances, origin: int) -> tuple[MonthChances, ...]:
    return tuple(
        MonthChances(
            period=to_label(origin + 1 + h, "month"),
            probabilities=named(LEVELS, chances.exactly[0, h]),
            reached_by=named(LEVELS[1:], chances.reached[0, h, 1:]),
            held_for_three=named(LEVELS[1:], chances.kept[0, h, 1:]),
        )
        for h in range(chances.exactly.shape[1])
    )
