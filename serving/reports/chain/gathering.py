"""What a chain's papers rest on, from the store and the published outlook; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.chains import Chains, Study, kept_chains, members_of, study
from serving.reports.chain.telling import Row, Telling

if TYPE_CHECKING:
    from features.settings import Settings
    from models.outlook import Outlook
    from serving.reports.blocks import Document


class UnknownChainError(LookupError):
    """No enterprise names this chain, or the outlook holds no chains."""


@dataclass(frozen=True)
class Gathered:
    """A chain's study with the rows of `enterprises` by id."""

    study: Study
    rows: Mapping[str, Row]
    model_version: str

    def telling(self, language: str) -> Telling:
        """Return the study in a language."""
        from qm_rules import load_pack
        from serving.reports.speech import Speech

        return Telling(self.study, self.rows, Speech(language, load_pack()), self.model_version)

    def document(self, language: str) -> Document:
        """Return the proposal."""
        from serving.reports.chain.document import chain_proposal

        return chain_proposal(self.study, self.rows, language, self.model_version)


def gathered(outlook: Outlook, settings: Settings, name: str) -> Gathered:
    """Return a chain as whoever sits at the store sees it: everything. Raises UnknownChainError."""
    chains, rows = _chains(outlook), _enterprises(settings)
    ids = [key for key, row in rows.items() if not name or row.get("chain") == name]
    if not ids:
        known = ", ".join(sorted({str(row["chain"]) for row in rows.values() if row.get("chain")})) or "none"
        raise UnknownChainError(f"chain: found {name!r}; allowed: {known}")
    around = [key for key in _neighbours(chains, ids) if key in rows]
    found = study(name, chains, members_of(outlook, [*ids, *around]), ids, around)
    return Gathered(found, {key: rows[key] for key in (*ids, *around)}, outlook.model_version)


def _neighbours(chains: Chains, ids: list[str]) -> list[str]:
    own = set(ids)
    numbers = {number for one in ids for side in chains.neighbours.get(one, ((), ())) for number in side}
    ends = {chains.links[n][side] for n in numbers for side in ("supplier_id", "customer_id")}
    return sorted(ends - own)


def chains_of_store(outlook: Outlook, settings: Settings) -> list[dict[str, Any]]:
    """Return chain, enterprises and links of every chain that enterprises name."""
    chains, found = _chains(outlook), dict[str, set[str]]()
    for key, row in _enterprises(settings).items():
        if row.get("chain"):
            found.setdefault(str(row["chain"]), set()).add(key)
    return [
        {"chain": name, "enterprises": len(ids), "links": sum(_touches(link, ids) for link in chains.links)}
        for name, ids in sorted(found.items())
    ]


def _touches(link: Row, ids: set[str]) -> bool:
    return link["supplier_id"] in ids or link["customer_id"] in ids


def _chains(outlook: Outlook) -> Chains:
    found = kept_chains(outlook.folder)
    if found is None:
        raise UnknownChainError(f"{outlook.folder}: found no chains; `zhuoyue publish` makes them")
    return found


def _enterprises(settings: Settings) -> dict[str, Row]:
    from features.aggregates.resident import collect
    from features.store import Store

    with Store.open(settings) as store:
        rows = collect(store.table("enterprises")).to_pylist()
    return {str(row["enterprise_id"]): row for row in sorted(rows, key=lambda row: str(row["enterprise_id"]))}
