"""A chosen plan told as a row: schedule, power, rehearsal, worth and when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from features.periods import Frequency, to_label
from models.pilots.layout import BoolArray, SteppedWedge, Switchback
from models.pilots.noise import LineNoise
from models.pilots.power import power
from models.pilots.rehearsal import PLAYS, WEDGE_PLAYS, found_switchback, found_wedge
from models.pilots.rows import Harm, PilotDesign, PilotWorth, Placement, PowerPoint, Rehearsal
from models.pilots.value import YEARS

if TYPE_CHECKING:
    from models.pilots.beliefs import Spot
    from models.pilots.design import Plan
    from models.pilots.options import Option

NINETY: Final = 1.645
CURVE: Final = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
LOOKS: Final = (0.25, 0.5, 0.75)
HARM: Final = 1.992


def told(
    enterprise_id: str,
    plan: Plan,
    spot: Spot,
    every: Sequence[LineNoise],
    start: int,
    wanted: float,
    seed: int,
) -> PilotDesign:
    """The row of a plan whose first period has the index `start` (`features.periods`)."""
    q, o = plan.question, plan.option
    noises = tuple(every[p.index] for p in plan.lines)
    back = o.layout if isinstance(o.layout, Switchback) else None
    return PilotDesign(
        enterprise_id=enterprise_id,
        kind="switchback" if back else "stepped_wedge",
        parameter_id=str(q.parameter["parameter_id"]),
        parameter_name=_text(q.parameter.get("name")),
        unit=_text(q.parameter.get("unit")),
        process_id=_text(q.parameter.get("process_id")) if q.at_step else None,
        from_=q.span.now,
        to=q.to,
        target="ftq" if q.target == "ftq" else "escape",
        lines=tuple(spot.panel.enterprises[p.index] for p in plan.lines),
        periods=o.periods,
        pairs=back.pairs if back else None,
        block=back.block if back else None,
        washout=back.washout if back else None,
        lead_periods=q.lead,
        believed=(_change(q.mean), _change(q.mean - NINETY * q.sd), _change(q.mean + NINETY * q.sd)),
        plausible=-_change(-plan.plausible),
        detectable=-_change(-o.detectable),
        power_wanted=wanted,
        reaches=plan.reaches,
        share_shown=o.share,
        power_curve=tuple(PowerPoint(change=-c, power=_power(c, o)) for c in CURVE),
        rehearsal=_rehearsed(o.layout, noises, q.arrival, o.detectable, seed),
        worth=_worth(plan) if plan.money else None,
        stop=_stops(o.layout, o.error * o.share),
        arrival=q.arrival,
        seed=seed,
        schedule=tuple(_schedule(plan, spot, start, seed)),
    )


def drawn(layout: Switchback | SteppedWedge, lines: int, seed: int) -> tuple[Any, BoolArray, BoolArray]:
    """(the lots, at B (lines, periods), counted (periods,)) of a seed: anybody can draw them again."""
    rng = np.random.default_rng(seed)
    if isinstance(layout, Switchback):
        coins = layout.coins(lines, rng)
        return coins, layout.treated(coins), layout.counted()
    order = layout.order(rng)
    return order, layout.treated(order), np.ones(layout.periods, dtype=np.bool_)


def _schedule(plan: Plan, spot: Spot, start: int, seed: int) -> list[Placement]:
    _, treated, counted = drawn(plan.option.layout, len(plan.lines), seed)
    return [
        Placement(
            enterprise_id=spot.panel.enterprises[line.index],
            period=to_label(start + i, cast("Frequency", spot.panel.frequency)),
            arm="B" if treated[k, i] else "A",
            value=float(f"{line.to if treated[k, i] else line.now:.6g}"),
            counted=bool(counted[i]),
        )
        for k, line in enumerate(plan.lines)
        for i in range(plan.option.periods)
    ]


def _rehearsed(
    layout: Switchback | SteppedWedge,
    noises: tuple[LineNoise, ...],
    arrival: tuple[float, ...],
    effect: float,
    seed: int,
) -> Rehearsal:
    if isinstance(layout, Switchback):
        size, found = (found_switchback(layout, noises, arrival, x, seed + 1) for x in (0.0, -effect))
        return Rehearsal(plays=PLAYS, size=size, power=found)
    size, found = (found_wedge(layout, noises, arrival, x, seed + 1) for x in (0.0, -effect))
    return Rehearsal(plays=WEDGE_PLAYS, size=size, power=found)


def _stops(layout: Switchback | SteppedWedge, error: float) -> tuple[Harm, ...]:
    """Boundaries against harm after a quarter, half and three quarters of the pairs, one-sided 5 % over all
    three looks and alike in standard errors (Pocock 1977, *Biometrika* 64): harm is to be seen early. A
    stepped wedge has none before its end.
    """
    if not isinstance(layout, Switchback):
        return ()
    looks = sorted({max(2, round(f * layout.pairs)) for f in LOOKS})
    return tuple(
        Harm(periods=2 * layout.block * k, change=_change(HARM * error * np.sqrt(layout.pairs / k)))
        for k in looks
    )


def _worth(plan: Plan) -> PilotWorth:
    w = plan.worth
    return PilotWorth(
        years=YEARS,
        without=w.without,
        knowing=w.knowing,
        information=w.information,
        cost=w.cost,
        risk=w.risk,
        net=w.net,
    )


def _power(change: float, o: Option) -> float:
    return power(float(np.log1p(-change)), o.error, o.degrees, o.size)


def _change(link: float) -> float:
    """A change of the logarithm as a fraction."""
    return float(np.expm1(link))


def _text(value: object) -> str | None:
    return None if value is None or value != value else str(value)
