"""Who needs one thing only, and who is about to fall back."""

from __future__ import annotations

import numpy as np

from models.assistance.options import Option, Options
from models.assistance.problem import Mask
from models.assistance.rows import Falling, HelpAction, OneShort
from models.assistance.standing import Standing
from models.portfolio import Portfolio
from models.portfolio.bases import Basis
from models.results import HORIZONS, LEVELS

SOON = 6
LIKELIER = 0.5
AHEADS = (3, 6, 12)


def one_short(
    portfolio: Portfolio, options: Options, basis: Basis, members: Mask, level: int
) -> list[OneShort]:
    """Of the members below a level, those whom one indicator or one management item alone keeps from it; the
    likeliest to get there first.
    """
    rows = np.flatnonzero(members & (portfolio.level(basis) > 0) & (portfolio.level(basis) < level))
    here = Standing(portfolio, basis, rows)
    found: dict[int, OneShort] = {}
    for name, own in here.only(level).items() if len(rows) else ():
        for at in np.flatnonzero(own):
            found.setdefault(int(rows[at]), _short(here, options, int(rows[at]), name, level))
    return sorted(found.values(), key=lambda one: (-(one.chance or 0.0), one.enterprise_id))


def _short(here: Standing, options: Options, row: int, name: str, level: int) -> OneShort:
    portfolio, step = here.portfolio, here.step(name, level)
    enterprise = str(portfolio.enterprise_ids[row])
    chance = _number(portfolio.reach(here.basis, level, HORIZONS)[row])
    value = None if step is None else _number(portfolio.value(name)[row])
    return OneShort(
        enterprise_id=enterprise,
        name=str(portfolio.columns["name"][row]),
        region_code=str(portfolio.columns["region_code"][row]),
        level=int(portfolio.level(here.basis)[row]),
        item=name,
        management=step is None,
        own=int(portfolio.own_level(name)[row]),
        value=value,
        operator=None if step is None else step.operator,
        needs=None if step is None else step.numerator / step.denominator,
        chance=chance,
        cost=_cheapest(options, enterprise, here.basis, level),
    )


def _cheapest(options: Options, enterprise: str, basis: Basis, level: int) -> float | None:
    """Of the options with which the level is likelier than not within twelve months; CNY a year."""
    places = options.of.get(enterprise, [])
    there = options.firsts[basis, "likely"][level - LEVELS[1]][places] <= HORIZONS
    likely = there.mean(axis=1) > LIKELIER
    return min((options.rows[o].cost for o, good in zip(places, likely, strict=True) if good), default=None)


def falling(
    portfolio: Portfolio, options: Options, basis: Basis, members: Mask, least: float
) -> list[Falling]:
    """Members whose window in six months stands below today's level with a chance of `least` or more, the
    likeliest first.
    """
    chance = np.nan_to_num(portfolio.fall(basis, SOON), nan=0.0)
    rows = np.flatnonzero(members & (chance >= least) & (portfolio.level(basis) > LEVELS[0]))
    rows = rows[np.argsort(-chance[rows], kind="stable")]
    here = Standing(portfolio, basis, rows)
    hanging = here.holding() if len(rows) else {}
    return [
        _falling(portfolio, options, basis, row, tuple(n for n, own in hanging.items() if own[at]))
        for at, row in enumerate(rows.tolist())
    ]


def _falling(
    portfolio: Portfolio, options: Options, basis: Basis, row: int, holding: tuple[str, ...]
) -> Falling:
    enterprise = str(portfolio.enterprise_ids[row])
    falls = {str(ahead): _number(portfolio.fall(basis, ahead)[row]) or 0.0 for ahead in AHEADS}
    best = _best(options, enterprise, basis, falls[str(SOON)])
    return Falling(
        enterprise_id=enterprise,
        name=str(portfolio.columns["name"][row]),
        region_code=str(portfolio.columns["region_code"][row]),
        level=int(portfolio.level(basis)[row]),
        falls=falls,
        holding=holding,
        held=None if best is None else best.fall(basis, SOON),
        held_weak=None if best is None else best.fall(basis, SOON, "weak"),
        cost=None if best is None else best.cost,
        action_count=0 if best is None else len(best.actions),
        actions=() if best is None else told(best),
    )


def _best(options: Options, enterprise: str, basis: Basis, alone: float) -> Option | None:
    """The option with which a fall is least likely, the cheaper of two alike; None where none does good."""
    own = [options.rows[o] for o in options.of.get(enterprise, ())]
    good = [one for one in own if one.fall(basis, SOON) < alone]
    return min(good, key=lambda one: (one.fall(basis, SOON), one.cost), default=None)


def told(option: Option) -> tuple[HelpAction, ...]:
    """An option's actions as rows."""
    return tuple(
        HelpAction(
            parameter_id=action.parameter_id,
            parameter_name=action.name,
            unit=action.unit,
            from_=action.before,
            to=action.after,
            cost=action.cost,
            cost_known=action.cost_known,
            confidence=action.confidence,
        )
        for action in option.actions
    )


def _number(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]  # a NumPy scalar
    return None if np.isnan(number) else number
