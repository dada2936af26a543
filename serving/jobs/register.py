"""The register of jobs, for whoever asks: put one into the queue, look, cancel. The journal has every act."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from features import journal
from serving.jobs.job import Job, State
from serving.jobs.kinds import KINDS, Kind
from serving.jobs.refusals import JobEndedError, TooManyJobsError, UnknownJobError, UnknownKindError
from serving.jobs.table import JOBS, clock, job_of

MOST_WAITING = 200
"""Jobs of one person that may wait; whoever asks for more is refused until some have run."""


def put(
    engine: sa.Engine, kind: str, arguments: Mapping[str, Any], who: str, key: str | None = None
) -> tuple[Job, bool]:
    """Put a job into the queue; returns it, and whether it is new.

    Where one of the same kind and `key` still waits, that one is returned: it begins after this call, so it
    sees everything that was committed before.

    Raises:
        UnknownKindError: there is no such kind.
        pydantic.ValidationError: the arguments are not what the kind takes.
        TooManyJobsError: too many of this person's jobs wait already.
    """
    found = _kind(kind)
    checked = found.arguments.model_validate(dict(arguments)).model_dump(mode="json")
    key = key if key is not None else found.key
    with engine.begin() as connection:
        journal.queue(connection)  # whoever asks at the same moment waits here
        if key is not None and (waiting := _waiting(connection, kind, key)) is not None:
            return waiting, False
        _refuse_too_many(connection, who)
        job_id = uuid4().hex
        row = _row(found, job_id, checked, who, key)
        connection.execute(sa.insert(JOBS).values(**row, queued_at=clock(connection)))
        facts = {"kind": kind, "arguments": checked}
        journal.append(connection, journal.event(f"job:{job_id}", "asked", who, facts))
        return _one(connection, job_id), True


def find(engine: sa.Engine, job_id: str) -> Job:
    """Return a job as it is now; raises UnknownJobError."""
    with engine.connect() as connection:
        return _one(connection, job_id)


def listed(
    engine: sa.Engine,
    *,
    seen: sa.ColumnElement[bool] | None = None,
    states: Sequence[str] = (),
    kinds: Sequence[str] = (),
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[Job], int]:
    """Return jobs, the newest first, and how many there are; `seen` narrows to those that may be seen."""
    wanted = [sa.true() if seen is None else seen]
    wanted += [JOBS.c.state.in_(states)] if states else []
    wanted += [JOBS.c.kind.in_(kinds)] if kinds else []
    rows = sa.select(JOBS).where(*wanted).order_by(JOBS.c.number.desc()).limit(limit).offset(offset)
    count = sa.select(sa.func.count()).select_from(JOBS).where(*wanted)
    with engine.connect() as connection:
        return [job_of(row) for row in connection.execute(rows)], int(connection.execute(count).scalar_one())


def cancel(engine: sa.Engine, job_id: str, who: str) -> Job:
    """Take a waiting job out of the queue, or ask a running one to stop.

    Raises UnknownJobError, or JobEndedError where there is nothing left to stop.
    """
    with engine.begin() as connection:
        journal.queue(connection)
        mine = sa.update(JOBS).where(JOBS.c.id == job_id)
        waiting = mine.where(JOBS.c.state == State.QUEUED)
        ended = waiting.values(state=State.CANCELLED, finished_at=clock(connection))
        running = mine.where(JOBS.c.state == State.RUNNING).values(cancelling=True)
        changed = connection.execute(ended).rowcount or connection.execute(running).rowcount
        job = _one(connection, job_id)
        if not changed:
            raise JobEndedError(f"job {job_id} has ended already: {job.state}")
        journal.append(connection, journal.event(f"job:{job_id}", "cancelled", who, {"kind": job.kind}))
        return job


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise UnknownKindError(f"kind: found {name!r}; allowed: {', '.join(KINDS)}")
    return KINDS[name]


def _waiting(connection: sa.Connection, kind: str, key: str) -> Job | None:
    same = (JOBS.c.kind == kind, JOBS.c.key == key, JOBS.c.state == State.QUEUED)
    row = connection.execute(sa.select(JOBS).where(*same)).one_or_none()
    return None if row is None else job_of(row)


def _refuse_too_many(connection: sa.Connection, who: str) -> None:
    mine = (JOBS.c.who == who, JOBS.c.state == State.QUEUED)
    waiting = connection.execute(sa.select(sa.func.count()).select_from(JOBS).where(*mine)).scalar_one()
    if waiting >= MOST_WAITING:
        raise TooManyJobsError(f"{waiting} jobs of {who} wait already; wait for some, or cancel them")


def _row(kind: Kind, job_id: str, arguments: dict[str, Any], who: str, key: str | None) -> dict[str, Any]:
    return {
        "id": job_id,
        "kind": kind.name,
        "arguments": json.dumps(arguments, ensure_ascii=False),
        "who": who,
        "enterprise_id": arguments.get("enterprise_id"),
        "key": key,
        "lane": kind.lane,
        "state": State.QUEUED,
        "stage": "",
        "cancelling": False,
        **dict.fromkeys(("attempt", "deaths", "done", "total"), 0),
    }


def _one(connection: sa.Connection, job_id: str) -> Job:
    row = connection.execute(sa.select(JOBS).where(JOBS.c.id == job_id)).one_or_none()
    if row is None:
        raise UnknownJobError(f"no job {job_id[:80]!r}")
    return job_of(row)
