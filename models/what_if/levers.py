"""The levers of a line: where each stands, how far its records reach and how far one may ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from models.effects.links import ESCAPE
from models.effects.model import EffectModel
from models.effects.panel import Panel
from models.effects.sector import PERIODS_A_YEAR, SectorEffects
from models.effects.series import STEPWISE
from models.effects.whole import acts_on
from models.recommend.advice import gap_code
from models.recommend.confidence import Judgement, judge
from models.recommend.moves import Range, shown_range
from models.recommend.rows import Confidence

FARTHER = 1.0
"""How many widths of its own range beyond that range one may ask; the parameter's limits bind before."""

ROUNDING: Final = 0.005
TRUST: Final[tuple[Confidence, ...]] = ("none", "fair", "strong")


@dataclass(frozen=True)
class Place:
    """A lever as it is kept: `number` into the panel's levers, places in its unit, `cost_per_unit` CNY a
    year. Where `reason_code` is set the lever cannot be moved, and no place is known.
    """

    parameter_id: str
    name: str | None
    unit: str | None
    number: int = -1
    now: float = 0.0
    now_sd: float = 0.0
    low: float = 0.0
    high: float = 0.0
    least: float = 0.0
    most: float = 0.0
    cost_per_unit: float | None = None
    reason_code: str | None = None

    def judged(self, effects: Mapping[str, SectorEffects], to: float) -> Judgement:
        """How far a move to `to` can be believed, on the one target that it acts on.

        A short way of a lever whose effect shows over its whole range is believed as that is: where it would
        stand by itself is not known better than so, and the answer's interval says it.
        """
        end = self.high if to > self.now else self.low
        return self._best(effects, (to, end))

    def shows(self, to: float) -> bool:
        """Whether the line has itself been there, give or take what rounding does to its range."""
        rounding = ROUNDING * (self.high - self.low)
        return self.low - rounding <= to <= self.high + rounding

    def believed(self, effects: Mapping[str, SectorEffects]) -> Judgement:
        """The same of the place in its own range of which most is known."""
        ends = self.low, self.high
        return self._best(effects, (*ends, *((self.now + end) / 2 for end in ends)))

    def _best(self, effects: Mapping[str, SectorEffects], to: Iterable[float]) -> Judgement:
        catches = acts_on(effects, 0, self.number)[1]
        chosen = effects[ESCAPE if catches else STEPWISE]
        moved = [place for place in to if place != self.now] or [self.most]
        changes = (chosen.change(0, self.number, self.now, place, self.now_sd) for place in moved)
        return max(
            (judge(chosen, 0, self.number, c) for c in changes), key=lambda j: TRUST.index(j.confidence)
        )


def places(
    model: EffectModel, panel: Panel, line: int, parameters: pd.DataFrame, suspects: Iterable[str]
) -> list[Place]:
    """Every parameter of a line that is stated `actionable`, in the order stated."""
    effects, aside = model.of(panel), set(suspects)
    gap = next((gap_code(g) for g in model.gaps if g.panel is panel and g.target == STEPWISE), "no_outcome")
    found = []
    for row in parameters[parameters["kind"] == "actionable"].to_dict("records"):
        facts: dict[str, Any] = {
            "parameter_id": str(row["parameter_id"]),
            "name": _text(row, "name"),
            "unit": _text(row, "unit"),
        }
        if facts["parameter_id"] in aside:
            found.append(Place(**facts, reason_code="suspected_outcome"))
        elif STEPWISE not in effects:
            found.append(Place(**facts, reason_code=gap))
        else:
            found.append(_place(facts, effects[STEPWISE], line, pd.Series(row)))
    return found


def _place(facts: Mapping[str, Any], effects: SectorEffects, line: int, parameter: pd.Series) -> Place:
    panel, settings, name = effects.panel, effects.settings, facts["parameter_id"]
    number = panel.levers.index(name) if name in panel.levers else -1
    span = None
    if number >= 0 and settings.has[line, number]:
        span = shown_range(panel, settings, line, number, parameter)
    if span is None or not len(span.places()):
        return Place(**facts, reason_code="no_room")
    least, most = _allowed(span, parameter)
    stated = _number(parameter, "cost_per_unit")
    yearly = None if stated is None else stated * PERIODS_A_YEAR[panel.frequency]
    return Place(
        **facts,
        number=number,
        now=span.now,
        now_sd=span.now_sd,
        low=span.low,
        high=span.high,
        least=least,
        most=most,
        cost_per_unit=yearly,
    )


def _allowed(span: Range, parameter: pd.Series) -> tuple[float, float]:
    """Beyond the range it has shown, but inside limits and direction."""
    more = FARTHER * (span.high - span.low)
    lower, upper = _number(parameter, "lower"), _number(parameter, "upper")
    least = span.low - more if lower is None else max(lower, span.low - more)
    most = span.high + more if upper is None else min(upper, span.high + more)
    direction = str(parameter.get("direction") or "any")
    return (
        span.now if direction == "up" else min(least, span.low),
        span.now if direction == "down" else max(most, span.high),
    )


def _number(row: pd.Series, name: str) -> float | None:
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


def _text(row: Mapping[Any, Any], name: str) -> str | None:
    value = row.get(name)
    return None if value is None or pd.isna(value) or value == "" else str(value)
