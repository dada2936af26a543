"""Numbers in the head of every page: what waits for this person, by the entry that it belongs to.

Rooms hand their counters to `create_app` (`app.state.badges`), because every room renders pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request

from serving.access import Person

Count = Callable[[Request, Person], int]


def badges(request: Request, person: Person | None) -> dict[str, int]:
    """Return how many things wait behind each entry of the head; nothing for whom nobody knows."""
    app = request.scope.get("app")
    counters: Mapping[str, Count] = getattr(app.state, "badges", {}) if app is not None else {}
    return {name: count(request, person) for name, count in counters.items()} if person is not None else {}
