"""What is believed today about every lever of an enterprise that no advice was given on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from models.effects.links import ESCAPE, FloatArray
from models.effects.model import EffectModel
from models.effects.panel import EVERYWHERE, Panel
from models.effects.sector import SectorEffects
from models.effects.whole import acts_on
from models.recommend.moves import Range, shown_range

SMALLEST_STEP: Final = 0.25
"""Share of the shown range under which a step is not worth a pilot."""

LEAST_KNOWN: Final = 12
MOST_GAIN: Final = 0.95
ARRIVED: Final = 0.97

UNTRUSTED: Final = frozenset({"reactive", "placebo", "sign", "random_cause", "noisy_gauge"})
"""Reasons of an abstention that put the estimate itself in doubt, not only its width."""


@dataclass(frozen=True)
class Spot:
    """One enterprise in its sector: the panel, its row in it, and the fitted effects by target."""

    panel: Panel
    index: int
    effects: Mapping[str, SectorEffects]

    def span(self, index: int, lever: int, parameter: pd.Series) -> Range | None:
        """Where a line of the sector would stand left alone, and how far it may go; None where too few
        readings say so.
        """
        known = next(iter(self.effects.values())).settings
        return shown_range(self.panel, known, index, lever, parameter)

    def reading(self, target: str, lever: int) -> tuple[FloatArray, FloatArray, bool]:
        """Where a pilot of a lever listens: (quality (T, E) on its link, its share (E,) in all that fails,
        whether it is a step).

        At the lever's own step where that is on record, for there the effect is largest and the noise least;
        else at the plant as a whole.
        """
        place = self.panel.place[:, lever]
        every = np.arange(len(place))
        at_step = np.where((place != EVERYWHERE)[:, None], self.panel.steps[every, place], np.nan)
        if target == "ftq" and np.isfinite(at_step[self.index]).sum() >= LEAST_KNOWN:
            share = self.effects["ftq"].shares[every, place]
            return np.asarray(at_step.T), np.where(place != EVERYWHERE, share, np.nan), True
        return np.asarray(self.panel.outcomes[target].T), np.ones(len(place)), False


@dataclass(frozen=True, eq=False)
class Question:
    """Does moving this lever from → to change the quality that is read (`Spot.reading`)?

    Belief about the full change δ of its link is normal with `mean` and `sd`. `arrival` is the share of it in
    force 1, 2, … periods after the setting begins to act, `lead` periods after it is made; `share` (E,) that
    of the reading in all that fails; `unit_cost` CNY a year per unit of the lever.
    """

    parameter: Mapping[str, Any]
    lever: int
    span: Range
    to: float
    target: str
    mean: float
    sd: float
    arrival: tuple[float, ...]
    lead: int
    share: FloatArray
    at_step: bool
    unit_cost: float

    @property
    def step(self) -> float:
        """Size and direction of the move, in the lever's unit."""
        return self.to - self.span.now


def spot_of(model: EffectModel, enterprise_id: str) -> Spot | None:
    """Where an enterprise stands in the fitted sectors; None if it is in none."""
    for panel in model.panels:
        if enterprise_id in panel.enterprises:
            effects = {e.target: e for e in model.effects if e.panel is panel}
            return Spot(panel, panel.enterprises.index(enterprise_id), effects)
    return None


def questions(
    spot: Spot,
    parameters: pd.DataFrame,
    doubts: Mapping[str, str],
    periods_a_year: float,
    only: str | None = None,
) -> list[Question]:
    """Every move that a pilot could be about: open levers (those in `doubts`, by reason code) or `only` one.

    `parameters` are the enterprise's rows. A step goes to an end of what the line has shown, or half way.
    """
    found: list[Question] = []
    for lever, name in enumerate(spot.panel.levers):
        row = parameters[(parameters["parameter_id"] == name) & (parameters["kind"] == "actionable")]
        if row.empty or (name not in doubts if only is None else name != only):
            continue
        span = spot.span(spot.index, lever, row.iloc[0])
        if span is not None:
            known = {str(k): v for k, v in row.iloc[0].items()}
            doubted = doubts.get(name, "") in UNTRUSTED
            for target in _asked_of(spot, lever, span):
                found += _moves(spot, lever, known, span, target, doubted, periods_a_year)
    return found


def _asked_of(spot: Spot, lever: int, span: Range) -> Iterable[str]:
    """A lever is asked what it does to failing units; what it does to escapes only if that shows at all."""
    escape = spot.effects.get(ESCAPE)
    if "ftq" in spot.effects:
        yield "ftq"
    if escape is not None and acts_on(spot.effects, spot.index, lever)[1]:
        yield ESCAPE
    elif escape is not None:
        caught = escape.change(spot.index, lever, span.low, span.high)
        if abs(caught.mean) >= caught.sd:
            yield ESCAPE


def _moves(
    spot: Spot,
    lever: int,
    known: Mapping[str, Any],
    span: Range,
    target: str,
    doubted: bool,
    periods_a_year: float,
) -> Iterable[Question]:
    effects = spot.effects[target]
    _, share, at_step = spot.reading(target, lever)
    arrival, lead = effects.arrival(lever), int(spot.panel.lead[lever])
    cost = known.get("cost_per_unit")
    yearly = periods_a_year * (0.0 if cost is None or pd.isna(cost) else float(cost))
    for to in _ends(span):
        change = effects.change(spot.index, lever, span.now, to)
        mean, sd = at_reading(change.mean, change.sd, float(arrival.mean()), float(share[spot.index]))
        if not np.isfinite(mean + sd) or (target == ESCAPE and mean >= 0):
            continue  # letting more escape is never asked for, though it may save money
        if doubted:
            mean, sd = 0.0, float(np.hypot(mean, sd))
        at_step = bool(share[spot.index] != 1.0 or (target == "ftq" and len(spot.panel.steps[0]) == 1))
        yield Question(
            known, lever, span, to, target, mean, sd, arriving(arrival, lead), lead, share, at_step, yearly
        )


def at_reading(mean: float, sd: float, arrived: float, share: float) -> tuple[float, float]:
    """A plant's change of link in its first year, (mean, sd), as the *full* change at a step that makes up
    `share` of what fails; `arrived` is the year's mean share of the effect.
    """
    whole = mean / arrived
    step = float(np.log1p(max(np.expm1(whole) / share, -MOST_GAIN)))
    slope = share * np.exp(step) / (1 + share * np.expm1(step))
    return step, float(sd / arrived / slope)


def at_plant(change: FloatArray, share: float) -> FloatArray:
    """The plant's change of link by a step's (any shape)."""
    return np.asarray(np.log1p(share * np.expm1(change)))


def arriving(arrival: FloatArray, lead: int) -> tuple[float, ...]:
    """Shares in force from the period in which a setting begins to act, up to the first that is all but 1."""
    after = [float(a) for a in arrival[lead:]] or [1.0]
    enough = next((i for i, a in enumerate(after) if a >= ARRIVED), len(after) - 1)
    return tuple(after[: enough + 1])


def _ends(span: Range) -> list[float]:
    width = span.high - span.low
    places = [span.now + f * (end - span.now) for end in (span.low, span.high) for f in (0.5, 1.0)]
    return [p for p in places if width > 0 and abs(p - span.now) >= SMALLEST_STEP * width]
