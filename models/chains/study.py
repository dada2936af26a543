"""A chain as one reader may see it: problems, projects and benefits, with money only where it may be told.

What a person sees of an enterprise is level, indicators, forecasts and chances (its numbers), or everything
(its details). Money, counts of units, levers and lots are details. A sum over customers is told only where
all of them are the reader's in detail: with known shares and slopes, a few such sums are a system of
equations that gives every single loss away. Without money, what mending gives is told as a share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from models.chains.benefit import Balance, Line, balance
from models.chains.keeping import Chains
from models.chains.members import Member
from models.chains.mending import TIERS, Mended
from models.chains.problems import Problem, problems
from models.chains.projects import Project, projects

PLAIN: Final = ("enterprise_id", "rank", "target", "effects", "confidence", "method", "moves_level")
"""What a recommendation tells to somebody who sees numbers alone: no lever, no process, no money."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Study:
    """A chain's lists. `ids` are its enterprises, `suppliers` their direct ones outside it.

    `balance` holds only lines of enterprises that the reader sees in detail; its sums are told only where
    `whole`: nobody is left out of them.
    """

    name: str
    period: str
    ids: tuple[str, ...]
    suppliers: tuple[str, ...]
    chains: Chains
    members: Mapping[str, Member]
    problems: tuple[Problem, ...]
    projects: tuple[Project, ...]
    balance: Balance
    details: frozenset[str]

    @property
    def whole(self) -> bool:
        """Whether all enterprises of the chain are in the table of benefits."""
        return len(self.balance.lines) == len(self.ids)


def study(
    name: str,
    chains: Chains,
    members: Mapping[str, Member],
    ids: Sequence[str],
    around: Sequence[str] = (),
    details: frozenset[str] | None = None,
) -> Study:
    """Return the study of the enterprises `ids`.

    Args:
        name: the chain's.
        chains: what was published, with the links that the reader may see.
        members: `ids` as published.
        ids: the chain's enterprises whose numbers the reader may see.
        around: others whose numbers may be seen; those who supply the chain count.
        details: of whom everything may be told; None: of everybody.
    """
    own = frozenset([*ids, *around]) if details is None else details
    supply = {link["supplier_id"] for link in chains.links if link["customer_id"] in set(ids)}
    suppliers = tuple(one for one in around if one in supply and one not in set(ids))
    chains = replace(chains, links=_touching(chains, set(ids), {*ids, *suppliers}))
    told, inside = reached(chains, [*ids, *suppliers]), reached(chains, ids)
    found = [shielded_problem(one, own, told) for one in problems(members, chains, ids, suppliers)]
    found.sort(key=lambda one: one.weight)
    listed = [shielded_project(one, own, told) for one in projects(members, chains, ids, found, suppliers)]
    listed.sort(key=lambda one: one.weight)
    table = balance(members, chains, ids)
    kept = tuple(line for line in table.lines if line.enterprise_id in own)
    return Study(
        name, chains.period, tuple(ids), suppliers, chains, members, tuple(found), tuple(listed),
        replace(table, lines=tuple(_plain(line, own, inside) for line in kept)), own,
    )  # fmt: skip


def _touching(chains: Chains, ids: set[str], known: set[str]) -> list[Row]:
    """Return the links of the chain's enterprises whose both ends may be told of."""
    ends = ((link, {link["supplier_id"], link["customer_id"]}) for link in chains.links)
    return [link for link, both in ends if both <= known and both & ids]


def reached(chains: Chains, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return whom each enterprise's deliveries reach among `ids`, tier by tier."""
    known = set(ids)
    direct: dict[str, set[str]] = {}
    for link in chains.links:
        if link["share"] is not None and {link["supplier_id"], link["customer_id"]} <= known:
            direct.setdefault(link["supplier_id"], set()).add(link["customer_id"])
    tiers = TIERS if chains.carry["ppm"].shown else 1
    return {name: _from(name, direct, tiers) for name in direct}


def _from(name: str, direct: Mapping[str, set[str]], tiers: int) -> frozenset[str]:
    found, edge = set[str](), {name}
    for _ in range(tiers):
        edge = set().union(*(direct.get(one, set()) for one in edge)) - found
        found |= edge
    return frozenset(found)


def told_of(supplier: str, details: frozenset[str], told: Mapping[str, frozenset[str]]) -> bool:
    """Whether money summed over a supplier's customers may be told."""
    return told.get(supplier, frozenset()) <= details


def shielded_mended(
    mended: Mended, supplier: str, details: frozenset[str], told: Mapping[str, frozenset[str]]
) -> Mended:
    """Return what mending gives as it may be told: a share alone where a customer is not one's own."""
    return mended if told_of(supplier, details, told) else replace(mended, saved=None, rejects=None)


def shielded_problem(
    problem: Problem, details: frozenset[str], told: Mapping[str, frozenset[str]]
) -> Problem:
    """Return a problem as it may be told."""
    if problem.kind == "deliveries":
        return problem if told_of(problem.enterprise_id, details, told) else replace(problem, cost=None)
    if problem.kind == "lots" or problem.enterprise_id in details:
        return problem
    return replace(problem, cost=None, excess=None, units=None)


def shielded_project(
    project: Project, details: frozenset[str], told: Mapping[str, frozenset[str]]
) -> Project:
    """Return a project as it may be told."""
    name = project.enterprise_id
    mended = project.mended and shielded_mended(project.mended, name, details, told)
    kept = replace(project, mended=mended)
    if not told_of(name, details, told):
        kept = replace(kept, downstream=None, twice=None, net=None)
    if name in details:
        return kept
    plain = {key: project.move[key] for key in PLAIN if key in project.move}
    return replace(kept, move=plain, own=None, cost=None, net=None, twice=None)


def _plain(line: Line, details: frozenset[str], told: Mapping[str, frozenset[str]]) -> Line:
    """Return a line as it may be told: where customers are not one's own, all of it may be the same money."""
    if told_of(line.enterprise_id, details, told):
        return line
    return replace(line, twice=line.own_external or line.twice._replace(estimate=0.0, low=0.0, high=0.0))
