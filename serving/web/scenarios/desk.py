"""Which scenarios a person may see, and what was computed of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from fastapi import HTTPException
from starlette.requests import Request

from models.portfolio.firsts import Mask
from models.scenarios.keeping import Result, kept, place
from serving.access import Person
from serving.jobs import State
from serving.scenarios import KeptScenario, every
from serving.web.asking import visible
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.planner.targets import every as every_target
from serving.web.planner.targets import register as targets_of
from serving.web.reading import Reading
from serving.web.scenarios.answers import Asked

MOST = 4
"""Scenarios side by side."""


def seen(request: Request, library: Reading, person: Person) -> list[KeptScenario]:
    """Return the scenarios that somebody may see, in order of name.

    One that has suppliers deliver otherwise tells of their links. So it is seen by whoever sees the numbers
    of all of them.
    """
    rows = visible(library, person)
    found = [own for own in every(request.app.state.database.engine) if own.suppliers <= rows.keys()]
    return sorted(found, key=lambda own: (own.wish.name, own.id))


def chosen(scenarios: Sequence[KeptScenario], ids: Iterable[str]) -> list[KeptScenario]:
    """Return those that are asked for, each once, in the order asked; 404 for one that is not there."""
    by_id = {own.id: own for own in scenarios}
    wanted = list(dict.fromkeys(ids))
    if missing := [name for name in wanted if name not in by_id]:
        raise HTTPException(404, f"no scenario {missing[0]!r}")
    return [by_id[name] for name in wanted]


def computed(request: Request, library: Reading, scenario: KeptScenario) -> bool:
    """Say whether a scenario was computed on the current publication as it stands."""
    return place(request.app.state.settings, scenario.id, scenario.stamp, library.state().outlook_id).exists()


def under_way(request: Request) -> frozenset[str]:
    """Return the scenarios that a job computes, or will."""
    from serving.jobs.register import listed

    states = (State.QUEUED, State.RUNNING)
    found, _ = listed(request.app.state.database.engine, states=states, kinds=("scenario",), limit=1000)
    return frozenset(str(job.arguments["scenario"]) for job in found)


def result_of(request: Request, library: Reading, scenario: KeptScenario) -> Result | None:
    """Return what was computed of a scenario; read once."""
    if not computed(request, library, scenario):
        return None
    key = (scenario.id, scenario.stamp, library.state().outlook_id)
    return library.once(("scenario", *key), partial(kept, request.app.state.settings, *key))


def asked(
    request: Request,
    library: Reading,
    person: Person,
    desk: Desk,
    wished: Filter,
    scenarios: Sequence[KeptScenario],
) -> Asked:
    """Put together what is compared, with every target."""
    found = [(own, result_of(request, library, own)) for own in scenarios]
    targets = every_target(desk, targets_of(request))
    return Asked(desk, wished, found, targets, _own(library, person, desk))


def _own(library: Reading, person: Person, desk: Desk) -> Mask:
    rows = library.enterprises()
    details = {name for name, row in rows.items() if person.sees_details(row)}
    return np.array([str(name) in details for name in desk.portfolio.enterprise_ids], dtype=np.bool_)
