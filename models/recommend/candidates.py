"""Every move worth considering on one enterprise, with what it does to each indicator and to money."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.effects.links import ESCAPE
from models.effects.model import EffectModel
from models.effects.panel import Panel
from models.effects.sector import PERIODS_A_YEAR, Change, SectorEffects
from models.effects.whole import NOTHING, Together, acts_on, means, together
from models.recommend.money import Losses, benefit
from models.recommend.moves import Range, shown_range
from models.results import Target


@dataclass(frozen=True)
class Sector:
    """A panel with its effects by target."""

    panel: Panel
    effects: dict[str, SectorEffects]


@dataclass(frozen=True)
class Candidate:
    """One lever's best move: `does` to failing units and the escape share, `change` of the link of `target`,
    judged by `judged` of `effects`; money in CNY a year, None where unknown.
    """

    parameter_id: str
    lever: int
    span: Range
    to: float
    target: Target
    effects: SectorEffects
    judged: Change
    change: Change
    does: Together
    benefit: float | None
    worth: float | None
    cost: float

    @property
    def net(self) -> float:
        """What ranks candidates: what the move is worth (its benefit, with likely losses where none are on
        record) less cost; where nothing is known of money, the drop of the target's link.
        """
        return self.worth - self.cost if self.worth is not None else -self.change.mean


def sectors(model: EffectModel) -> list[Sector]:
    """Groups fitted effects by panel, in the panels' order; a panel with nothing fitted has no effects."""
    return [Sector(panel, model.of(panel)) for panel in model.panels]


def candidates(sector: Sector, enterprise: int, parameters: pd.DataFrame, losses: Losses) -> list[Candidate]:
    """One candidate per lever of the enterprise that has somewhere to go; `parameters` holds the
    enterprise's rows.

    A check needs both losses on record: what is caught instead of escaping moves cost from outside to inside.
    """
    actionable = {
        str(row["parameter_id"]): row for _, row in parameters.iterrows() if row["kind"] == "actionable"
    }
    settings = sector.effects["ftq"].settings
    found = []
    for lever, name in enumerate(sector.panel.levers):
        if name not in actionable or not settings.has[enterprise, lever]:
            continue
        span = shown_range(sector.panel, settings, enterprise, lever, actionable[name])
        if span is not None and len(span.places()):
            found.append(_best_move(sector, enterprise, lever, actionable[name], span, losses))
    return [c for c in found if c is not None]


def _best_move(
    sector: Sector, enterprise: int, lever: int, parameter: pd.Series, span: Range, losses: Losses
) -> Candidate | None:
    _, catches = acts_on(sector.effects, enterprise, lever)
    if catches and not losses.complete:
        return None
    places = span.places()
    failing, escape = means(sector.effects, enterprise, lever, span.now, places)
    allowed = escape <= 0 if catches else np.ones(len(places), dtype=np.bool_)
    if not allowed.any():
        return None
    places, failing, escape = places[allowed], failing[allowed], escape[allowed]
    weighed = losses.weighed()
    saved = benefit(weighed, failing, escape)
    cost = PERIODS_A_YEAR[sector.panel.frequency] * _unit_cost(parameter) * np.abs(places - span.now)
    best = int(np.argmax(saved - cost if weighed.known else -failing - escape))
    to = float(places[best])
    does = together(sector.effects, enterprise, {lever: (span.now, to)}, {lever: span.now_sd})
    target = ESCAPE if catches else "ftq"
    judged = sector.effects[target].change(enterprise, lever, span.now, to, span.now_sd)
    return Candidate(
        parameter_id=str(parameter["parameter_id"]),
        lever=lever,
        span=span,
        to=to,
        target="ppm" if catches else "ftq",
        effects=sector.effects[target],
        judged=judged,
        change=_change(sector, does, judged) if catches else judged,
        does=does,
        benefit=float(benefit(losses, failing, escape)[best]) if losses.known else None,
        worth=float(saved[best]) if weighed.known else None,
        cost=float(cost[best]),
    )


def _unit_cost(parameter: pd.Series) -> float:
    unit_cost = parameter.get("cost_per_unit")
    return 0.0 if unit_cost is None or pd.isna(unit_cost) else float(unit_cost)


def _change(sector: Sector, does: Together, judged: Change) -> Change:
    """The change of log ppm: how many fail, what share gets out because of that, and the rest."""
    follows = sector.effects[ESCAPE].follows
    direct = float(np.sqrt(max(does.escape.sd**2 - (follows * does.failing.sd) ** 2, 0.0)))
    sd = float(np.hypot((1 + follows) * does.failing.sd, direct))
    return Change(does.failing.mean + does.escape.mean, sd, judged.verdict or NOTHING.verdict)
