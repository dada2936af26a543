"""质量效益测算表 of a chain: what every project avoids, at whose books, and nothing of it twice.

Hubei's 产业链质量提升“5个一”工作法 asks for one 质量提升建议书 and one 质量效益测算表 (中国质量报, December
2024). An enterprise's own table is `models.recommend.benefit_table`; over a chain three things would be
counted twice if tables were added up, and are not:

1. Moves of one enterprise interact: they count with their published joint effect, never as a sum.
2. A customer that mends its own process has less left that better deliveries could spare: the loss avoided is
   now × (1 − (1 − own share) × e^(slope × what arrives)), with all suppliers' moves arriving together.
3. What a supplier no longer pays its customers (claims, returns) may be the very money that these no longer
   lose inside. Records do not say who was paid for what, so as much as could be the same is taken off.

Intervals join the ends of all effects, as if all erred the same way: they are wide rather than narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from models.chains.flow import flow_of, now
from models.chains.keeping import Chains
from models.chains.members import Member
from models.chains.mending import Amount
from models.chains.months import Array

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Own:
    """What an enterprise's own moves do: shares of its internal and external loss avoided, the change of the
    log of its nonconforming deliveries, CNY a year of holding them, and once. Each share and change is
    (estimate, weak end, strong end).
    """

    internal: Amount
    external: Amount
    sent: Amount
    cost: float = 0.0
    once: float | None = None


NOTHING: Final = Own(Amount(0, 0, 0), Amount(0, 0, 0), Amount(0, 0, 0))


@dataclass(frozen=True)
class Line:
    """One enterprise in the table, CNY a year; None: not on record, so nothing is claimed.

    `own_internal`, `own_external`: avoided by its own moves. `received`: internal loss that better deliveries
    spare it beyond that. `twice`: the part of its avoided external loss that may be the same money as what
    its customers no longer lose. `arrives` is the change of incoming trouble (log units).
    `left_out` is the yearly cost of moves that are not counted at all, because no loss is on record to hold
    against it.
    """

    enterprise_id: str
    internal_now: float | None
    external_now: float | None
    own_internal: Amount | None
    own_external: Amount | None
    received: Amount | None
    twice: Amount
    cost: float
    once: float | None
    arrives: float = 0.0
    left_out: float = 0.0

    @property
    def avoided(self) -> Amount:
        """All that is avoided at this enterprise's books."""
        return _sum([self.own_internal, self.own_external, self.received])


@dataclass(frozen=True)
class Balance:
    """The table of a chain: a line per enterprise, and what arrives is shown or not (`carried`)."""

    lines: tuple[Line, ...]
    carried: bool

    @property
    def avoided(self) -> Amount:
        """Of all enterprises; what may be the same money counts once."""
        whole = _sum([line.avoided for line in self.lines])
        return Amount(*(gain - twice for gain, twice in zip(whole, self.twice, strict=True)))

    @property
    def twice(self) -> Amount:
        """What has been taken off."""
        return _sum([line.twice for line in self.lines])

    @property
    def unpriced(self) -> int:
        """Enterprises whose moves are left out: no loss of theirs is on record."""
        return sum(line.left_out > 0 for line in self.lines)

    @property
    def cost(self) -> float:
        """Of holding all moves that are counted, CNY a year."""
        return sum(line.cost for line in self.lines)

    @property
    def net(self) -> Amount:
        """Avoided less cost."""
        return Amount(*(value - self.cost for value in self.avoided))


def own_of(rows: Sequence[Row]) -> Own:
    """Return what the moves `rows` of one enterprise do: all published ones by their joint effect, one alone
    by its own. Two of three are not published together: ValueError.
    """
    if not rows:
        return NOTHING
    effects, once = rows[0]["effects"], [_once(row) for row in rows]
    if len(rows) > 1:
        joint = next((row["together"] for row in rows if row.get("together")), None)
        if joint is None or set(joint["parameter_ids"]) != {row["parameter_id"] for row in rows}:
            raise ValueError("moves: found some of those published together; allowed: all of them, or one")
        effects = joint["effects"]
    by_target = {effect["target"]: effect for effect in effects}
    return Own(
        _share(by_target.get("internal_loss")),
        _share(by_target.get("external_loss")),
        _log_change(by_target.get("ppm")),
        sum(row.get("cost") or 0.0 for row in rows),
        sum(one for one in once if one is not None) if any(one is not None for one in once) else None,
    )


