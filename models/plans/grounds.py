"""What plans rest on: paths to choose by and others to check by, effects, trustworthy actions, losses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from features.model_table import finest
from models.attainment.level_model import LevelModel
from models.attainment.official import State
from models.attainment.sample import SEED
from models.attainment.start import Start, start
from models.effects.links import ESCAPE
from models.effects.model import EffectModel
from models.forecast.forecaster import ForecastModel
from models.plans.actions import Action, actions_of
from models.plans.following import Following, learn_following
from models.plans.joint import JointEffects, Moves, Together, joint_effects
from models.recommend.loss_links import LossLinks, loss_links
from models.recommend.money import Losses, yearly_losses
from models.recommend.rows import RecommendationRow
from models.rules_numpy import ArrayRules

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.tables import Tables

FRESH_PATHS: Final = 2000
FRESH_SEED: Final = SEED + 1


class PlanError(ValueError):
    """A goal that cannot be planned for: found, allowed, and the next step."""


@dataclass(frozen=True)
class Grounds:
    """Everything known of the enterprises to plan for; `chosen_by` and `checked_by` differ only in draws.

    `advice` has every trustworthy recommendation by enterprise, not only the first three; `together` says
    what moves of an enterprise do at once, `follows` what the escape share gets of an effect on the units
    that fail.
    """

    chosen_by: Start
    checked_by: Start
    learned: LevelModel
    together: Callable[[str, Moves], Together]
    table: ModelTable
    advice: Mapping[str, Sequence[RecommendationRow]]
    model_version: str
    follows: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def rules(self) -> ArrayRules:
        """The official rules over arrays."""
        return ArrayRules()

    @cached_property
    def following(self) -> Following:
        """What has followed failing units in everybody's history."""
        return learn_following(self.table)

    @cached_property
    def _links(self) -> LossLinks:
        return loss_links(self.table)

    def row(self, enterprise_id: str) -> int:
        """Its row in the samples; raises PlanError where levels are not forecast."""
        names = self.chosen_by.sample.enterprise_ids
        if enterprise_id not in names:
            raise PlanError(
                f"enterprise {enterprise_id!r}: no level can be foretold from its records; one complete "
                "month of them is needed (`zhuoyue attain` lists those that have one)"
            )
        return names.index(enterprise_id)

    def state(self, enterprise_id: str) -> State:
        """Where it stands officially."""
        return self.chosen_by.states[self.row(enterprise_id)]

    def actions(self, enterprise_id: str) -> tuple[Action, ...]:
        """What a plan may choose from; empty where nothing can be trusted."""
        return actions_of(self.advice.get(enterprise_id, ()), self.table.parameters)

    def reason(self, enterprise_id: str) -> str | None:
        """Why there is no action, in the effect model's words."""
        return next((row.reason for row in self.advice.get(enterprise_id, ()) if row.reason), None)

    def losses(self, enterprise_id: str) -> Losses:
        """Its failure cost of a year."""
        frame = self.table.frame
        own = frame[(frame["enterprise_id"] == enterprise_id) & (frame["product_id"] == "")]
        return yearly_losses(finest(own).sort_values("t"), self._links)

    def joint(self, enterprise_id: str, actions: Sequence[Action]) -> JointEffects:
        """Effects of the actions, come into force by the month."""
        together = partial(self.together, enterprise_id)
        return joint_effects(together, actions, self.follows.get(enterprise_id, 0.0))


def grounds_of(
    tables: Tables,
    forecaster: ForecastModel,
    table: ModelTable,
    effects: EffectModel,
    advice: Iterable[RecommendationRow],
    enterprise_ids: Sequence[str],
) -> Grounds:
    """Collect the grounds of some enterprises.

    Args:
        tables: the records.
        forecaster: the promoted model.
        table: the model table of everybody (effects were fitted on it).
        effects: the fitted effect model.
        advice: recommendations of these enterprises, all that are trustworthy.
        enterprise_ids: whom to plan for.
    """
    mine = replace(table, frame=table.frame[table.frame["enterprise_id"].isin(list(enterprise_ids))])
    chosen_by = start(tables, forecaster, mine)
    checked_by = start(tables, forecaster, mine, FRESH_PATHS, FRESH_SEED)
    if chosen_by is None or checked_by is None:
        raise PlanError("no enterprise asked for has monthly records from which levels can be foretold")
    by_enterprise: dict[str, list[RecommendationRow]] = {}
    for row in advice:
        by_enterprise.setdefault(row.enterprise_id, []).append(row)
    learned = LevelModel.from_dict(forecaster.levels)
    return Grounds(
        chosen_by,
        checked_by,
        learned,
        effects.together,
        table,
        by_enterprise,
        forecaster.version,
        _follows(effects),
    )


def _follows(effects: EffectModel) -> dict[str, float]:
    """By enterprise."""
    fitted = {id(one.panel): one.follows for one in effects.effects if one.target == ESCAPE}
    return {name: fitted.get(id(panel), 0.0) for panel in effects.panels for name in panel.enterprises}
