"""Which official indicator's level a move changes, and when: the twelve-month windows, month by month.

A window's mean changes only as months under the move roll in, and the effect itself arrives over months.
Every path of the months ahead is moved by a draw of the effect, the official windows are rebuilt from sums
(`models.attainment.window`), and the rules say each window's level (`models.rules_numpy`); no threshold is
known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

import numpy as np

from features.periods import to_label
from models.attainment import window
from models.attainment.known import MONTHS, Array, Known
from models.attainment.official import MEASURED
from models.effects.links import FloatArray, to_link
from models.recommend.money import Losses
from models.recommend.promises import Promise, claims_in_force, indicator_links, moved
from models.recommend.rows import Indicator, LevelGap, LevelMove
from models.recommend.standing import PATHS, Standing
from models.results import LEVELS, Target
from models.rules_numpy import ArrayRules

MOVED_BY: Final[Mapping[Indicator, Target]] = {
    "sigma": "ppm",
    "ftq": "ftq",
    "internal_loss": "internal_loss",
    "external_loss": "external_loss",
}
WINDOW_OF: Final[Mapping[Indicator, Callable[[Known, Array], Array]]] = {
    "sigma": window.nonconforming_ppm,
    "ftq": window.rolled_yield,
    "internal_loss": window.internal_rate,
    "external_loss": window.external_rate,
}
LIKELIER: Final = 0.5
LEAST_ADDED: Final = 0.1
"""A move that adds less to the probability of a level, a year after it, is not said to bring it about."""
Basis = Literal["forecast", "held"]


@dataclass(frozen=True)
class Windows:
    """One indicator's official windows ending 0, 1 … 12 months after the last known one, P × 13 in its unit:
    `without` and `with_` the move.
    """

    indicator: Indicator
    basis: Basis
    without: FloatArray
    with_: FloatArray


def levels_moved(
    standing: Standing, enterprise_id: str, losses: Losses, promise: Promise
) -> tuple[tuple[LevelMove, ...], LevelGap | None]:
    """Every indicator whose level the move changes, earliest first; and, where there is none, what comes
    nearest (None: nothing is measured that the move touches, or it is at the highest level).
    """
    if enterprise_id not in standing.rows:
        return (), None
    rules = _rules()
    found = _windows(standing, enterprise_id, losses, promise)
    since = standing.origin[standing.rows[enterprise_id]]
    moves = [m for w in found if (m := _move(rules, w, since)) is not None]
    if moves:
        return tuple(sorted(moves, key=lambda m: (m.period, -m.after_a_year))), None
    gaps = [g for w in found if (g := _gap(rules, w)) is not None]
    return (), min(gaps, key=lambda g: (-g.probability, _distance(g)), default=None)


@cache
def _rules() -> ArrayRules:
    return ArrayRules()


def _windows(standing: Standing, enterprise_id: str, losses: Losses, promise: Promise) -> list[Windows]:
    """Windows of every measured indicator that the move touches and that is known."""
    state = standing.states[standing.rows[enterprise_id]]
    known = standing.window(enterprise_id)
    share = promise.monthly / promise.mean_arrival
    failing, escape = (x[:, None] * share for x in promise.draws(PATHS))
    links = indicator_links(replace(losses, first_year=1.0), failing, escape)
    claims = claims_in_force(losses.first_year)
    links["external_loss"] = np.log1p(claims * np.expm1(links["external_loss"]))
    found = []
    for indicator, target in MOVED_BY.items():
        link = links[target]
        if state.status.get(indicator) != MEASURED or not np.any(link):
            continue
        ahead = standing.paths(enterprise_id, target)
        basis: Basis = "held" if ahead is None else "forecast"
        left = np.full((1, MONTHS), held_rate(known, indicator)) if ahead is None else ahead
        without = _through(known, indicator, left)
        with_ = _through(known, indicator, moved(target, left, link))
        if np.isfinite(without).all() and np.isfinite(with_).all():
            found.append(Windows(indicator, basis, without, with_))
    return found


def held_rate(known: Known, indicator: Indicator) -> float:
    """The indicator's value over the twelve known months, in the unit of its paths."""
    nothing = np.ones((1, 1, MONTHS)) if indicator == "ftq" else np.zeros((1, 1, MONTHS))
    return float(WINDOW_OF[indicator](known, nothing)[0, 0, 0])


def _through(known: Known, indicator: Indicator, paths: FloatArray) -> FloatArray:
    return np.asarray(WINDOW_OF[indicator](known, paths[None])[0])


def _chances(rules: ArrayRules, indicator: Indicator, values: FloatArray) -> FloatArray:
    """5 × 13: probability of level 1 … 5 or better in each window."""
    levels = rules.level_of_value(indicator, values)
    return np.array([(levels >= level).mean(axis=0) for level in LEVELS])


def _likely(chances: FloatArray) -> FloatArray:
    """The highest level that is likelier reached than not, per window."""
    return np.asarray((chances >= LIKELIER).sum(axis=0))


def _move(rules: ArrayRules, w: Windows, since: int) -> LevelMove | None:
    without, with_ = (_chances(rules, w.indicator, v) for v in (w.without, w.with_))
    left, done = _likely(without), _likely(with_)
    better = done > left
    if not better[-1]:
        return None
    at = len(better) - int(np.argmin(better[::-1]))
    to = int(done[at]) - 1
    if with_[to, -1] - without[to, -1] < LEAST_ADDED:
        return None
    return LevelMove(
        indicator=w.indicator,
        from_level=int(left[at]),
        to_level=to + 1,
        since=to_label(since, "month"),
        period=to_label(since + at, "month"),
        probability=float(with_[to, at]),
        after_a_year=float(with_[to, -1]),
        without=float(without[to, -1]),
        basis=w.basis,
    )


def _gap(rules: ArrayRules, w: Windows) -> LevelGap | None:
    without, chances = (_chances(rules, w.indicator, v) for v in (w.without, w.with_))
    level = int(_likely(without)[-1]) + 1
    steps = {step.level: step for step in rules.book.ladders[w.indicator].steps}
    if level not in steps:
        return None
    step = steps[level]
    return LevelGap.model_validate(
        {
            "indicator": w.indicator,
            "level": level,
            "now": float(w.without[0, 0]),
            "value": float(np.median(w.with_[:, -1])),
            "operator": step.operator,
            "needs": step.numerator / step.denominator,
            "probability": float(chances[level - 1, -1]),
        }
    )


def _distance(gap: LevelGap) -> float:
    """How far the value is from what the level needs, on the indicator's link scale."""
    target = MOVED_BY[gap.indicator]
    return float(abs(to_link(target, gap.value) - to_link(target, gap.needs)))
