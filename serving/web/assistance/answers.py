"""Where help works, for somebody: their targets, whom they may see, and what of it they may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TypeVar

import numpy as np

from features.periods import to_label
from features.records.schema import LEVEL_IDS
from models.assistance.case import AssistanceError, Case, Question
from models.assistance.nearly import falling, one_short
from models.assistance.options import NoOptionsError, Options
from models.assistance.problem import Limits
from models.assistance.rows import Assistance, Choice, Falling, Helped, OneShort
from models.portfolio import Target, progress
from models.portfolio.firsts import Mask
from models.results import HORIZONS
from serving.web.assistance.asked import AssistanceQuery
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.targets import Wanted

SECONDS = 3.0
"""For an answer to a page; the command takes more if it is given more."""
OWN = "asked"
Listed = TypeVar("Listed", Helped, Falling)


@dataclass(frozen=True)
class Helping:
    """A desk with the published options, all targets, and whose actions the asker may read (R booleans)."""

    desk: Desk
    options: Options
    targets: Sequence[Wanted]
    detailed: Mask

    def answer(self, wished: AssistanceQuery, seconds: float = SECONDS) -> Assistance:
        """Return the answer, computed once for as long as nothing changes; raises AssistanceError."""
        wanted = self.wanted(wished)
        among = self.desk.members(wished) & wanted.among
        limits = Limits(wished.budget, wished.most)
        question = Question(wanted.target, wished.basis, wished.percent / 100, limits, wished.help_region)
        case = Case(question, self.desk.portfolio, self.options, among)
        name = ("assistance", question, seconds, blake2b(among.tobytes()).digest())
        found: Assistance = self.desk.once(name, partial(_assist, case, seconds))
        return self._masked(found)

    def wanted(self, wished: AssistanceQuery) -> Wanted:
        """Return the target that is asked for; raises AssistanceError for one that is not kept."""
        if not wished.target:
            return Wanted(self.own(wished), self.desk.seen)
        for one in self.targets:
            if one.target.id == wished.target:
                return one
        raise AssistanceError(f"target: found {wished.target!r}; allowed: the id of a target (`/targets`)")

    def own(self, wished: AssistanceQuery) -> Target:
        """Return the target that level, month and count say: newly added from today on."""
        today = self.desk.portfolio.today
        by = wished.by or to_label(today + min(HORIZONS, max(self.desk.portfolio.months, 1)), "month")
        target = Target(OWN, LEVEL_IDS[wished.level - 1], to_label(today, "month"), by, wished.count or 1)
        if wished.count is not None:
            return target
        found = progress(self.desk.portfolio, target, wished.basis, self.desk.members(wished))
        sure = np.quantile(found.then, 1.0 - wished.percent / 100, method="inverted_cdf")
        return Target(OWN, target.level_id, target.baseline, by, int(sure) + 1)

    def one_short(self, wished: Filter, level: int) -> list[OneShort]:
        """Return who lacks one thing only for a level, the likeliest first."""
        desk = self.desk
        return one_short(desk.portfolio, self.options, wished.basis, desk.members(wished), level)

    def falling(self, wished: Filter, least: float) -> list[Falling]:
        """Return who may fall back within six months with a chance of `least`, the likeliest first."""
        desk = self.desk
        found = falling(desk.portfolio, self.options, wished.basis, desk.members(wished), least)
        return [self._without_names(one) for one in found]

    def _masked(self, found: Assistance) -> Assistance:
        """The same without actions by name where the asker sees numbers only."""
        choices = {name: getattr(found, name) for name in ("best", "robust", "everything")}
        return found.model_copy(
            update={name: own and self._masked_choice(own) for name, own in choices.items()}
        )

    def _masked_choice(self, choice: Choice) -> Choice:
        helped = tuple(self._without_names(one) for one in choice.helped)
        return choice.model_copy(update={"helped": helped})

    def _without_names(self, one: Listed) -> Listed:
        if self.detailed[self.desk.portfolio.place[one.enterprise_id]]:
            return one
        return one.model_copy(update={"actions": ()})


def _assist(case: Case, seconds: float) -> Assistance:
    """Loads the solver when it is needed for the first time."""
    from models.assistance.answering import assist

    return assist(case, seconds)


def options_of(desk: Desk) -> Options:
    """Return the published options; raises NoOptionsError."""
    return Options.load(desk.portfolio.folder)


__all__ = ["AssistanceError", "Helping", "NoOptionsError", "options_of"]
