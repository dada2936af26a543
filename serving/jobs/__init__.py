"""Work outside the requests: a queue in the state database, and worker processes that empty it.

`enqueue` puts a job into the queue; `kinds` says which there are. Nothing heavy is loaded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from serving.jobs.job import Job, State
from serving.jobs.kinds import KINDS, Kind

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["KINDS", "Job", "Kind", "State", "enqueue"]


def enqueue(
    engine: sa.Engine, kind: str, arguments: Mapping[str, Any], who: str, key: str | None = None
) -> Job:
    """Put a job into the queue; of the same kind and `key` only one waits, and that one is returned.

    Raises:
        UnknownKindError, TooManyJobsError: see `serving.jobs.refusals`.
        pydantic.ValidationError: the arguments are not what the kind takes.
    """
    from serving.jobs.register import put

    return put(engine, kind, arguments, who, key)[0]
