"""Recommendations: for each enterprise the levers worth moving, or why none can be named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from models.effects.links import ESCAPE
from models.effects.model import EffectModel, TooLittle, fit_effects
from models.effects.panel import EffectTable, paced
from models.effects.roles import Direction, set_aside, suspected_outcomes
from models.effects.whole import Together, together
from models.recommend.candidates import Candidate, Sector, candidates, sectors
from models.recommend.confidence import Judgement, judge
from models.recommend.contents import Plant, jointly, told
from models.recommend.loss_links import loss_links
from models.recommend.money import yearly_losses
from models.recommend.promises import Promise
from models.recommend.records import Records
from models.recommend.rows import JointEffect, ReasonCode, RecommendationRow, Withheld, abstention
from models.recommend.suspects import with_suspects

TARGETS: Final = ("ftq", ESCAPE)
NO_ACTIONABLE: Final = "no parameter of kind `actionable` is on record: nothing that could be moved"
NO_ROOM: Final = "no lever has enough readings of its own, or room to move within what the line has shown"
Judged = tuple[Candidate, Judgement]


class UnknownEnterpriseError(ValueError):
    """Advice was asked for an enterprise of which there are no records."""


@dataclass(frozen=True)
class Fitted:
    """Everybody's effects: `model` fitted on `table`, in which `suspects` are outcomes; `readings` as in
    `recommend`.
    """

    model: EffectModel
    table: EffectTable
    suspects: list[Direction]
    readings: pd.DataFrame | None = None

    def advise(
        self, enterprise_ids: list[str], top: int = 3, records: Records | None = None
    ) -> list[RecommendationRow]:
        """The rows of `recommend`."""
        rows = advise(self.table, self.model, enterprise_ids, top, records, self.readings)
        return with_suspects(rows, self.suspects)


def fitted(
    table: EffectTable,
    readings: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fitted:
    """Fit the effects that advice rests on, of the whole `table`, suspected outcomes set aside."""
    suspects = suspected_outcomes(table)
    trusted = set_aside(table, suspects)
    model = fit_effects(trusted, readings, targets=TARGETS, progress=progress)
    return Fitted(model, trusted, suspects, readings)


def recommend(
    table: EffectTable,
    enterprise_ids: Iterable[str] | None = None,
    top: int = 3,
    readings: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
    records: Records | None = None,
) -> list[RecommendationRow]:
    """Up to `top` rows per enterprise, best net benefit first; one row without a lever where nothing is
    trustworthy.

    Effects are always fitted on the whole `table`: like lines inform each other. `readings` (enterprise_id,
    parameter_id, readings: typical number per period, from `models.effects.readings_per_period`) sharpens
    the correction for gauge error. `records` (`records_of`) adds what the model table does not hold: levels,
    costs by category, names. A parameter that looks like an outcome is none of the levers, whatever it was
    called; the rows say so. Raises UnknownEnterpriseError (a ValueError) for one without records.
    """
    frame = table.frame[table.frame["product_id"] == ""]
    known = sorted(set(frame["enterprise_id"]))
    wanted = known if enterprise_ids is None else list(enterprise_ids)
    if unknown := sorted(set(wanted) - set(known)):
        some = ", ".join(known[:5])
        raise UnknownEnterpriseError(
            f"no records of enterprise {unknown[0]!r}; the store has {some}, {len(known)} in all"
        )
    return fitted(table, readings, progress).advise(wanted, top, records)


def advise(
    table: EffectTable,
    model: EffectModel,
    enterprise_ids: list[str],
    top: int = 3,
    records: Records | None = None,
    readings: pd.DataFrame | None = None,
) -> list[RecommendationRow]:
    """The rows of `recommend` from effects already fitted."""
    elasticity = loss_links(table)
    place = {e: (s, i) for s in sectors(model) for i, e in enumerate(s.panel.enterprises)}
    whole = paced(table.frame)
    rows = dict(list(whole.groupby("enterprise_id")))
    parameters = dict(list(table.parameters.groupby("enterprise_id")))
    counts = _counts(readings)
    found: list[RecommendationRow] = []
    for enterprise in enterprise_ids:
        sector, index = place[enterprise]
        own = rows[enterprise].sort_values("t")
        plant = Plant(
            enterprise,
            own,
            parameters.get(enterprise, table.parameters.iloc[:0]),
            yearly_losses(own, elasticity),
            sector.panel,
            records or Records(),
            counts.get(enterprise, {}),
        )
        found += _enterprise(plant, sector, index, model, top)
    return found


def _counts(readings: pd.DataFrame | None) -> dict[str, dict[str, float]]:
    """Readings per period by enterprise and parameter."""
    counts: dict[str, dict[str, float]] = {}
    if readings is not None:
        columns = (readings[name] for name in ("enterprise_id", "parameter_id", "readings"))
        for enterprise, parameter, count in zip(*columns, strict=True):
            counts.setdefault(str(enterprise), {})[str(parameter)] = float(count)
    return counts


def _enterprise(
    plant: Plant, sector: Sector, index: int, model: EffectModel, top: int
) -> list[RecommendationRow]:
    enterprise = plant.enterprise_id
    if not (plant.parameters["kind"] == "actionable").any():
        return [abstention(enterprise, "no_actionable", NO_ACTIONABLE)]
    if "ftq" not in sector.effects:
        return [abstention(enterprise, *_gap(model, sector))]
    moves = candidates(sector, index, plant.parameters, plant.losses)
    judged = [(c, judge(c.effects, index, c.lever, c.judged)) for c in moves]
    good = [j for j in judged if j[1].confidence != "none" and j[0].net > 0]
    good.sort(key=lambda j: -j[0].net)
    if good:
        made = [
            told(plant, rank, c, verdict, promise_of(sector, c.does))
            for rank, (c, verdict) in enumerate(good[:top], start=1)
        ]
    else:
        made = [abstention(enterprise, *_silence(judged))]
    withheld = _withheld(plant, judged, {row.parameter_id for row in made})
    joint = _joint(plant, sector, index, [c for c, _ in good[:top]])
    return [made[0].model_copy(update={"withheld": withheld, "together": joint}), *made[1:]]


def _joint(plant: Plant, sector: Sector, enterprise: int, moves: list[Candidate]) -> JointEffect | None:
    """What the moves bring when they are all made; None for fewer than two."""
    if len(moves) < 2:
        return None
    asked = {c.lever: (c.span.now, c.to) for c in moves}
    does = together(sector.effects, enterprise, asked, {c.lever: c.span.now_sd for c in moves})
    return jointly(plant, tuple(c.parameter_id for c in moves), promise_of(sector, does))


def promise_of(sector: Sector, does: Together) -> Promise:
    """What moves do to failing units and to the share that escapes, as draws and month by month."""
    escape = sector.effects.get(ESCAPE)
    follows = 0.0 if escape is None else escape.follows
    return Promise(does.failing, does.escape, does.arrival, follows, sector.panel.frequency)


def _withheld(plant: Plant, judged: list[Judged], shown: set[str | None]) -> tuple[Withheld, ...]:
    """Every actionable lever without a row, and why."""
    verdicts = {c.parameter_id: (c, verdict) for c, verdict in judged}
    actionable = plant.parameters.loc[plant.parameters["kind"] == "actionable", "parameter_id"]
    found = []
    for parameter in sorted(set(map(str, actionable)) - {p for p in shown if p}):
        if parameter not in verdicts:
            found.append(Withheld(parameter_id=parameter, reason_code="no_room"))
            continue
        c, verdict = verdicts[parameter]
        beyond: ReasonCode = "too_costly" if c.net <= 0 else "not_among_top"
        found.append(Withheld(parameter_id=parameter, reason_code=verdict.code or beyond, target=c.target))
    return tuple(found)


def _gap(model: EffectModel, sector: Sector) -> tuple[ReasonCode, str]:
    gaps = [g for g in model.gaps if g.panel is sector.panel]
    if not gaps:
        return "no_outcome", "no outcome is on record that a lever could be held against"
    return gap_code(gaps[0]), gaps[0].reason


def gap_code(gap: TooLittle) -> ReasonCode:
    """Which of the reasons for which no effect could be estimated holds."""
    return gap.code


def _silence(judged: list[Judged]) -> tuple[ReasonCode, str, dict[str, Any], str | None]:
    """Why nothing is recommended: the reason of the most promising candidate, with its evidence."""
    if not judged:
        return "no_room", NO_ROOM, {}, None
    c, verdict = max(judged, key=lambda j: j[0].net)
    evidence, code = dict(verdict.evidence), verdict.code
    if verdict.reason is None or code is None:
        dear = f"the most promising move ({c.parameter_id}) would cost more than it saves"
        return "too_costly", dear, evidence, c.parameter_id
    named = f"of the most promising lever, {c.parameter_id}: {verdict.reason} ({c.target})"
    return code, f"nothing trustworthy here; {named}", evidence, c.parameter_id
