"""What of the chains a person may see: whole where both ends are theirs, by name only where one is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.access import Person
from serving.web.asking import visible
from serving.web.reading import Reading, Row

if TYPE_CHECKING:
    from features.settings import Settings
    from models.chains import Carry, Chains, Mended


@dataclass(frozen=True)
class Seen:
    """One chain, or all of them (`name` empty), as one person may see it.

    `members` are the enterprises that carry the chain's name, `ids` those and their direct neighbours whose
    numbers may be seen; `named` are neighbours who are known by name only, because the other end's records
    name them. Whatever is summed is summed over `ids` alone, so no sum tells of anybody else; money and
    counts of units are told only where all whose they are stand among `own`: those seen in detail. `whole`:
    nothing of that kind had to be held back.
    """

    name: str
    period: str
    members: tuple[str, ...]
    ids: tuple[str, ...]
    named: frozenset[str]
    links: tuple[Row, ...]
    plants: Mapping[str, Row]
    carry: Mapping[str, Carry]
    ahead: Mapping[str, Sequence[Row]]
    levels: Mapping[str, Sequence[Row]]
    halved: Mapping[str, Mended]
    best: Mapping[str, Mended]
    rows: Mapping[str, Row]
    own: frozenset[str]
    whole: bool

    def name_of(self, enterprise_id: str) -> str:
        """Return the name of an enterprise, its id where it has none."""
        return str(self.rows.get(enterprise_id, {}).get("name") or enterprise_id)

    def weak(self) -> list[str]:
        """Return the suppliers, first the one whose mending saves its customers most.

        Where money may not be told of all of them: by the share of loss that it spares, over all customers.
        Where no saving can be told: by the failures it spares; then by what its present month sends.
        """
        return sorted(self.halved, key=self._worth, reverse=True)

    def _worth(self, supplier: str) -> tuple[float, float, float]:
        mended = self.halved[supplier]
        sent = self.plants.get(supplier, {}).get("deviation") or 0.0
        shares = sum(link["share"] or 0.0 for link in self.links if link["supplier_id"] == supplier)
        eased = mended.eased.estimate * mended.customers if mended.eased else 0.0
        saved = mended.saved.estimate if mended.saved else 0.0
        return (
            saved if self.whole else eased,
            mended.rejects.estimate if mended.rejects else 0.0,
            float(sent) * shares,
        )


def chains_of(library: Reading, settings: Settings) -> Chains | None:
    """Return what was published; None where nothing was, or by an earlier version."""
    return library.once("chains", lambda: _published(library, settings))


def _published(library: Reading, settings: Settings) -> Chains | None:
    from models.chains import kept_chains
    from models.outlook import FOLDER

    outlook = library.state().outlook_id
    return kept_chains(Path(settings.home) / FOLDER / outlook) if outlook else None


def names(library: Reading, person: Person) -> dict[str, list[str]]:
    """Return the chains with the enterprises of each that the person may see, in order of name."""
    found: dict[str, list[str]] = {}
    for enterprise_id, row in visible(library, person).items():
        if row.get("chain"):
            found.setdefault(str(row["chain"]), []).append(enterprise_id)
    return dict(sorted(found.items()))


def seen(library: Reading, settings: Settings, person: Person, name: str = "") -> Seen | None:
    """Return a chain as the person sees it, all chains without a `name`; None where nothing was published."""
    chains = chains_of(library, settings)
    if chains is None:
        return None
    rows = visible(library, person)
    members = tuple(key for key, row in rows.items() if not name or row.get("chain") == name)
    own = frozenset(key for key, row in rows.items() if person.sees_details(row))
    told = hashlib.sha256("\0".join((name, *members, "", *sorted(own))).encode()).hexdigest()
    everybody = library.enterprises()
    return library.once(("chain", told), lambda: _seen(chains, name, members, rows, own, everybody))


def _seen(
    chains: Chains,
    name: str,
    members: tuple[str, ...],
    rows: Mapping[str, Row],
    own: frozenset[str],
    everybody: Mapping[str, Row],
) -> Seen:
    from models.chains.study import reached, shielded_mended, told_of

    numbers = sorted(
        {number for one in members for side in chains.neighbours.get(one, ((), ())) for number in side}
    )
    links, named = [], set()
    for link in (chains.links[number] for number in numbers):
        ends = (link["supplier_id"], link["customer_id"])
        if not all(end in rows for end in ends) and not any(end in own for end in ends):
            continue
        named |= {end for end in ends if end not in rows}
        links.append(_link(link, own))
    ids = sorted(
        {*members, *(end for link in links for end in (link["supplier_id"], link["customer_id"]))} - named
    )
    suppliers = {link["supplier_id"] for link in links if link["customer_id"] in ids}
    told = reached(chains, ids)
    halved, best = (
        {
            name: shielded_mended(one, name, own, told)
            for name, one in chains.mended(ids, to_best=to_best).items()
            if name in suppliers
        }
        for to_best in (False, True)
    )
    return Seen(
        name,
        chains.period,
        members,
        tuple(ids),
        frozenset(named),
        tuple(links),
        {one: chains.plants[one] for one in ids if one in chains.plants},
        chains.carry,
        {one: chains.ahead[one] for one in ids if one in chains.ahead and _whole(chains, one, rows)},
        {one: chains.levels[one] for one in ids if one in chains.levels and _whole(chains, one, rows)},
        halved,
        best,
        {one: everybody[one] for one in (*ids, *named) if one in everybody},
        own,
        all(told_of(one, own, told) for one in suppliers),
    )


def _whole(chains: Chains, customer: str, rows: Mapping[str, Row]) -> bool:
    """Whether all suppliers of a customer may be seen: what arrives from one alone would tell of it."""
    into, _ = chains.neighbours.get(customer, ((), ()))
    return all(chains.links[number]["supplier_id"] in rows for number in into)


def _link(link: Row, own: frozenset[str]) -> dict[str, Any]:
    """Return a link; how its lots were inspected is the customer's own."""
    return {**link, "lots": link["lots"] if link["customer_id"] in own else None}