def _once(row: Row) -> float | None:
    found: float | None = (row.get("benefit_table") or {}).get("one_off_cost")
    return found


def _share(effect: Row | None) -> Amount:
    """Return the share of a loss that is avoided: estimate, weak end, strong end."""
    if effect is None or not effect["base"]:
        return NOTHING.internal
    found = (-effect[end] / effect["base"] for end in ("estimate", "high", "low"))
    return Amount(*(min(share, 1.0) for share in found))


def _log_change(effect: Row | None) -> Amount:
    """Return the change of the log of nonconforming deliveries (≤ 0 is better), weak end, strong end."""
    if effect is None or not effect["base"]:
        return NOTHING.sent
    ends = (effect[end] / effect["base"] for end in ("estimate", "high", "low"))
    return Amount(*(float(np.log(max(1.0 + end, 1e-6))) for end in ends))


def balance(members: Mapping[str, Member], chains: Chains, ids: Sequence[str]) -> Balance:
    """Return the table for the enterprises `ids`, if all moves that are published for them are made."""
    wished = [own_of(members[name].moves) if name in members else NOTHING for name in ids]
    flow, outside = flow_of(chains, ids), now(chains, ids, "external")
    priced = np.isfinite(flow.internal) | np.isfinite(outside)
    moves = [own if known else NOTHING for own, known in zip(wished, priced, strict=True)]
    left_out = [0.0 if known else own.cost for own, known in zip(wished, priced, strict=True)]
    kept = 1.0 - np.array([one.internal for one in moves]).reshape(-1, 3)
    sent = np.array([one.sent for one in moves]).reshape(-1, 3)
    got, sent_on, came = flow.together(sent, kept * np.nan_to_num(flow.internal)[:, None])
    rows = zip(ids, moves, flow.internal, outside, got, sent_on, came[:, 0], strict=True)
    lines = [_line(flow.shown, *row) for row in rows]
    told = (replace(line, left_out=cost) for line, cost in zip(lines, left_out, strict=True))
    return Balance(tuple(told), flow.shown)


def _line(
    shown: bool, name: str, own: Own, inside: float, outside: float, got: Array, sent_on: Array, came: float
) -> Line:
    avoided = (_times(own.internal, inside), _times(own.external, outside))
    received = Amount(*got.tolist()) if shown and np.isfinite(inside) else None
    twice = same_money(avoided[1], Amount(*sent_on.tolist()))
    return Line(name, _known(inside), _known(outside), *avoided, received, twice, own.cost, own.once, came)


def same_money(external: Amount | None, sent_on: Amount | None) -> Amount:
    """Return how much of a supplier's avoided external loss may be what its customers no longer lose."""
    if external is None or sent_on is None:
        return NOTHING.sent
    return Amount(*(max(min(a, b), 0.0) for a, b in zip(external, sent_on, strict=True)))


def at_home(chains: Chains, name: str, own: Own) -> tuple[Amount | None, Amount | None]:
    """Return what moves avoid of an enterprise's own internal and external loss, CNY a year."""
    inside, outside = (now(chains, [name], side)[0] for side in ("internal", "external"))
    return _times(own.internal, inside), _times(own.external, outside)


def _sum(parts: Sequence[Amount | None]) -> Amount:
    known = [part for part in parts if part is not None]
    return Amount(*(float(sum(part[end] for part in known)) for end in range(3)))


def _times(share: Amount, now: float) -> Amount | None:
    return Amount(*(part * float(now) for part in share)) if np.isfinite(now) else None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
