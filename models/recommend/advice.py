"""Recommendations: for each enterprise the levers worth moving, or why none can be named."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from features.model_table import finest
from models.effects.links import ESCAPE, from_link, loss_offset, to_link
from models.effects.model import Change, EffectModel, fit_effects
from models.effects.panel import EffectTable
from models.recommend.candidates import Candidate, Sector, candidates, sectors
from models.recommend.confidence import NINETY, Judgement, judge
from models.recommend.methods import method_and_task
from models.recommend.money import loss_elasticity, yearly_losses
from models.recommend.rows import Effect, RecommendationRow, abstention
from models.results import Target

TARGETS: Final = ("ftq", ESCAPE)
Judged = tuple[Candidate, Judgement]


class UnknownEnterpriseError(ValueError):
    """Advice was asked for an enterprise of which there are no records."""


def recommend(
    table: EffectTable,
    enterprise_ids: Iterable[str] | None = None,
    top: int = 3,
    readings: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[RecommendationRow]:
    """Up to `top` rows per enterprise, best net benefit first; one row without a lever where nothing is
    trustworthy.

    Effects are always fitted on the whole `table`: like lines inform each other. `readings` (enterprise_id,
    parameter_id, readings: typical number per period, from `models.effects.readings_per_period`) sharpens
    the correction for gauge error. Raises UnknownEnterpriseError (a ValueError) for one without records.
    """
    frame = table.frame[table.frame["product_id"] == ""]
    known = sorted(set(frame["enterprise_id"]))
    wanted = known if enterprise_ids is None else list(enterprise_ids)
    if unknown := sorted(set(wanted) - set(known)):
        some = ", ".join(known[:5])
        raise UnknownEnterpriseError(
            f"no records of enterprise {unknown[0]!r}; the store has {some}, {len(known)} in all"
        )
    model = fit_effects(table, readings, targets=TARGETS, progress=progress)
    return advise(table, model, wanted, top)


def advise(
    table: EffectTable, model: EffectModel, enterprise_ids: list[str], top: int = 3
) -> list[RecommendationRow]:
    """The rows of `recommend` from effects already fitted."""
    elasticity = loss_elasticity(table)
    place = {e: (s, i) for s in sectors(model) for i, e in enumerate(s.panel.enterprises)}
    whole = finest(table.frame[table.frame["product_id"] == ""])
    rows = dict(list(whole.groupby("enterprise_id")))
    parameters = dict(list(table.parameters.groupby("enterprise_id")))
    found: list[RecommendationRow] = []
    for enterprise in enterprise_ids:
        sector, index = place[enterprise]
        mine = parameters.get(enterprise, table.parameters.iloc[:0])
        found += _enterprise(sector, index, rows[enterprise].sort_values("t"), mine, model, top, elasticity)
    return found


def _enterprise(
    sector: Sector,
    index: int,
    rows: pd.DataFrame,
    parameters: pd.DataFrame,
    model: EffectModel,
    top: int,
    elasticity: float,
) -> list[RecommendationRow]:
    enterprise = sector.panel.enterprises[index]
    if not (parameters["kind"] == "actionable").any():
        return [
            abstention(
                enterprise, "no parameter of kind `actionable` is on record: nothing that could be moved"
            )
        ]
    if "ftq" not in sector.effects:
        return [abstention(enterprise, _gap(model, sector))]
    losses = yearly_losses(rows, elasticity)
    judged = [
        (c, judge(c.effects, index, c.lever, c.judged)) for c in candidates(sector, index, parameters, losses)
    ]
    good = [j for j in judged if j[1].confidence != "none" and j[0].net > 0]
    if not good:
        return [abstention(enterprise, *_silence(judged))]
    good.sort(key=lambda j: -j[0].net)
    return [_row(enterprise, rank, j, rows, parameters) for rank, j in enumerate(good[:top], start=1)]


def _gap(model: EffectModel, sector: Sector) -> str:
    reasons = [g.reason for g in model.gaps if g.panel is sector.panel]
    return reasons[0] if reasons else "no outcome is on record that a lever could be held against"


def _silence(judged: list[Judged]) -> tuple[str, dict[str, Any]]:
    """Why nothing is recommended: the reason of the most promising candidate, with its evidence."""
    if not judged:
        return "no lever has enough readings of its own, or room to move within what the line has shown", {}
    c, verdict = max(judged, key=lambda j: j[0].net)
    evidence = dict(verdict.evidence)
    if verdict.reason is None:
        return f"the most promising move ({c.parameter_id}) would cost more than it saves", evidence
    named = f"of the most promising lever, {c.parameter_id}: {verdict.reason} ({c.target})"
    return f"nothing trustworthy here; {named}", evidence


def _row(
    enterprise: str, rank: int, judged: Judged, rows: pd.DataFrame, parameters: pd.DataFrame
) -> RecommendationRow:
    c, verdict = judged
    parameter = parameters[parameters["parameter_id"] == c.parameter_id].iloc[0]
    method, task = method_and_task(c.parameter_id, c.target)
    paid = c.cost / c.benefit if c.benefit else None
    return RecommendationRow(
        enterprise_id=enterprise,
        rank=rank,
        parameter_id=c.parameter_id,
        parameter_name=_text(parameter.get("name")),
        unit=_text(parameter.get("unit")),
        from_=c.span.now,
        to=c.to,
        target=c.target,
        effect=effect_in_unit(rows, c.target, c.change),
        benefit=c.benefit,
        cost=c.cost,
        payback=paid,
        confidence=verdict.confidence,
        evidence=dict(verdict.evidence) | {"range_shown": [c.span.low, c.span.high]},
        method=method,
        task=task,
    )


def _text(value: object) -> str | None:
    return None if value is None or value != value else str(value)


def effect_in_unit(rows: pd.DataFrame, target: Target, change: Change) -> Effect:
    """A change on the link scale as a change of the target in its own unit, at the level of its last twelve
    known periods.
    """
    known = rows[target].astype(float)
    offset = loss_offset(np.asarray(known, dtype=np.float64))
    now = float(np.nanmean(to_link(target, known.dropna().tail(12), offset)))
    base = float(from_link(target, now, offset))
    moved = (change.mean, change.mean - NINETY * change.sd, change.mean + NINETY * change.sd)
    estimate, one, other = (float(from_link(target, now + m, offset)) - base for m in moved)
    return Effect(estimate=estimate, low=min(one, other), high=max(one, other))
