"""What the head of every page links to, by role: one entry a room."""

from __future__ import annotations

from typing import NamedTuple

from serving.access import Person, Role


class Entry(NamedTuple):
    """A link in the head; `name` is also its message (`nav.<name>`) and the page's `here`.

    What is asked for every day stands in the head itself, the rest in its menu.
    """

    name: str
    url: str
    roles: tuple[Role, ...] = ()
    everyday: bool = False


ENTRIES = (
    Entry("overview", "/", everyday=True),
    Entry("board", "/board", (Role.PLANNER,), everyday=True),
    Entry("chains", "/chains", everyday=True),
    Entry("actions", "/actions", (Role.ENGINEER,), everyday=True),
    Entry("models", "/models", (Role.SCIENTIST,), everyday=True),
    Entry("warnings", "/warnings", everyday=True),
    Entry("assessments", "/assessments", (Role.ENGINEER, Role.ASSESSOR)),
    Entry("import", "/import", (Role.ENGINEER,)),
    Entry("jobs", "/jobs"),
    Entry("journal", "/journal", (Role.ASSESSOR, Role.SCIENTIST)),
    Entry("administration", "/administration", (Role.ADMIN,)),
    Entry("help", "/help"),
    Entry("docs", "/docs"),
)
"""In the order in which they are shown; without roles: for everybody."""


def entries(person: Person) -> list[Entry]:
    """Return the links that a person has a use for."""
    return [entry for entry in ENTRIES if not entry.roles or person.has(*entry.roles)]
