"""Which jobs somebody may see and ask for: the questions that pages and API share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from serving.access import Person
from serving.jobs import KINDS, Job
from serving.web.asking import Asker
from serving.web.reading import Reading, UnknownEnterpriseError

if TYPE_CHECKING:
    import sqlalchemy as sa

JobId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9a-z]+$", description="Id of the job")]


def engine_of(request: Request) -> sa.Engine:
    """Return the engine of the state database."""
    found: sa.Engine = request.app.state.database.engine
    return found


def seen_job(request: Request, person: Asker, job_id: JobId) -> Job:
    """Return the job of the address; one that may not be seen is as unknown as one not there."""
    return job_seen(engine_of(request), person, job_id)


Seen = Annotated[Job, Depends(seen_job)]


def job_seen(engine: sa.Engine, person: Person, job_id: str) -> Job:
    """Return a job that the person may know of; HTTPException 404 for any other."""
    from serving.jobs.refusals import UnknownJobError
    from serving.jobs.register import find

    try:
        job = find(engine, job_id)
    except UnknownJobError as unknown:
        raise HTTPException(404, f"no job {job_id!r}") from unknown
    if not job.seen_by(person, _roles(job.kind)):
        raise HTTPException(404, f"no job {job_id!r}")
    return job


def jobs_seen(
    engine: sa.Engine,
    person: Person,
    *,
    states: Sequence[str] = (),
    kinds: Sequence[str] = (),
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[Job], int]:
    """Return the jobs that the person may know of, the newest first, and how many there are."""
    import sqlalchemy as sa

    from serving.jobs.register import listed
    from serving.jobs.table import JOBS

    seen = None
    if not person.has():
        for_all = [name for name, kind in KINDS.items() if kind.roles and person.has(*kind.roles)]
        shared = sa.and_(JOBS.c.enterprise_id.is_(None), JOBS.c.kind.in_(for_all))
        seen = sa.or_(JOBS.c.who == person.name, shared)
    return listed(engine, seen=seen, states=states, kinds=kinds, limit=limit, offset=offset)


def asked(
    engine: sa.Engine, library: Reading, person: Person, kind: str, arguments: Mapping[str, Any]
) -> tuple[Job, bool]:
    """Put a job into the queue for somebody who may; HTTPException 403, 404, 422 or 429 says why not."""
    from serving.jobs.refusals import TooManyJobsError
    from serving.jobs.register import put

    if kind not in KINDS or not KINDS[kind].roles:
        allowed = ", ".join(name for name, one in KINDS.items() if one.roles)
        raise HTTPException(422, f"kind: found {kind[:40]!r}; allowed: {allowed}")
    if not person.has(*KINDS[kind].roles):
        raise HTTPException(403, f"this needs one of the roles: {', '.join(KINDS[kind].roles)}")
    try:
        checked = KINDS[kind].arguments.model_validate(dict(arguments))
    except ValidationError as error:
        raise RequestValidationError([{**fault} for fault in error.errors(include_url=False)]) from error
    refuse_hidden(library, person, getattr(checked, "enterprise_id", None))
    try:
        return put(engine, kind, arguments, person.name)
    except TooManyJobsError as many:
        raise HTTPException(429, str(many), {"retry-after": "60"}) from many


def refuse_hidden(library: Reading, person: Person, enterprise_id: str | None) -> None:
    """Raise UnknownEnterpriseError for an enterprise whose details the person may not see."""
    if enterprise_id is None:
        return
    row = library.enterprises().get(enterprise_id)
    if row is None or not person.sees_details(row):
        raise UnknownEnterpriseError(enterprise_id)


def _roles(kind: str) -> tuple[Any, ...]:
    return KINDS[kind].roles if kind in KINDS else ()
