"""重点攻关项目清单 of a chain: what to attack, by whom, with what effect, at what cost, in how many months.

The national guidance of January 2024 (see `problems`) has the list follow from the problems; the
cross-regional projects of 2025 put down 举措, 任务分工 and 进度安排. So a row says the measure, who leads and
who takes part, from when on the effect is in force, what it brings at whose books, and how far it can be
believed. There are two kinds:

- `process`: a move that the effect model trusts, as published for the enterprise, with what its better
  deliveries give the customers.
- `supply`: a supplier whose own best twelve months would spare its customers losses, though no trustworthy
  move is published for it. Its goal is measured, its measure not known yet: no cost, no month is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from models.chains.benefit import NOTHING, at_home, own_of, same_money
from models.chains.flow import Flow, flow_of
from models.chains.keeping import Chains
from models.chains.members import Member
from models.chains.mending import Amount, Mended
from models.chains.problems import Problem

Kind = Literal["process", "supply"]
PERIODS_A_MONTH: Final = {"month": 1.0, "week": 365.25 / 12 / 7, "day": 365.25 / 12}
INDICATOR_OF: Final = {"ppm": "sigma"}
Row = Mapping[str, Any]
Numbered = Sequence[tuple[int, Problem]]


@dataclass(frozen=True)
class Project:
    """One project. Money is CNY a year with its 90 % interval; None is not known, never zero.

    `move` is the published recommendation (empty for `supply`), `customers` those whom its deliveries reach
    directly, in order of share. `months` until nine tenths of the effect are in force. `own` is avoided at
    the enterprise itself, `downstream` at its customers if it alone is done, `twice` what of both may be the
    same money; `net` is own + downstream − twice − cost. `answers` are the numbers (from 1) of the problems
    that it is to solve.
    """

    kind: Kind
    enterprise_id: str
    move: Row = field(default_factory=dict)
    customers: tuple[str, ...] = ()
    mended: Mended | None = None
    months: int | None = None
    own: Amount | None = None
    downstream: Amount | None = None
    twice: Amount | None = None
    cost: float | None = None
    net: Amount | None = None
    answers: tuple[int, ...] = ()

    @property
    def weight(self) -> tuple[bool, float, str, int]:
        """Order of the list: what leaves most; then, without money, what takes most of its internal loss."""
        worth = self.net or self.downstream
        value = worth.estimate if worth else self.relief
        return worth is None, -value, self.enterprise_id, self.move.get("rank", 0)

    @property
    def relief(self) -> float:
        """Share of the enterprise's internal loss that the move takes; 0 where that is not known."""
        losses = [one for one in self.move.get("effects", ()) if one["target"] == "internal_loss"]
        known = [one for one in losses if one["base"]]
        return -float(known[0]["estimate"] / known[0]["base"]) if known else 0.0


def projects(
    members: Mapping[str, Member],
    chains: Chains,
    ids: Sequence[str],
    found: Sequence[Problem],
    suppliers: Sequence[str] = (),
) -> list[Project]:
    """Return the projects of the enterprises `ids`, and what to mend at their `suppliers`; `found` are their
    problems. What leaves most comes first.
    """
    customers, flow, numbered = _customers(chains, set(ids)), flow_of(chains, ids), _numbered(found)
    listed = [
        _process(row, chains, flow, customers.get(name, ()), numbered.get(name, ()))
        for name in ids
        if name in members
        for row in members[name].moves
    ]
    listed += _supply(members, chains, [*ids, *suppliers], customers, numbered)
    return sorted(listed, key=lambda project: project.weight)


def _customers(chains: Chains, known: set[str]) -> dict[str, tuple[str, ...]]:
    bought: dict[str, dict[str, float]] = {}
    for link in chains.links:
        if link["customer_id"] in known:
            own = bought.setdefault(link["supplier_id"], {})
            own[link["customer_id"]] = own.get(link["customer_id"], 0.0) + (link["share"] or 0.0)
    return {name: tuple(sorted(own, key=lambda who: (-own[who], who))) for name, own in bought.items()}


def _process(row: Row, chains: Chains, flow: Flow, customers: tuple[str, ...], found: Numbered) -> Project:
    name, does = row["enterprise_id"], own_of([row])
    inside, outside = at_home(chains, name, does)
    own = _sum([part for part in (inside, outside) if part])
    downstream = flow.alone(flow.ids.index(name), does.sent)
    twice, cost = same_money(outside, downstream), row.get("cost")
    net = None if own is None else _net(own, downstream, twice, cost or 0.0)
    return Project(
        "process", name, row, customers, None, _months(row, chains), own, downstream, twice, cost, net,
        answers=_answers({effect["target"] for effect in row["effects"]}, found),
    )  # fmt: skip


def _sum(parts: Sequence[Amount]) -> Amount | None:
    return Amount(*(sum(part[end] for part in parts) for end in range(3))) if parts else None


def _net(own: Amount, downstream: Amount | None, twice: Amount, cost: float) -> Amount:
    more = downstream or NOTHING.sent
    return Amount(*(own[end] + more[end] - twice[end] - cost for end in range(3)))


def _months(row: Row, chains: Chains) -> int | None:
    """Return whole months until nine tenths of the effect are in force."""
    periods, pace = row.get("arrival_periods"), chains.plants.get(row["enterprise_id"], {}).get("pace")
    return None if periods is None or pace is None else math.ceil(periods / PERIODS_A_MONTH[pace])


def _answers(targets: set[str], found: Numbered) -> tuple[int, ...]:
    """Return the numbers of an enterprise's own problems that a change of these targets touches."""
    touched = {INDICATOR_OF.get(target, target) for target in targets}
    return tuple(
        number
        for number, problem in found
        if (problem.kind == "indicator" and problem.what[0] in touched)
        or (problem.kind in ("deliveries", "lots") and "sigma" in touched)
    )


def _numbered(found: Sequence[Problem]) -> dict[str, list[tuple[int, Problem]]]:
    """Return every enterprise's problems with their numbers in the list."""
    own: dict[str, list[tuple[int, Problem]]] = {}
    for number, problem in enumerate(found, 1):
        own.setdefault(problem.enterprise_id, []).append((number, problem))
    return own


def _supply(
    members: Mapping[str, Member],
    chains: Chains,
    ids: Sequence[str],
    customers: Mapping[str, tuple[str, ...]],
    found: Mapping[str, Numbered],
) -> list[Project]:
    """Return the suppliers to be brought back to their own best for whom no trustworthy move is known."""
    return [
        Project(
            "supply", name, customers=customers.get(name, ()), mended=mended, downstream=mended.saved,
            answers=_answers({"ppm"}, found.get(name, ())),
        )
        for name, mended in chains.mended(ids, to_best=True).items()
        if name in customers and mended.change < 0 and _shows(mended)
        and not any(_mends(row) for row in members.get(name, Member(name)).moves)
    ]  # fmt: skip


def _shows(mended: Mended) -> bool:
    return any(gain is not None and gain.low > 0 for gain in (mended.saved, mended.rejects))


def _mends(row: Row) -> bool:
    return any(effect["target"] == "ppm" and effect["high"] < 0 for effect in row["effects"])
