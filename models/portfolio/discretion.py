"""Which groups may be shown to somebody who does not see all their members one by one.

Of every group only its hidden part counts: the members that the reader does not see anyhow. A hidden part of
one to four enterprises is never shown, and none can be worked out: what is left of a shown group when shown
parts of it are taken away has no member, or five at least. Groups must lie in each other like boxes (a
tree), so that taking away is all that can be done.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

FEWEST = 5
"""Enterprises below which a group is never shown."""
Group = TypeVar("Group", bound=Hashable)


def shown(root: Group, parts: Mapping[Group, Sequence[Group]], hidden: Mapping[Group, int]) -> set[Group]:
    """Return the groups of a tree that may be shown.

    Args:
        root: the group that holds all others.
        parts: the groups that a group falls into, without overlap; one that is absent is a leaf. The parts of
            a group hold all its members.
        hidden: how many members of each group the reader does not see one by one.
    """
    if _too_few(hidden[root]):
        return _seen_anyhow(root, parts, hidden)
    found = {root}
    open_parts = parts.get(root, ())
    held_back = _held_back(open_parts, hidden)
    for part in open_parts:
        found |= _seen_anyhow(part, parts, hidden) if part in held_back else shown(part, parts, hidden)
    return found


def _held_back(parts: Iterable[Group], hidden: Mapping[Group, int]) -> set[Group]:
    """The parts that are too small, and of the others the smallest, until nobody can tell them apart."""
    by_size = sorted((part for part in parts if hidden[part]), key=lambda part: hidden[part])
    held_back: set[Group] = set()
    together = 0
    for part in by_size:
        if not _too_few(hidden[part]) and not _too_few(together):
            break
        held_back.add(part)
        together += hidden[part]
    return held_back


def _seen_anyhow(
    root: Group, parts: Mapping[Group, Sequence[Group]], hidden: Mapping[Group, int]
) -> set[Group]:
    """Of a group that is held back: the parts without any hidden member."""
    if not hidden[root]:
        return {root}.union(*(_seen_anyhow(part, parts, hidden) for part in parts.get(root, ())))
    return set().union(*(_seen_anyhow(part, parts, hidden) for part in parts.get(root, ())))


def _too_few(count: int) -> bool:
    return 0 < count < FEWEST


def shown_cells(counts: Sequence[int]) -> list[int | None]:
    """Return the counts of one hidden group by category, None where one is held back.

    The group's total is known to the reader; other groups' counts by category must not be summed up anywhere.
    """
    cells = range(len(counts))
    held_back = _held_back(cells, dict(enumerate(counts)))
    return [None if cell in held_back else counts[cell] for cell in cells]
