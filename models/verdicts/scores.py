"""Promises against outcomes: how recommendations that were accepted and carried out have fared.

Outcomes are estimates, not truths: a promise is held against what was seen with the errors of both. Where
cases are few the shares are drawn towards what a calibrated promise would give, and the row says so. Nothing
here changes a recommendation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

import numpy as np
from scipy.special import betaincinv, ndtr

from features.improvement.promise import Promise
from models.results import Row
from models.verdicts.judge import chance_below_zero
from models.verdicts.rows import EffectSeen, VerdictRow

NINETY: Final = 1.6449
FEW: Final = 10
"""Cases below which a score is called one of few cases."""
WEIGHT: Final = 5.0
"""Cases that the expectation of a calibrated promise counts for."""
RATIO_SD: Final = 0.5
"""How far realised ÷ promised is expected from one before anything was seen."""
GOOD: Final = {"ftq": 1.0, "cpk": 1.0}
Scope = Literal["all", "enterprise", "lever", "year"]


class ScoreRow(Row):
    """How promises of one scope have fared.

    `promised` were accepted with a promise, `judged` of them have an estimate on the promised indicator,
    `waiting` are open or too early, `untold` cannot be told. `calibration` is the share of promised 90 %
    intervals that agree with what was seen, given its error (`kept` of `judged`, drawn to 0.9 where few);
    `realised_over_promised` money a year (null without money), drawn to one, with the `money_weight` of what
    was seen in it (below a half it says little), and its inverse where the interval lies above
    zero; `brier` of the chance "it will work" that the promise implied, beside that of a coin (0.25).
    """

    scope: Scope
    name: str
    promised: int
    judged: int
    waiting: int
    untold: int
    kept: int
    calibration: float | None
    calibration_low: float | None
    calibration_high: float | None
    money_promised: float | None
    money_realised: float | None
    realised_over_promised: float | None
    ratio_low: float | None
    ratio_high: float | None
    money_weight: float | None
    promised_over_realised: float | None
    brier: float | None
    few: bool


Pair = tuple[Promise, VerdictRow | None]


def score_promises(promises: Iterable[Promise], verdicts: Iterable[VerdictRow]) -> list[ScoreRow]:
    """Score all promises together, by enterprise, by lever and by the year in which they were given.

    A promise whose action has no verdict yet is waiting; a verdict without a promise is not scored.
    """
    seen = {row.action_id: row for row in verdicts}
    pairs = [(promise, seen.get(promise.action_id)) for promise in promises]
    rows = [_score("all", "", pairs)] if pairs else []
    for scope, name_of in _SCOPES.items():
        names = sorted({name_of(promise) for promise, _ in pairs})
        rows += [_score(scope, name, [pair for pair in pairs if name_of(pair[0]) == name]) for name in names]
    return rows


def _enterprise(promise: Promise) -> str:
    return promise.enterprise_id


def _lever(promise: Promise) -> str:
    return promise.parameter_id


def _year(promise: Promise) -> str:
    return promise.given_on[:4]


_SCOPES: Final[Mapping[Scope, Callable[[Promise], str]]] = {
    "enterprise": _enterprise,
    "lever": _lever,
    "year": _year,
}


def _score(scope: Scope, name: str, pairs: list[Pair]) -> ScoreRow:
    judged = [(promise, row, effect) for promise, row in pairs if row and (effect := on_target(promise, row))]
    untold = sum(1 for _, row in pairs if row and row.verdict == "cannot be told" and not row.effects)
    kept = sum(agrees(promise, effect) for promise, _, effect in judged)
    return ScoreRow(
        scope=scope,
        name=name,
        promised=len(pairs),
        judged=len(judged),
        waiting=len(pairs) - len(judged) - untold,
        untold=untold,
        kept=kept,
        **_calibration(kept, len(judged)),
        **_money([(promise, row) for promise, row, _ in judged]),
        brier=_brier(judged),
        few=len(judged) < FEW,
    )


def on_target(promise: Promise, row: VerdictRow) -> EffectSeen | None:
    """What was seen on the indicator that the promise was about, None where nothing was."""
    return next((effect for effect in row.effects if effect.target == promise.target), None)


def agrees(promise: Promise, effect: EffectSeen) -> bool:
    """Whether promise and outcome differ by no more than both errors allow nine times out of ten."""
    middle = (promise.low + promise.high) / 2
    allowed = np.hypot((promise.high - promise.low) / 2, (effect.high - effect.low) / 2)
    return bool(abs(effect.estimate - middle) <= allowed)


def chance_promised(promise: Promise) -> float:
    """The chance "it will work" that the promised interval implies (normal)."""
    middle, sd = (promise.low + promise.high) / 2, (promise.high - promise.low) / (2 * NINETY)
    better = GOOD.get(promise.target, -1.0) * middle
    return float(ndtr(better / sd)) if sd > 0 else float(better > 0)


def _calibration(kept: int, judged: int) -> dict[str, float | None]:
    """Share kept with a 90 % interval (beta posterior around 0.9)."""
    if not judged:
        return dict.fromkeys(("calibration", "calibration_low", "calibration_high"))
    a, b = kept + 0.9 * WEIGHT, judged - kept + 0.1 * WEIGHT
    low, high = (betaincinv(a, b, share) for share in (0.05, 0.95))
    return {"calibration": a / (a + b), "calibration_low": float(low), "calibration_high": float(high)}


def _money(pairs: list[tuple[Promise, VerdictRow]]) -> dict[str, float | None]:
    """Realised ÷ promised money with a 90 % interval: a normal posterior around one."""
    both = [(p.benefit, row.money) for p, row in pairs if p.benefit and row.money is not None]
    names = (
        "money_promised",
        "money_realised",
        "realised_over_promised",
        "ratio_low",
        "ratio_high",
        "money_weight",
    )
    if not both:
        return dict.fromkeys((*names, "promised_over_realised"))
    promised = sum(benefit for benefit, _ in both)
    realised = sum(money.estimate for _, money in both)
    sd = np.sqrt(sum(((money.high - money.low) / (2 * NINETY)) ** 2 for _, money in both)) / promised
    seen, prior = 1 / sd**2 if sd > 0 else np.inf, 1 / RATIO_SD**2
    weight = 1.0 if np.isinf(seen) else seen / (seen + prior)
    ratio, spread = weight * realised / promised + 1 - weight, np.sqrt(weight) * sd
    low, high = ratio - NINETY * spread, ratio + NINETY * spread
    values = (promised, realised, ratio, low, high, weight)
    inverse = 1 / ratio if low > 0 else None
    return {**{n: float(v) for n, v in zip(names, values, strict=True)}, "promised_over_realised": inverse}


def _brier(judged: list[tuple[Promise, VerdictRow, EffectSeen]]) -> float | None:
    """Expected Brier score: whether it worked is itself known with a chance only."""
    said = [(chance_promised(p), chance_below_zero(effect)) for p, _, effect in judged]
    return float(np.mean([w * (1 - f) ** 2 + (1 - w) * f**2 for f, w in said])) if said else None
