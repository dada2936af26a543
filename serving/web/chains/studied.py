"""The study of a chain as one person may see it: made once for each state of records, outlook and view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serving.access import Person
from serving.web.chains.seen import Seen, chains_of, seen
from serving.web.reading import Reading

if TYPE_CHECKING:
    from features.settings import Settings
    from serving.reports.chain.gathering import Gathered


def studied(library: Reading, settings: Settings, person: Person, name: str) -> Gathered | None:
    """Return a chain's study with the names in it; None where nothing was published."""
    found = seen(library, settings, person, name)
    if found is None:
        return None
    told = ("study", name, found.members, found.ids, tuple(sorted(found.own)))
    return library.once(told, lambda: _made(library, settings, found))


def _made(library: Reading, settings: Settings, found: Seen) -> Gathered:
    from models.chains import members_of, study
    from models.outlook import Outlook
    from serving.reports.chain.gathering import Gathered

    whole = chains_of(library, settings)
    if whole is None:
        raise LookupError("chains were published a moment ago")
    chains = replace(whole, links=found.links, levels=found.levels)
    members = members_of(Outlook.load(settings), found.ids)
    around = [one for one in found.ids if one not in set(found.members)]
    made = study(found.name, chains, members, found.members, around, found.own)
    return Gathered(made, found.rows, library.state().model_version)
