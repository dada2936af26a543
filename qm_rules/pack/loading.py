"""Finds the edition that is asked for, by id or by date, among the folders of `qm_rules/editions/`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from qm_rules.faults import PackError
from qm_rules.pack.contents import Pack
from qm_rules.pack.reading import in_force_from, read_pack

EDITIONS = Path(__file__).parents[1] / "editions"


@cache
def load_pack(edition_id: str | None = None, folder: Path = EDITIONS) -> Pack:
    """Return the pack of an edition, by default the newest; raises PackError if it is not sound.

    A past grade names its pack, so it can be issued again by that id.
    """
    chosen = edition_id if edition_id is not None else edition_in_force(None, folder)
    if chosen not in edition_ids(folder):
        raise PackError(f"edition: found {chosen!r}; allowed: {', '.join(edition_ids(folder))}")
    return read_pack(folder / chosen)


def edition_ids(folder: Path = EDITIONS) -> tuple[str, ...]:
    """Return the ids of all editions: the names of the folders that hold an `edition.yaml`."""
    return tuple(sorted(file.parent.name for file in folder.glob("*/edition.yaml")))


def edition_in_force(on: date | None, folder: Path = EDITIONS) -> str:
    """Return the id of the edition in force on a date (None: the newest): the latest to begin by then.

    Raises PackError if none was in force yet.
    """
    begins = sorted((in_force_from(folder / name), name) for name in edition_ids(folder))
    begun = [name for begin, name in begins if on is None or begin <= on]
    if not begun:
        first = begins[0][0] if begins else None
        raise PackError(f"edition: found no edition in force on {on}; allowed: {first} or later")
    return begun[-1]
