"""The pilot of an enterprise whose data cannot decide: which lever, which lines, how long, how large a step.

Every open question is weighed by what knowing its answer would be worth (`models.pilots.value`). Of the
schedules that could be run, the one with the fewest lines is taken that finds a plausible effect with the
wanted power and pays; else the one that is worth most, and the design says that it falls short; and if none
pays, the one that hears best.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from features.model_table import finest
from models.effects.links import FloatArray
from models.effects.model import EffectModel
from models.effects.panel import EffectTable
from models.pilots.beliefs import Question, Spot, at_plant, questions, spot_of
from models.pilots.layout import Switchback
from models.pilots.noise import LineNoise, line_noises
from models.pilots.options import Option, switchbacks, wedge
from models.pilots.partners import Partner, partners
from models.pilots.rows import PilotDesign, Silence
from models.pilots.telling import told
from models.pilots.value import Gain, Worth, decided, worth
from models.recommend.loss_links import LossLinks, loss_links
from models.recommend.money import Losses, benefit, yearly_losses
from models.recommend.moves import Range

PERIODS_A_YEAR: Final = {"month": 12.0, "week": 52.0, "day": 365.0}
MOST_PERIODS: Final = {"month": 24, "week": 26, "day": 60}
LINES: Final = (1, 2, 3, 4, 6, 8)
LENGTHS: Final = (0.5, 0.75, 1.0)
MOST_QUESTIONS: Final = 6
CLOSED: Final = frozenset({"not_among_top", "too_costly", "suspected_outcome", "no_room"})
"""Reasons for which a lever got no advice and a pilot would change nothing."""


@dataclass(frozen=True)
class Asked:
    """What a design has to keep to: power wanted, periods at most (None: two years of months, half a year of
    weeks, sixty days), lines at most, one lever only, one-way steps only, and the seed of its lots.
    """

    power: float = 0.8
    most_periods: int | None = None
    most_lines: int = 8
    lever: str | None = None
    one_way: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Plan:
    """A schedule for a question on some lines, and what it is worth (`worth` in CNY if `money`)."""

    question: Question
    lines: tuple[Partner, ...]
    option: Option
    worth: Worth
    money: bool

    @property
    def plausible(self) -> float:
        """An effect of a size that belief leaves open, link scale: the root mean square of δ."""
        return float(np.hypot(self.question.mean, self.question.sd))

    @property
    def reaches(self) -> bool:
        """Whether an effect of plausible size is found with the wanted power."""
        return self.option.detectable <= self.plausible


class Designer:
    """Designs pilots over one fitted effect model; noise and losses are looked up once."""

    def __init__(self, table: EffectTable, model: EffectModel) -> None:
        self._table, self._model = table, model
        self._noises: dict[tuple[int, str, int], tuple[LineNoise, ...]] = {}
        self._known_losses: dict[str, Losses] = {}
        self._known_spans: dict[tuple[int, int, int], Range | None] = {}

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:
        whole = finest(self._table.frame[self._table.frame["product_id"] == ""])
        return {str(e): part.sort_values("t") for e, part in whole.groupby("enterprise_id")}

    @cached_property
    def _parameters(self) -> dict[str, pd.DataFrame]:
        return {str(e): part for e, part in self._table.parameters.groupby("enterprise_id")}

    @cached_property
    def _links(self) -> LossLinks:
        return loss_links(self._table)

    def design(
        self, enterprise_id: str, doubts: Mapping[str, str], asked: Asked | None = None
    ) -> PilotDesign:
        """The best pilot, or why there is none. `doubts`: the levers without advice, by reason code ("" where
        no code was given).
        """
        asked = asked or Asked()
        spot = spot_of(self._model, enterprise_id)
        if spot is None or not spot.effects:
            return self._none(enterprise_id, "no_outcome")
        plan = self._best(spot, enterprise_id, doubts, asked)
        if not isinstance(plan, Plan):
            return self._none(enterprise_id, plan)
        noises = self._of(spot, plan.question)
        start = int(self._rows[enterprise_id]["t"].max()) + 1
        return told(enterprise_id, plan, spot, noises, start, asked.power, asked.seed)

    @staticmethod
    def _none(enterprise_id: str, code: Silence) -> PilotDesign:
        return PilotDesign(enterprise_id=enterprise_id, reason_code=code)

    def _of(self, spot: Spot, q: Question) -> tuple[LineNoise, ...]:
        key = (id(spot.panel), q.target, q.lever if q.at_step else -1)
        if key not in self._noises:
            self._noises[key] = line_noises(spot.reading(q.target, q.lever)[0])
        return self._noises[key]

    def _best(
        self, spot: Spot, enterprise_id: str, doubts: Mapping[str, str], asked: Asked
    ) -> Plan | Silence:
        year = PERIODS_A_YEAR[spot.panel.frequency]
        open_ones = {name: code for name, code in doubts.items() if code not in CLOSED}
        asking = questions(spot, self._parameters[enterprise_id], open_ones, year, asked.lever)
        if not asking:
            return "no_open_lever"
        asking = self._most_worth(asking, spot)
        asking = [q for q in asking if self._of(spot, q)[spot.index].audible]
        if not asking:
            return "no_noise"
        most = asked.most_periods or MOST_PERIODS[spot.panel.frequency]
        lines = {q: self._lines(spot, q) for q in asking}
        made: list[Plan] = []
        for count in (n for n in LINES if n <= asked.most_lines):
            able = [q for q in asking if len(lines[q]) >= count]
            here = [p for q in able for p in self._with(spot, q, lines[q][:count], most, year, asked)]
            good = [p for p in here if p.reaches and p.worth.net > 0]
            if good:
                return max(good, key=_net)
            made += here
        if not made:
            return "too_short"
        best = max(made, key=_net)
        if best.worth.net <= 0:
            best = max(made, key=_heard)
        return best

    def _lines(self, spot: Spot, q: Question) -> tuple[Partner, ...]:
        noises, weights = self._of(spot, q), Switchback(1, 1, 0).pair_weights()
        ranked = partners(spot.index, q, lambda i: self._span(spot, q.lever, i), noises, weights)
        return tuple(p for p in ranked if noises[p.index].audible)

    def _most_worth(self, asking: Sequence[Question], spot: Spot) -> list[Question]:
        """The questions whose perfect answer would be worth most on the enterprise's own line."""

        def perfect(q: Question) -> float:
            gross, yearly = self._gross(spot, [spot.index], q), self._yearly(spot, [spot.index], q)
            known = lambda x: gross(x) - yearly  # noqa: E731
            return decided(known, q.mean, q.sd, 0.0) - decided(known, q.mean, q.sd, float("inf"))

        return sorted(asking, key=perfect, reverse=True)[:MOST_QUESTIONS]

    def _with(
        self, spot: Spot, q: Question, lines: tuple[Partner, ...], most: int, year: float, asked: Asked
    ) -> Iterable[Plan]:
        noises, rows = self._of(spot, q), [p.index for p in lines]
        gross, yearly, belief = self._gross(spot, rows, q), self._yearly(spot, rows, q), (q.mean, q.sd)
        for option in _options(tuple(noises[i] for i in rows), q.arrival, most, asked):
            at_b = option.periods * option.treated_share / year
            value = worth(lambda x: gross(x) - yearly, gross, belief, option.error, yearly * at_b, at_b)
            yield Plan(q, lines, option, value, self._money(spot, rows))

    def _losses(self, enterprise_id: str) -> Losses:
        """Losses of a full year under a setting: what is decided holds for years, so claims have arrived."""
        if enterprise_id not in self._known_losses:
            stated = yearly_losses(self._rows[enterprise_id], self._links)
            self._known_losses[enterprise_id] = replace(stated, first_year=1.0)
        return self._known_losses[enterprise_id]

    def _span(self, spot: Spot, lever: int, index: int) -> Range | None:
        """Where a line of the sector may move a lever; None where it may not, or hardly read it."""
        key = (id(spot.panel), lever, index)
        if key not in self._known_spans:
            own = self._parameters.get(spot.panel.enterprises[index], self._table.parameters.iloc[:0])
            row = own[(own["parameter_id"] == spot.panel.levers[lever]) & (own["kind"] == "actionable")]
            self._known_spans[key] = None if row.empty else spot.span(index, lever, row.iloc[0])
        return self._known_spans[key]

    def _money(self, spot: Spot, rows: Iterable[int]) -> bool:
        return any(self._losses(spot.panel.enterprises[i]).known for i in rows)

    def _gross(self, spot: Spot, rows: Sequence[int], q: Question) -> Gain:
        """Avoided loss (CNY a year) of lines for a change δ of what is read; −δ itself where no money is
        on record.
        """
        losses = [(float(q.share[i]), self._losses(spot.panel.enterprises[i])) for i in rows]
        stated = [(share, one) for share, one in losses if one.known]

        def gain(change: FloatArray) -> FloatArray:
            zero = np.zeros_like(change)
            if q.target != "ftq":
                saved = [benefit(one, zero, change) for _, one in stated]
            else:
                saved = [benefit(one, at_plant(change, share), zero) for share, one in stated]
            return np.asarray(sum(saved)) if stated else -change

        return gain

    def _yearly(self, spot: Spot, rows: Sequence[int], q: Question) -> float:
        """What a year at the new setting costs on all lines, CNY; the enterprise's own unit cost for all."""
        return q.unit_cost * abs(q.step) * len(rows) if self._money(spot, rows) else 0.0


def _net(plan: Plan) -> float:
    return plan.worth.net


def _heard(plan: Plan) -> float:
    return plan.plausible / plan.option.detectable


def _options(
    noises: tuple[LineNoise, ...], arrival: tuple[float, ...], most: int, asked: Asked
) -> Iterable[Option]:
    """For some lengths, the schedule that hears best."""
    for periods in sorted({max(int(most * f), 2) for f in LENGTHS}):
        if asked.one_way:
            one = wedge(noises, periods, arrival, asked.power)
            tried = [] if one is None else [one]
        else:
            tried = list(switchbacks(noises, periods, arrival, asked.power))
        if tried:
            yield min(tried, key=lambda o: o.detectable)
