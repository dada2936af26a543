"""Numbers in the head of every page: what waits for this person, by the entry that it belongs to."""

from __future__ import annotations

from fastapi import Request

from serving.access import Person


def badges(request: Request, person: Person | None) -> dict[str, int]:
    """Return how many things wait behind each entry of the head; nothing for whom nobody knows."""
    from serving.web.warning.asking import badge

    return {"warnings": badge(request, person)} if person is not None else {}
