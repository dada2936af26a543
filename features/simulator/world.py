"""A simulated province: draw it from a seed, read its records, act on it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import pandas as pd
import pyarrow as pa

from features.periods import to_index, to_label
from features.simulator.actions import draw_actions
from features.simulator.counterfactual import WhatIf, what_if
from features.simulator.engine import Engine
from features.simulator.families import build_mechanism
from features.simulator.faults import UnknownNameError, WorldError
from features.simulator.history import History, live
from features.simulator.judging import Move, best_action, gains, realised
from features.simulator.levers import draw_levers
from features.simulator.observed import record_tables
from features.simulator.oracle import oracle
from features.simulator.plants import draw_plants
from features.simulator.population import enterprise_ids
from features.simulator.scenario import Scenario
from features.simulator.streams import Array
from features.simulator.trials import Plan, Trial, run_trial
from features.simulator.truth import LeverTruth, lever_truths


class World:
    """A province of plants with known causes.

    Args:
        seed: everything follows from it; the same arguments give the same bytes.
        enterprises: number of plants N.
        months: length T of the recorded history.
        start: first month, 'YYYY-MM'.
        scenario: dials of the phenomena.
        family: "additive" (effects add up in log-odds) or "wear" (machines wear out and are mended).
        sectors: sector ids to draw from; all five if empty.

    Example:
        >>> world = World(seed=1, enterprises=3, months=24)
        >>> world.last_period
        '2022-12'
    """

    def __init__(
        self,
        seed: int,
        enterprises: int = 40,
        months: int = 60,
        start: str = "2021-01",
        scenario: Scenario | None = None,
        family: str = "additive",
        sectors: Sequence[str] = (),
    ) -> None:
        if enterprises < 1 or months < 3:
            raise WorldError(
                f"a world needs 1 enterprise and 3 months or more, found {enterprises} and {months}"
            )
        self.seed, self.months, self.family = seed, months, family
        self.scenario = scenario or Scenario()
        self.first = to_index(start)
        self.plants = draw_plants(seed, enterprises, self.scenario, sectors)
        self.levers = draw_levers(seed, self.plants, self.scenario)
        self.actions = draw_actions(seed, self.plants, self.levers, months, self.scenario)
        mechanism = build_mechanism(family, self.levers, self.scenario)
        moved = self.actions.moved
        self.engine = Engine(self.plants, self.levers, mechanism, self.scenario, moved, self.first % 12)
        self.enterprises = enterprise_ids(enterprises)

    @cached_property
    def history(self) -> History:
        """The months that happened, with their hidden states."""
        return live(self.engine, self.seed, self.months)

    def index(self, period: str) -> int:
        """Months from the world's first month to 'YYYY-MM' (negative before it)."""
        return to_index(period) - self.first

    def period(self, t: int) -> str:
        """'YYYY-MM' of a month counted from the world's first."""
        return to_label(self.first + t, "month")

    @property
    def last_period(self) -> str:
        """The last month of history."""
        return self.period(self.months - 1)

    def plant(self, enterprise_id: str) -> int:
        """Row of an enterprise. Raises UnknownNameError naming the range of ids."""
        if enterprise_id not in self.enterprises:
            raise UnknownNameError(
                "enterprise", enterprise_id, f"{self.enterprises[0]} … {self.enterprises[-1]}"
            )
        return self.enterprises.index(enterprise_id)

    def tables(self) -> dict[str, pa.Table]:
        """All record tables, as DATA_STANDARD spells them."""
        return record_tables(self)

    def expected(
        self,
        enterprise_id: str,
        target: str,
        periods: Sequence[str],
        interventions: Mapping[str, float] | None = None,
        from_period: str | None = None,
        futures: int = 64,
    ) -> Array:
        """True expectation of a target in the given months, under settings held from a month on.

        Months of history keep the draws that really happened; later months are means over `futures`
        futures that share their draws with every other question (common random numbers).

        Args:
            enterprise_id: whose line.
            target: ftq, internal_loss, external_loss (fractions), ppm or cpk.
            periods: months 'YYYY-MM'.
            interventions: parameter_id to the value (in its unit) at which it is held; None = what people do.
            from_period: first month of the settings; the month after history if None.
            futures: how many futures to average over.
        """
        wanted = [self.index(period) for period in periods]
        if not wanted or min(wanted) < 0:
            raise WorldError(f"periods {list(periods)}: ask for months from {self.period(0)} on")
        span = (min(wanted), max(wanted))
        asked = what_if(self, enterprise_id, interventions or {}, self._since(from_period), span, futures)
        return asked.values(target, periods)

    def _since(self, from_period: str | None) -> int:
        """First month of a setting: the one after history unless said."""
        return self.months if from_period is None else max(self.index(from_period), 0)

    def do(
        self,
        enterprise_id: str,
        parameter_id: str,
        to: float,
        from_period: str | None = None,
        horizon: int = 12,
        futures: int = 64,
    ) -> WhatIf:
        """Hold one parameter at `to` from a month on; the answer compares with leaving it alone."""
        start = self._since(from_period)
        return what_if(self, enterprise_id, {parameter_id: to}, start, (start, start + horizon - 1), futures)

    def trial(self, plan: Plan, months: int, futures: int = 64) -> Trial:
        """Set levers month by month to a plan after history, in many futures at once: a pilot, really run.

        Args:
            plan: (enterprise_id, parameter_id) to {month 'YYYY-MM': value in the lever's unit}.
            months: how long to live on after history.
            futures: how many futures.
        """
        return run_trial(self, plan, months, futures)

    def oracle(self, origin: str | None = None, horizon: int = 12, futures: int = 200) -> pd.DataFrame:
        """Best possible forecast: knows the hidden state at the end of `origin`, not the draws after it."""
        return oracle(self, self.months - 1 if origin is None else self.index(origin), horizon, futures)

    @cached_property
    def truth(self) -> tuple[LeverTruth, ...]:
        """Causal role and sensitivity of every parameter of every plant."""
        return lever_truths(self)

    def gains(
        self, target: str = "loss", origin: str | None = None, horizon: int = 12, futures: int = 48
    ) -> pd.DataFrame:
        """True gain of every feasible move of every actionable parameter of every plant (see `judging`)."""
        return gains(
            self, target, self.months - 1 if origin is None else self.index(origin), horizon, futures
        )

    def best_action(
        self, enterprise_id: str, target: str = "loss", origin: str | None = None, horizon: int = 12
    ) -> Move:
        """The single move with the greatest true gain, within the range the line itself has shown.

        Every plant is judged at once; asking for many plants is best done on one call of `gains`.
        """
        return best_action(self.gains(target, origin, horizon), enterprise_id)

    def realised(
        self,
        advice: Iterable[tuple[str, str, float]],
        target: str = "loss",
        origin: str | None = None,
        horizon: int = 12,
        futures: int = 48,
    ) -> list[float]:
        """True gains of advised moves (enterprise_id, parameter_id, to): what acting on advice brings."""
        at = self.months - 1 if origin is None else self.index(origin)
        return realised(self, advice, target, at, horizon, futures)
