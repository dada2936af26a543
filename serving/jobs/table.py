"""The table of jobs, and the database's own clock."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from serving.jobs.job import Job, State

_metadata = sa.MetaData()
JOBS = sa.Table(
    "jobs",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("id", "kind", "arguments", "who", "enterprise_id", "key")),
    *(sa.Column(name, sa.String) for name in ("lane", "state", "worker", "stage", "result", "error")),
    *(sa.Column(name, sa.Float) for name in ("queued_at", "started_at", "finished_at", "lease_until")),
    *(sa.Column(name, sa.Integer) for name in ("attempt", "deaths", "done", "total")),
    sa.Column("cancelling", sa.Boolean),
)
_CLOCKS = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
}


def clock(engine: sa.Engine | sa.Connection) -> sa.ColumnElement[float]:
    """Return the expression of the present moment: one clock for all hosts."""
    return sa.literal_column(_CLOCKS[engine.dialect.name], sa.Float)


def job_of(row: Any) -> Job:  # noqa: ANN401 - a row of sqlalchemy
    """Return a row as a job."""
    fields = {name: getattr(row, name) for name in Job.__dataclass_fields__}
    fields["arguments"] = json.loads(row.arguments)
    fields["result"] = None if row.result is None else json.loads(row.result)
    fields["cancelling"] = bool(row.cancelling)
    return Job(**fields | {"state": State(row.state)})
