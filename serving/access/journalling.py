"""An act of administration and its journal entry are one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from features import journal
from features.journal import Change


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give the one connection that may write until its transaction ends."""
    with engine.begin() as connection:
        journal.queue(connection)
        yield connection


def tell(connection: sa.Connection, subject: str, action: str, by: str, facts: Mapping[str, Any]) -> None:
    """Add what was done to the journal, a change for every fact."""
    at = journal.now()
    told = [Change(subject, 0, action, field, None, value, by, at) for field, value in facts.items()]
    journal.append(connection, told)
