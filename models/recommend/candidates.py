"""Every move worth considering on one enterprise, with what it does to each indicator and to money."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import ESCAPE, FloatArray
from models.effects.model import Change, EffectModel, SectorEffects
from models.effects.panel import Panel
from models.recommend.money import Losses, benefit
from models.recommend.moves import Range, shown_range
from models.results import Target

PERIODS_A_YEAR: Final = {"month": 12.0, "week": 52.0, "day": 365.0}
CHECK: Final = 3.0
REST: Final = 1.645


@dataclass(frozen=True)
class Sector:
    """A panel with its effects by target."""

    panel: Panel
    effects: dict[str, SectorEffects]


@dataclass(frozen=True)
class Candidate:
    """One lever's best move: `change` of the link of `target`, judged by `effects`; money in CNY a year,
    None where unknown.
    """

    parameter_id: str
    lever: int
    span: Range
    to: float
    target: Target
    effects: SectorEffects
    judged: Change
    change: Change
    benefit: float | None
    cost: float

    @property
    def net(self) -> float:
        """What ranks candidates: benefit less cost; without money, the drop of the target's link."""
        return self.benefit - self.cost if self.benefit is not None else -self.change.mean


def sectors(model: EffectModel) -> list[Sector]:
    """Groups fitted effects by panel, in the panels' order; a panel with nothing fitted has no effects."""
    return [Sector(panel, {e.target: e for e in model.effects if e.panel is panel}) for panel in model.panels]


def candidates(sector: Sector, enterprise: int, parameters: pd.DataFrame, losses: Losses) -> list[Candidate]:
    """One candidate per lever of the enterprise that has somewhere to go; `parameters` holds the
    enterprise's rows.

    A check needs both losses on record: what is caught instead of escaping moves cost from outside to inside.
    """
    actionable = {
        str(row["parameter_id"]): row for _, row in parameters.iterrows() if row["kind"] == "actionable"
    }
    found = []
    for lever, name in enumerate(sector.panel.levers):
        if name not in actionable:
            continue
        parameter = actionable[name]
        span = shown_range(sector.panel, enterprise, lever, parameter)
        if span is not None and len(span.places()):
            found.append(_best_move(sector, enterprise, lever, parameter, span, losses))
    return [c for c in found if c is not None]


def acts_on(sector: Sector, enterprise: int, lever: int, span: Range) -> tuple[bool, bool]:
    """(whether a lever changes how many units fail, whether it changes what share of them escapes).

    A check catches, it does not prevent: the share that escapes counts only where it shows beyond doubt, and
    a lever of which it does is held to prevent nothing unless that shows too.
    """
    escape = sector.effects.get(ESCAPE)
    if escape is None:
        return True, False
    caught = escape.change(enterprise, lever, span.low, span.high)
    if not (abs(caught.verdict["t"]) >= CHECK and abs(caught.mean) >= REST * caught.sd):
        return True, False
    prevented = sector.effects["ftq"].change(enterprise, lever, span.low, span.high)
    return abs(prevented.mean) >= REST * prevented.sd and abs(prevented.verdict["t"]) >= REST, True


def _best_move(
    sector: Sector, enterprise: int, lever: int, parameter: pd.Series, span: Range, losses: Losses
) -> Candidate | None:
    prevents, catches = acts_on(sector, enterprise, lever, span)
    places = _harmless(sector, enterprise, lever, span) if catches else span.places()
    if not len(places) or (catches and not losses.complete):
        return None
    nothing = np.zeros(len(places))
    failing = _means(sector.effects["ftq"], enterprise, lever, span.now, places) if prevents else nothing
    escape = _means(sector.effects[ESCAPE], enterprise, lever, span.now, places) if catches else nothing
    saved = benefit(losses, failing, escape)
    unit_cost = parameter.get("cost_per_unit")
    periods = PERIODS_A_YEAR[sector.panel.frequency]
    yearly = periods * (0.0 if unit_cost is None or pd.isna(unit_cost) else float(unit_cost))
    best = int(np.argmax(saved - yearly * np.abs(places - span.now) if losses.known else -failing - escape))
    to = float(places[best])
    parts = [sector.effects[y].change(enterprise, lever, span.now, to) for y in _targets(prevents, catches)]
    return Candidate(
        parameter_id=str(parameter["parameter_id"]),
        lever=lever,
        span=span,
        to=to,
        target="ppm" if catches else "ftq",
        effects=sector.effects[ESCAPE if catches else "ftq"],
        judged=parts[0],
        change=Change(
            sum(p.mean for p in parts), float(np.hypot.reduce([p.sd for p in parts])), parts[0].verdict
        ),
        benefit=float(saved[best]) if losses.known else None,
        cost=yearly * abs(to - span.now),
    )


def _harmless(sector: Sector, enterprise: int, lever: int, span: Range) -> FloatArray:
    """Places at which no larger share escapes: checking less may save money, but that is never advised."""
    places = span.places()
    return places[_means(sector.effects[ESCAPE], enterprise, lever, span.now, places) < 0]


def _targets(prevents: bool, catches: bool) -> list[str]:
    return [ESCAPE] * catches + ["ftq"] * prevents


def _means(e: SectorEffects, enterprise: int, lever: int, before: float, places: FloatArray) -> FloatArray:
    contrasts = np.array([e.treatments.contrast(lever, before, float(p)) for p in places])
    return np.asarray(contrasts @ e.lines.theta[enterprise])
