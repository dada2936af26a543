"""The answer: whom to help so that a target is likely enough, for how much, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from features.periods import to_label
from models.assistance import choosing, programme
from models.assistance.case import Case
from models.assistance.choosing import Found
from models.assistance.nearly import told
from models.assistance.problem import Chosen, Limits, Problem, halves
from models.assistance.rows import Assistance, BudgetPrice, Choice, Helped, MoneyPoint, Outcome
from models.assistance.standing import cap
from models.portfolio.targets import RANGE

SECONDS = 10.0


def assist(case: Case, seconds: float = SECONDS) -> Assistance:
    """Answer a question within about so many seconds; raises AssistanceError (a ValueError) beforehand, where
    the case is made.
    """
    return _Answer(case, seconds).row()


@dataclass(frozen=True)
class _Answer:
    case: Case
    seconds: float

    @cached_property
    def likely(self) -> Problem:
        return self.case.problem("likely")

    @cached_property
    def weak(self) -> Problem:
        return self.case.problem("weak")

    @cached_property
    def best(self) -> Found:
        asked = self.case.asked
        return choosing.choose(self.likely, asked.limits, asked.probability, self.seconds / 2)

    def row(self) -> Assistance:
        case, asked, portfolio = self.case, self.case.asked, self.case.portfolio
        progress, limits, best = case.progress, asked.limits, self.best
        low, high = progress.range
        return Assistance(
            target_id=asked.target.id,
            level=case.level,
            by=asked.target.by,
            counted_to=to_label(portfolio.today + case.ahead, "month"),
            wanted=asked.target.count,
            basis=asked.basis,
            as_of=to_label(portfolio.today, "month"),
            probability=asked.probability,
            budget=limits.budget,
            most_enterprises=limits.enterprises,
            region=asked.region,
            outcome=self._outcome(),
            achieved=progress.achieved,
            open=int(case.open.sum()),
            with_options=len(np.unique(case.rows)),
            before=self.likely.probability(),
            expected=progress.expected,
            low=low,
            high=high,
            best=self._choice(best),
            robust=self._robust(),
            everything=self._choice(choosing.everything(self.likely, limits, asked.probability)),
            frontier=tuple(self._points()),
            price=self._price(),
            cap=cap(portfolio, asked.basis, case.open, case.level),
            paths=portfolio.paths,
            model_version=portfolio.model_version,
        )

    def _outcome(self) -> Outcome:
        if not self.best.chosen and self.best.meets:
            return "already"
        if not len(self.likely):
            return "no_options"
        return "found" if self.best.meets else "short"

    def _robust(self) -> Choice | None:
        """The cheapest choice that is likely enough at the weak end too; None where there is none, and where
        the best one is that already.
        """
        asked = self.case.asked
        if not self.best.meets or halves(self.weak)[1].probability(self.best.chosen) >= asked.probability:
            return None
        found = choosing.choose(self.weak, asked.limits, asked.probability, self.seconds / 2)
        return self._choice(found, made_on=self.weak) if found.meets else None

    def _choice(self, found: Found, made_on: Problem | None = None) -> Choice:
        """What a choice does; `bound` and `in_sample` are of the problem that it was made on."""
        (_, check), (_, weak) = halves(self.likely), halves(self.weak)
        chosen, counts = found.chosen, self.likely.counts(found.chosen)
        low, high = np.quantile(counts, RANGE, method="inverted_cdf")
        probability = check.probability(chosen)
        rows = [self.case.options.rows[self.case.place[o]] for o in chosen]
        benefits = [row.benefit for row in rows]
        return Choice(
            meets=probability >= self.case.asked.probability if made_on is None else found.meets,
            probability=probability,
            in_sample=found.in_sample,
            weak=weak.probability(chosen),
            expected=float(counts.mean()),
            low=int(low),
            high=int(high),
            cost=self.likely.cost(chosen),
            cost_known=all(row.cost_known for row in rows),
            benefit=None if None in benefits else float(sum(b for b in benefits if b is not None)),
            bound=found.bound,
            proven=found.proven,
            enterprises=len(chosen),
            helped=tuple(self._helped(chosen)),
        )

    def _helped(self, chosen: Chosen) -> Sequence[Helped]:
        """Who brings most first."""
        case = self.case
        alone = case.chances(case.alone)
        likely, weak = (case.chances(case.helped(end)) for end in ("likely", "weak"))
        order = sorted(chosen, key=lambda o: (-float(likely[o] - alone[o]), o))
        return [self._enterprise(o, float(alone[o]), float(likely[o]), float(weak[o])) for o in order]

    def _enterprise(self, o: int, before: float, after: float, weak: float) -> Helped:
        case, row = self.case, int(self.case.rows[o])
        option, portfolio = case.options.rows[case.place[o]], case.portfolio
        texts = {
            name: str(portfolio.columns[name][row])
            for name in ("name", "region_code", "industry_code", "size")
        }
        return Helped(
            enterprise_id=option.enterprise_id,
            **texts,
            level=int(portfolio.level(case.asked.basis)[row]) or None,
            before=before,
            after=after,
            weak=weak,
            cost=option.cost,
            cost_known=option.cost_known,
            benefit=option.benefit,
            months=option.months,
            in_force=to_label(portfolio.today + option.months, "month"),
            action_count=len(option.actions),
            actions=told(option),
        )

    def _points(self) -> Sequence[MoneyPoint]:
        asked = self.case.asked
        (_, check), (_, weak) = halves(self.likely), halves(self.weak)
        return [
            MoneyPoint(
                cost=self.likely.cost(chosen),
                enterprises=len(chosen),
                probability=check.probability(chosen),
                weak=weak.probability(chosen),
                expected=self.likely.expected(chosen),
            )
            for chosen in choosing.frontier(self.likely, asked.limits, asked.probability)
        ]

    def _price(self) -> BudgetPrice | None:
        """At the budget, or at what the best choice costs; None where nothing is spent."""
        limits, wanted = self.case.asked.limits, self.case.asked.probability
        budget = self.likely.cost(self.best.chosen) if limits.budget is None else limits.budget
        if not len(self.likely) or budget <= 0:
            return None
        return BudgetPrice(
            budget=budget,
            of_one=programme.price(self.likely, Limits(budget, limits.enterprises)).of_one,
            per_million=choosing.per_million(self.likely, limits, wanted, budget),
        )
