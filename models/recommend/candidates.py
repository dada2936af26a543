"""Every move worth considering on one enterprise, with what it does to each indicator and to money."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import FloatArray
from models.effects.model import Change, EffectModel, SectorEffects
from models.effects.panel import Panel
from models.recommend.money import Losses, benefit
from models.recommend.moves import Range, shown_range

MONTHS: Final = 12.0


@dataclass(frozen=True)
class Bridges:
    """How log internal and log external loss follow log(−log yield), for plants whose losses say little themselves."""

    internal: float
    external: float


@dataclass(frozen=True)
class Candidate:
    """One lever's best move. `changes` by target on the link scale; money in CNY a year, None where losses are unknown."""

    parameter_id: str
    lever: int
    span: Range
    to: float
    changes: dict[str, Change]
    benefit: float | None
    cost: float

    @property
    def net(self) -> float:
        """What ranks candidates: benefit less cost; without money, the drop of log(−log yield)."""
        return self.benefit - self.cost if self.benefit is not None else -self.changes["ftq"].mean


@dataclass(frozen=True)
class Sector:
    """A panel with its effects by target."""

    panel: Panel
    effects: dict[str, SectorEffects]
    bridges: Bridges


def sectors(model: EffectModel, bridges: Bridges) -> list[Sector]:
    """Groups fitted effects by panel, in the panels' order; a panel with nothing fitted has no effects."""
    return [
        Sector(panel, {e.target: e for e in model.effects if e.panel is panel}, bridges) for panel in model.panels
    ]


def candidates(sector: Sector, enterprise: int, parameters: pd.DataFrame, losses: Losses) -> list[Candidate]:
    """One candidate per lever of the enterprise that has somewhere to go; `parameters` holds the enterprise's rows."""
    found = []
    for lever, name in enumerate(sector.panel.levers):
        mine = parameters[(parameters["parameter_id"] == name) & (parameters["kind"] == "actionable")]
        if mine.empty:
            continue
        span = shown_range(sector.panel, enterprise, lever, mine.iloc[0])
        if span is not None and len(span.places()):
            found.append(_best_move(sector, enterprise, lever, mine.iloc[0], span, losses))
    return found


def _best_move(
    sector: Sector, enterprise: int, lever: int, parameter: pd.Series, span: Range, losses: Losses
) -> Candidate:
    places = span.places()
    means = {y: np.array([_mean(e, enterprise, lever, span.now, p) for p in places]) for y, e in sector.effects.items()}
    saved = benefit(losses, *money_changes(means, sector.bridges))
    unit_cost = parameter.get("cost_per_unit")
    yearly = MONTHS * (0.0 if unit_cost is None or pd.isna(unit_cost) else float(unit_cost))
    worth = saved - yearly * np.abs(places - span.now) if losses.known else -means["ftq"]
    best = int(np.argmax(worth))
    return Candidate(
        parameter_id=str(parameter["parameter_id"]),
        lever=lever,
        span=span,
        to=float(places[best]),
        changes={y: e.change(enterprise, lever, span.now, float(places[best])) for y, e in sector.effects.items()},
        benefit=float(saved[best]) if losses.known else None,
        cost=yearly * abs(float(places[best]) - span.now),
    )


def _mean(e: SectorEffects, enterprise: int, lever: int, before: float, after: float) -> float:
    return float(e.treatments.contrast(lever, before, after) @ e.lines.theta[enterprise])


def money_changes(changes: dict[str, FloatArray], bridges: Bridges) -> tuple[FloatArray, FloatArray]:
    """Changes of (log internal, log external loss) from changes of the indicators.

    A loss's own effect where it was fitted; what escapes (`ppm`) is what is paid for outside, months later; and where neither was
    fitted the yield's, through its bridge. Never two of them added.
    """
    ftq = changes.get("ftq")
    nothing = np.zeros_like(next(iter(changes.values())))
    internal = changes.get("internal_loss", nothing if ftq is None else bridges.internal * ftq)
    external = changes.get("ppm", nothing if ftq is None else bridges.external * ftq)
    return internal, external
