"""The register of jobs, for workers: take one, keep it while it runs, and say how it ended.

A worker has a job on a lease that its process renews every second. Whoever cannot renew stops; only when the
lease has run out may another begin. Each start has a number (`attempt`), and nothing is written for a job
under an older one, so that a process that slept through its lease changes nothing when it wakes. Every
statement changes a row only if it still is as the worker believes: nobody waits for a lock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from features import journal
from serving.jobs.job import Job, State
from serving.jobs.table import JOBS, clock, job_of

LEASE_SECONDS = 15.0
STARTING_SECONDS = 60.0
"""More of it for the beginning: until a process has started and renews it."""
MOST_DEATHS = 3
DIED = "the process that ran this job died {deaths} times, perhaps for want of memory; it is not tried again"
LOOKED_AT = 8
"""Waiting jobs that a worker tries in turn, where others take the first ones at the same moment."""


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    stage: str = ""
    done: int = 0
    total: int = 0


def take(engine: sa.Engine, worker: str, lease: float = LEASE_SECONDS) -> Job | None:
    """Take the next job and begin it; None where there is nothing to do.

    The next is the oldest one of the person whose turn was longest ago, so that a hundred jobs of one do not
    keep another waiting; of a lane, only if none of it is running.
    """
    for number in _next(engine):
        try:
            with engine.begin() as connection:
                if _begun(connection, number, worker, lease):
                    row = connection.execute(sa.select(JOBS).where(JOBS.c.number == number)).one()
                    return job_of(row)
        except sa.exc.IntegrityError:  # another worker has begun one of the same lane
            continue
    return None


def beat(engine: sa.Engine, job: Job, progress: Progress, lease: float = LEASE_SECONDS) -> bool | None:
    """Renew the lease and write how far it is; returns whether to stop, None if the job is ours no more."""
    values = {"stage": progress.stage[:200], "done": progress.done, "total": progress.total}
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # a host that falls asleep here must not keep the row locked
            asleep = sa.text("SELECT set_config('idle_in_transaction_session_timeout', :ms, true)")
            connection.execute(asleep, {"ms": str(int(lease * 1000))})
        until = clock(connection) + lease
        renewed = connection.execute(_held(job).values(lease_until=until, **values)).rowcount
        if not renewed:
            return None
        wanted = sa.select(JOBS.c.cancelling).where(JOBS.c.number == job.number)
        return bool(connection.execute(wanted).scalar_one())


def end(
    engine: sa.Engine,
    job: Job,
    state: State,
    result: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> bool:
    """Write how a job ended; False if it is not ours any more."""
    text = None if result is None else json.dumps(result, ensure_ascii=False, default=str)
    with engine.begin() as connection:
        journal.queue(connection)
        values = {"state": state, "result": text, "error": error, "cancelling": False, "lease_until": None}
        ended = connection.execute(_held(job).values(finished_at=clock(connection), **values)).rowcount
        if ended:
            facts = {"kind": job.kind, "error": error} if error else {"kind": job.kind}
            journal.append(connection, journal.event(f"job:{job.id}", state, job.who, facts))
        return bool(ended)


def give_back(engine: sa.Engine, job: Job) -> None:
    """Put a job back into the queue: its worker is being stopped, which is not the job's fault."""
    with engine.begin() as connection:
        connection.execute(_held(job).values(**_waiting()))


def bury(engine: sa.Engine, job: Job, *, expired: bool = False) -> None:
    """The process of a job died without a word: queue it again, or give it up after too many deaths.

    With `expired` only if its lease is over, by the database's clock, at the moment of writing.
    """
    if job.cancelling:
        end(engine, job, State.CANCELLED)
    elif job.deaths + 1 >= MOST_DEATHS:
        end(engine, job, State.FAILED, error=DIED.format(deaths=job.deaths + 1))
    else:
        with engine.begin() as connection:
            dead = _held(job)
            if expired:
                dead = dead.where(JOBS.c.lease_until < clock(connection))
            connection.execute(dead.values(deaths=JOBS.c.deaths + 1, **_waiting()))


def expired(engine: sa.Engine) -> list[Job]:
    """Return jobs whose lease has run out: their worker, or its host, is gone."""
    with engine.connect() as connection:
        late = (JOBS.c.state == State.RUNNING, JOBS.c.lease_until < clock(connection))
        return [job_of(row) for row in connection.execute(sa.select(JOBS).where(*late))]


def _next(engine: sa.Engine) -> list[int]:
    others = JOBS.alias("others")
    busy = sa.select(others.c.lane).where(others.c.state == State.RUNNING, others.c.lane.is_not(None))
    turn = sa.select(sa.func.max(others.c.started_at)).where(others.c.who == JOBS.c.who).scalar_subquery()
    free = sa.or_(JOBS.c.lane.is_(None), JOBS.c.lane.not_in(busy))
    query = sa.select(JOBS.c.number).where(JOBS.c.state == State.QUEUED, free)
    query = query.order_by(sa.func.coalesce(turn, 0.0), JOBS.c.number).limit(LOOKED_AT)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def _begun(connection: sa.Connection, number: int, worker: str, lease: float) -> bool:
    now = clock(connection)
    still = sa.update(JOBS).where(JOBS.c.number == number, JOBS.c.state == State.QUEUED)
    begun = still.values(
        state=State.RUNNING,
        worker=worker,
        attempt=JOBS.c.attempt + 1,
        started_at=now,
        lease_until=now + lease + STARTING_SECONDS,
    )
    return bool(connection.execute(begun).rowcount)


def _held(job: Job) -> sa.Update:
    """Change a job as long as it is on the lease of this very start."""
    held = (JOBS.c.number == job.number, JOBS.c.attempt == job.attempt, JOBS.c.state == State.RUNNING)
    return sa.update(JOBS).where(*held)


def _waiting() -> dict[str, Any]:
    nothing = dict.fromkeys(("worker", "started_at", "lease_until"))
    return {"state": State.QUEUED, "stage": "", "done": 0, "total": 0, **nothing}
