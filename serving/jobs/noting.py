"""What the journal is told of jobs; `features.journal.queue` must have opened the transaction."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from features import journal
from features.journal import Change, Json


def note(connection: sa.Connection, job_id: str, action: str, who: str, facts: Mapping[str, Json]) -> None:
    """Write one event of a job, a change for every fact."""
    at = journal.now()
    subject = f"job:{job_id}"
    changes = [Change(subject, 0, action, name, None, value, who, at) for name, value in facts.items()]
    journal.append(connection, changes)
