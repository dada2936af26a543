"""The verdict on a finished action: estimates of every indicator, what they are worth, and one word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np
import pandas as pd
from scipy.special import ndtr

from models.verdicts.adjusting import Adjusted, Readings
from models.verdicts.first_stage import lever_seen
from models.verdicts.lines import LOSS, TARGETS, Lines, like_lines
from models.verdicts.placebos import LEAST_PLACEBOS, Estimates, Group, Pool, Window, combined
from models.verdicts.rows import EffectSeen, MoneySeen, ReasonCode, Verdict, VerdictRow, Warned
from models.verdicts.windows import AFTER, Act, acts_of, events_of, window_of

LEVEL: Final = 0.9
ENOUGH_AFTER: Final = 6
"""Periods after which an effect that does not show is called `no sign of it` and not `too early`."""
LOOKED_AT: Final = (3, 6, 9, 12)
"""Lengths after the finish for which placebos are run."""
PAUSE: Final = 2
"""Periods that a placebo leaves out between before and after, about as long as an action takes."""
DECIDING: Final = ("ftq", "ppm", LOSS, "cpk")
NINETY: Final = 1.6449
FOR_HALF: Final = 19
"""Placebos side by side without which a p-value of five per cent does not exist."""


class Table(Protocol):
    """The parts of `features.model_table.ModelTable` that are looked at."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per entity and period."""

    @property
    def parameters(self) -> pd.DataFrame:
        """The record table `parameters`."""


@dataclass(frozen=True)
class Bench:
    """Like lines of one indicator with everything that was learned of them."""

    adjusted: Adjusted
    acts: list[Act]

    @property
    def lines(self) -> Lines:
        """The lines as they were."""
        return self.adjusted.lines

    @cached_property
    def by_all(self) -> Group:
        """Placebos for actions that name a lever."""
        return Group(self.adjusted.by_all, events_of(self.acts, self.lines))

    @cached_property
    def by_context(self) -> Group:
        """Placebos for actions that name none."""
        return Group(self.adjusted.by_context, events_of(self.acts, self.lines))

    def look(self, act: Act, window: Window) -> tuple[Estimates, Pool] | ReasonCode:
        """Estimate one action; or why that cannot be done."""
        named = act.parameter_id is not None and act.parameter_id in self.adjusted.readings.names
        group = self.by_all if named else self.by_context
        own = self.adjusted.keeping(window.line, act.parameter_id) if named and act.parameter_id else None
        found = group.estimate(window, own)
        if found is None:
            return self._why_not(window)
        pool = group.pool(PAUSE, max(k for k in LOOKED_AT if k <= window.end - window.finish))
        return (found, pool) if pool.apart >= LEAST_PLACEBOS else "few_placebos"

    def _why_not(self, window: Window) -> ReasonCode:
        known = np.isfinite(self.lines.links[window.line])
        if not known.any():
            return "no_records"
        return "short_before" if known[window.finish : window.end].any() else "few_after"


class Judges:
    """All like lines of a table with all actions; judges any of them."""

    def __init__(self, table: Table, actions: pd.DataFrame, after: int = AFTER) -> None:
        """`actions` is the record table; at most `after` periods after a finish are looked at."""
        self._table, self.acts, self._after = table, acts_of(actions), after
        self._lines = {
            (target, name): lines
            for target in TARGETS
            for lines in like_lines(table.frame, target)
            for name in lines.enterprises
        }
        self._made: dict[int, Bench] = {}

    def judge(self, act: Act, promised: str | None = None) -> VerdictRow:
        """The verdict on one action; `promised` is the indicator that a promise was given on."""
        if act.status in ("planned", "doing", "dropped"):
            return _row(act, "cannot be told", reason="not_finished")
        if act.finished_on is None:
            return _row(act, "cannot be told", reason="no_finish_date")
        seen = {target: self._effect(act, target) for target in TARGETS}
        effects = {t: e for t, e in seen.items() if isinstance(e, EffectSeen)}
        if not effects:
            return _nothing(act, [e for e in seen.values() if isinstance(e, str)])
        word, target = _word(effects, promised)
        lever = lever_seen(act, self._table.frame)
        return _row(act, word).model_copy(
            update={
                "target": target,
                "periods_seen": effects[target].periods,
                "effects": tuple(e for t, e in effects.items() if t != LOSS),
                "money": self._money(act, effects.get(LOSS)),
                "lever": lever,
                "warnings": _warnings(effects[target], lever.moved if lever else None, word),
                "like_lines": self._helpers(act, target),
                "chance_it_helped": chance_below_zero(effects[target]),
            }
        )

    def _bench(self, act: Act, target: str) -> Bench | None:
        lines = self._lines.get((target, act.enterprise_id))
        if lines is None:
            return None
        if id(lines) not in self._made:
            readings = Readings.of(lines, self._table.frame, self._table.parameters)
            self._made[id(lines)] = Bench(Adjusted.of(lines, readings), self.acts)
        return self._made[id(lines)]

    def _effect(self, act: Act, target: str) -> EffectSeen | str:
        bench = self._bench(act, target)
        if bench is None:
            return "no_records"
        window = window_of(act, self.acts, bench.lines, self._after)
        if isinstance(window, str):
            return window
        found = bench.look(act, window)
        return found if isinstance(found, str) else _effect(bench.lines, window, *found)

    def _money(self, act: Act, effect: EffectSeen | None) -> MoneySeen | None:
        bench = self._bench(act, LOSS)
        if effect is None or bench is None:
            return None
        window = window_of(act, self.acts, bench.lines, self._after)
        assert isinstance(window, Window)  # noqa: S101 - there is an effect, so there was a window
        lines, after = bench.lines, slice(window.finish, window.end)
        rate = np.exp(lines.links[window.line, after]) - lines.offsets[window.line]
        yearly = 12 * float(np.nanmean(rate * lines.output[window.line, after]))
        saved = [
            yearly * float(np.expm1(-x)) for x in (effect.link_estimate, effect.link_high, effect.link_low)
        ]
        naive = _known(yearly * float(np.expm1(-_naive(lines, window))))
        return MoneySeen(estimate=saved[0], low=saved[1], high=saved[2], naive=naive)

    def _helpers(self, act: Act, target: str) -> tuple[str, ...]:
        """The like lines that carried most of the comparison, heaviest first."""
        bench = self._bench(act, target)
        window = window_of(act, self.acts, bench.lines, self._after) if bench else ""
        if bench is None or isinstance(window, str):
            return ()
        found = bench.look(act, window)
        if isinstance(found, str) or found[1].share == 0.0:
            return ()
        order = np.argsort(found[0].weights)[::-1][:5]
        return tuple(bench.lines.enterprises[found[0].donors[int(i)]] for i in order)


