"""质量效益测算表: what a move avoids, side by side and category by category, and what holding it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from features.periods import to_label
from models.effects.links import FloatArray
from models.recommend.benefit_rows import (
    Assumption,
    AssumptionCode,
    BenefitTable,
    CostLine,
    Money,
    Side,
    YearLine,
)
from models.recommend.money import YEAR, Losses, benefit
from models.recommend.promises import (
    Promise,
    benefit_draws,
    benefit_interval,
    claims_in_force,
    indicator_links,
    interval,
)
from models.results import Target

SIDES: Final[tuple[Side, ...]] = ("internal", "external")
TEXTS: Final[dict[AssumptionCode, str]] = {
    "against_leaving_alone": "the lever is moved next month and held; compared with leaving it alone",
    "accounting": "a failing unit is caught inside or escapes: internal loss follows the units caught with"
    " elasticity {elasticity:.2f}, external loss follows those that escape ({escaping:.0f} % today)",
    "losses_last_twelve": "failure costs stay what the last {months:.0f} statements say, scaled to a year",
    "few_statements": "only {months:.0f} months of statements were scaled to a year",
    "categories_alike": "a side's categories are avoided alike: records do not tell them apart by cause",
    "no_internal": "no statement of internal losses is on record: their share is not in the table",
    "no_external": "no statement of external losses is on record: their share is not in the table",
    "no_unit_cost": "no `cost_per_unit` is on record for the lever: holding the move is counted as free",
    "one_off_unknown": "what the change itself costs once is not on record and not in the table",
    "one_off_from_action": "the cost of the change itself is that of an action on this lever on record",
    "effect_only": "the interval is that of the effect; failure costs themselves are taken as known",
    "claims_later": "claims come later: in the first year external losses show {share:.0f} % of the change",
    "arrival": "{share:.0f} % of the full effect is in force in the first year, on average",
    "payback": "paid back when what is avoided has paid the change itself and a year of holding it",
}


@dataclass(frozen=True)
class Plan:
    """What a table needs to know beside the losses: `since` is the month index of the last known month,
    `holding` CNY a year (None: no unit cost on record), `one_off` CNY once (None: not on record),
    `categories` CNY by (side, category) over `months` statements.
    """

    since: int
    holding: float | None
    one_off: float | None = None
    categories: Mapping[tuple[Side, str], float] = field(default_factory=dict)
    months: int = YEAR


def benefit_table(losses: Losses, promise: Promise, plan: Plan) -> BenefitTable | None:
    """The table of one move; None where no loss is on record."""
    if not losses.known:
        return None
    cost, avoided = plan.holding or 0.0, benefit_interval(losses, promise)
    sides = {side: _avoided(losses, promise, side) for side in SIDES}
    return BenefitTable(
        lines=tuple(line for side in SIDES for line in _lines(losses, plan, side, sides[side])),
        internal_now=losses.internal,
        external_now=losses.external,
        avoided_internal=sides["internal"],
        avoided_external=sides["external"],
        avoided=avoided,
        holding_cost=cost,
        one_off_cost=plan.one_off,
        net=_scaled(avoided, 1.0, -cost),
        positive=float((benefit_draws(losses, promise) > cost).mean()),
        payback_months=payback_months(monthly_avoided(losses, promise), cost + (plan.one_off or 0.0)),
        years=_years(losses, promise, plan, avoided.estimate),
        assumptions=_assumptions(losses, promise, plan),
    )


def _avoided(losses: Losses, promise: Promise, side: Side) -> Money | None:
    now = losses.internal if side == "internal" else losses.external
    if now is None:
        return None
    target: Target = "internal_loss" if side == "internal" else "external_loss"
    point = indicator_links(losses, np.array(promise.failing.mean), np.array(promise.escape.mean))[target]
    drawn = indicator_links(losses, *promise.draws())[target]
    return interval(now * float(1 - np.exp(point)), now * (1 - np.exp(drawn)))


def _lines(losses: Losses, plan: Plan, side: Side, avoided: Money | None) -> list[CostLine]:
    """A side's categories, largest first, scaled so that they add up to the side's yearly loss."""
    own = {category: amount for (s, category), amount in plan.categories.items() if s == side}
    now, total = (losses.internal if side == "internal" else losses.external), sum(own.values())
    if avoided is None or now is None or total <= 0:
        return []
    ordered = sorted(own.items(), key=lambda item: (-item[1], item[0]))
    return [
        CostLine(side=side, category=c, now=now * part / total, avoided=_scaled(avoided, part / total))
        for c, part in ordered
        if part > 0
    ]


def _scaled(money: Money, factor: float, shift: float = 0.0) -> Money:
    estimate, low, high = (factor * x + shift for x in (money.estimate, money.low, money.high))
    return Money(estimate=estimate, low=low, high=high)


def monthly_avoided(losses: Losses, promise: Promise) -> FloatArray:
    """Avoided loss (CNY a month) in month 1, 2, … 12 after the move, then that of every month after (13,)."""
    shares = np.append(promise.monthly, 1.0) / promise.mean_arrival
    parts = shares * promise.failing.mean, shares * promise.escape.mean
    inside, whole = (benefit(replace(losses, first_year=y), *parts) / YEAR for y in (0.0, 1.0))
    claims = np.append(claims_in_force(losses.first_year), 1.0)
    return np.asarray(inside + claims * (whole - inside))


def payback_months(avoided: FloatArray, committed: float) -> float | None:
    """Months until avoided losses (CNY in month 1 … 12, then of every month after) add up to `committed`.

    None where they never do.
    """
    if committed <= 0:
        return 0.0
    year = np.cumsum(avoided[:-1])
    reached = np.flatnonzero(year >= committed)
    if len(reached):
        month = int(reached[0])
        before = float(year[month] - avoided[month])
        return month + (committed - before) / float(avoided[month])
    return YEAR + (committed - float(year[-1])) / float(avoided[-1]) if avoided[-1] > 0 else None


def _years(losses: Losses, promise: Promise, plan: Plan, first: float) -> tuple[YearLine, ...]:
    """The twelve months after the move, and every twelve months from then on."""
    cost, full = plan.holding or 0.0, YEAR * float(monthly_avoided(losses, promise)[-1])
    start = plan.since + 1
    return (
        YearLine(
            first=to_label(start, "month"),
            last=to_label(start + YEAR - 1, "month"),
            share=promise.mean_arrival,
            avoided=first,
            cost=cost + (plan.one_off or 0.0),
            net=first - cost - (plan.one_off or 0.0),
        ),
        YearLine(
            first=to_label(start + YEAR, "month"),
            last=None,
            share=1.0,
            avoided=full,
            cost=cost,
            net=full - cost,
        ),
    )


def _assumptions(losses: Losses, promise: Promise, plan: Plan) -> tuple[Assumption, ...]:
    months = {"months": float(plan.months)}
    found: list[tuple[AssumptionCode, dict[str, float], bool]] = [
        ("against_leaving_alone", {}, True),
        ("accounting", {"elasticity": losses.elasticity, "escaping": 100 * losses.escaping}, True),
        ("losses_last_twelve", months, plan.months >= YEAR),
        ("few_statements", months, plan.months < YEAR),
        ("categories_alike", {}, len(plan.categories) > 1),
        ("no_internal", {}, losses.internal is None),
        ("no_external", {}, losses.external is None),
        (
            "claims_later",
            {"share": 100 * losses.first_year},
            losses.first_year < 1 and losses.external is not None,
        ),
        ("arrival", {"share": 100 * promise.mean_arrival}, promise.mean_arrival < 1),
        ("no_unit_cost", {}, plan.holding is None),
        ("one_off_unknown", {}, plan.one_off is None),
        ("one_off_from_action", {}, plan.one_off is not None),
        ("payback", {}, True),
        ("effect_only", {}, True),
    ]
    return tuple(
        Assumption(code=code, values=values, text=TEXTS[code].format(**values))
        for code, values, applies in found
        if applies
    )