def judge_actions(
    table: Table,
    actions: pd.DataFrame,
    action_ids: Iterable[str] | None = None,
    promised: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[VerdictRow]:
    """Verdicts on the finished actions, or on those named (also unfinished ones), as the records order them.

    `promised` maps action ids to the indicator on which a promise was given; without one, first-time quality
    and ppm decide together.
    """
    judges = Judges(table, actions)
    wanted = None if action_ids is None else set(action_ids)
    finished = [act for act in judges.acts if act.status in ("checking", "done")]
    chosen = finished if wanted is None else [act for act in judges.acts if act.action_id in wanted]
    rows = []
    for done, act in enumerate(chosen, start=1):
        rows.append(judges.judge(act, (promised or {}).get(act.action_id)))
        if progress is not None:
            progress(done, len(chosen))
    return rows


def _effect(lines: Lines, window: Window, found: Estimates, pool: Pool) -> EffectSeen:
    estimate, sd = combined(found, pool.share, pool.scale)
    half = pool.quantile(LEVEL) * sd
    after = lines.links[window.line, window.finish : window.end]
    here = float(np.nanmean(after))
    moves = (estimate, estimate - half, estimate + half, _naive(lines, window))
    now = lines.natural(window.line, here)
    unit = [now - lines.natural(window.line, here - move) for move in moves]
    beside = found.beside if pool.share > 0 else None
    return EffectSeen(
        target=lines.target,
        estimate=unit[0],
        low=min(unit[1:3]),
        high=max(unit[1:3]),
        naive=_known(unit[3]),
        link_estimate=estimate,
        link_low=estimate - half,
        link_high=estimate + half,
        link_sd=half / NINETY,
        p_value=pool.p_value(abs(estimate) / sd),
        periods=int(np.isfinite(after).sum()),
        placebos=pool.apart,
        like_lines=len(found.donors) if beside else 0,
        share=pool.share if beside else 0.0,
        fit_before=(beside or found.alone).fit,
    )


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _naive(lines: Lines, window: Window) -> float:
    """Mean after less mean of the twelve periods before, link scale."""
    y = lines.links[window.line]
    before, after = y[max(0, window.start - AFTER) : window.start], y[window.finish : window.end]
    return float(np.nanmean(after) - np.nanmean(before)) if np.isfinite(before).any() else float("nan")


def _word(effects: Mapping[str, EffectSeen], promised: str | None) -> tuple[Verdict, str]:
    """The verdict and the indicator that decided it.

    Two indicators share the error of ten per cent, where there are placebos enough to halve it.
    """
    names = [promised] if promised and promised in effects else [t for t in DECIDING if t in effects][:2]
    names = names or [next(iter(effects))]
    if min(effects[name].placebos for name in names) < FOR_HALF:
        names = names[:1]
    error = (1 - LEVEL) / len(names)
    first = min(names, key=lambda name: effects[name].p_value)
    one = effects[first]
    if one.p_value <= error:
        return ("worked" if one.link_estimate < 0 else "made worse"), first
    return ("no sign of it" if one.periods >= ENOUGH_AFTER else "too early"), first


def _warnings(effect: EffectSeen, moved: str | None, word: Verdict) -> tuple[Warned, ...]:
    found: list[Warned] = []
    apart = abs(effect.naive - effect.estimate) if effect.naive is not None else 0.0
    if apart > max(abs(effect.estimate), (effect.high - effect.low) / 4):
        found.append("regression_to_mean")
    if effect.like_lines == 0:
        found.append("no_like_lines")
    if moved == "no" and word != "worked":
        found.append("lever_did_not_move")
    return tuple(found)


def chance_below_zero(effect: EffectSeen) -> float:
    """Chance that the action lowered what is bad, from the estimate and its placebo error alone (normal)."""
    return float(ndtr(-effect.link_estimate / effect.link_sd)) if np.isfinite(effect.link_sd) else 0.5


def _nothing(act: Act, reasons: list[str]) -> VerdictRow:
    if "too_early" in reasons:
        return _row(act, "too early")
    order = ("another_action", "short_before", "few_placebos", "few_after", "no_records")
    first = next(code for code in order if code in reasons)
    return _row(act, "cannot be told", reason=first)


def _row(act: Act, verdict: Verdict, reason: str | None = None) -> VerdictRow:
    return VerdictRow(
        action_id=act.action_id,
        enterprise_id=act.enterprise_id,
        title=act.title,
        parameter_id=act.parameter_id,
        started_on=act.started_on.isoformat(),
        finished_on=act.finished_on.isoformat() if act.finished_on else None,
        verdict=verdict,
        reason_code=reason,
    )
