"""The journal: who changed what when, append-only, each row chained to the one before by its hash.

A row's hash is SHA-256 over the canonical JSON of the hash before it and of the row itself. The head, one row
of a second table, says how long the chain is and how it ends: so a row that was altered, inserted or taken
out shows, also at the end. Whoever can write the database can compute the whole chain anew; against that
helps a hash noted elsewhere, which `verify` looks for. Writers queue at the head's row: the first to change
it goes on, the others wait for its commit, on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

GENESIS = "0" * 64
_metadata = sa.MetaData()
HEAD = sa.Table(
    "changes_head",
    _metadata,
    *(sa.Column(name, sa.Integer) for name in ("id", "seq")),
    sa.Column("hash", sa.String),
)
CHANGES = sa.Table(
    "changes",
    _metadata,
    *(sa.Column(name, sa.Integer) for name in ("seq", "version")),
    *(
        sa.Column(name, sa.String)
        for name in ("at", "who", "subject", "action", "field", "old", "new", "hash")
    ),
)
Json = Any
"""What JSON can say."""


class Change(NamedTuple):
    """One field of one subject, changed by `who` at `at` (UTC); None: there was, or is, nothing.

    `version` numbers the subject's revisions; the fields that one act changes share it. `seq` and `hash` are
    given when it is written.
    """

    subject: str
    version: int
    action: str
    field: str
    old: Json
    new: Json
    who: str
    at: str
    seq: int = 0
    hash: str = ""


class Verdict(NamedTuple):
    """What `verify` found: length and end of the chain, and everything that is wrong with it."""

    rows: int
    head: str
    faults: tuple[str, ...]


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def queue(connection: sa.Connection) -> None:
    """Become the only writer until this transaction ends; it must be the transaction's first statement.

    It writes, so that SQLite locks at once and what is read after it is the latest, as on PostgreSQL.
    """
    connection.execute(sa.update(HEAD).values(seq=HEAD.c.seq))


def append(connection: sa.Connection, changes: Iterable[Change]) -> None:
    """Add changes to the end of the chain, after `queue` in the same transaction."""
    seq, last = head(connection)
    rows = []
    for change in changes:
        seq += 1
        row = _row(change._replace(seq=seq))
        last = row["hash"] = _hash(last, row)
        rows.append(row)
    if rows:
        connection.execute(sa.insert(CHANGES), rows)
        connection.execute(sa.update(HEAD).values(seq=seq, hash=last))


def record(engine: sa.Engine, subject: str, action: str, who: str, **facts: Json) -> None:
    """Write one event, a change for every fact, in a transaction of its own: who did what to which subject.

    Subjects are `kind:id`, such as `import:12`, `grade:E0001`, `model:v7`, `user:li`.
    """
    with engine.begin() as connection:
        queue(connection)
        append(connection, event(subject, action, who, facts))


def event(subject: str, action: str, who: str, facts: Mapping[str, Json], at: str = "") -> list[Change]:
    """Return the changes of one event, for `append`: one for every fact, at `at` (default: now)."""
    at = at or now()
    return [Change(subject, 0, action, name, None, value, who, at) for name, value in facts.items()]


def history(connection: sa.Connection, subject: str, after: int = 0) -> list[Change]:
    """Return the changes of one subject beyond version `after`, oldest first."""
    query = sa.select(CHANGES).where(CHANGES.c.subject == subject, CHANGES.c.version > after)
    return [load(row) for row in connection.execute(query.order_by(CHANGES.c.seq))]


def load(row: sa.Row[Any]) -> Change:
    """Return the change of a row of `CHANGES`."""
    fields = row._asdict()
    return Change(**{**fields, "old": json.loads(fields["old"]), "new": json.loads(fields["new"])})


def head(connection: sa.Connection) -> tuple[int, str]:
    """Return how long the chain is and the hash of its end: what to note elsewhere."""
    row = connection.execute(sa.select(HEAD.c.seq, HEAD.c.hash)).one()
    return int(row.seq), str(row.hash)


def subjects(connection: sa.Connection, prefix: str) -> set[str]:
    """Return the subjects that changes tell of and whose name begins with `prefix`."""
    query = sa.select(CHANGES.c.subject).where(CHANGES.c.subject.startswith(prefix, autoescape=True))
    return set(connection.execute(query.distinct()).scalars())


def replay(changes: Iterable[Change]) -> dict[str, Json]:
    """Return the fields of a subject as its changes leave them; a field changed to None is gone."""
    fields = {change.field: change.new for change in changes}
    return {name: value for name, value in fields.items() if value is not None}


def verify(connection: sa.Connection, known: str | None = None) -> Verdict:
    """Compute the chain anew; `known` is a hash that was noted before and must still stand in it."""
    faults, last, expected, seen = [], GENESIS, 1, known in (None, GENESIS)
    for row in _stored(connection):
        if row["seq"] != expected:
            faults.append(f"changes {expected} to {row['seq'] - 1} are missing")
        elif _hash(last, row) != row["hash"]:
            faults.append(f"change {row['seq']} ({row['subject']}, {row['field']}) is not what was written")
        last, expected = row["hash"], row["seq"] + 1
        seen = seen or last == known
    seq, end = head(connection)
    if (seq, end) != (expected - 1, last):
        faults.append(f"the chain ends with change {expected - 1}, its head says {seq}")
    if not seen:
        faults.append(f"no change has the hash {known}: the chain was written anew")
    return Verdict(expected - 1, last, tuple(faults))


def _stored(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    query = sa.select(CHANGES).order_by(CHANGES.c.seq)
    for row in connection.execute(query, execution_options={"yield_per": 1_000}):
        yield row._asdict()


def _hash(last: str, row: Mapping[str, Any]) -> str:
    fields = [row[name] for name in Change._fields if name != "hash"]
    return hashlib.sha256(_text([last, *fields]).encode()).hexdigest()


def _row(change: Change) -> dict[str, Any]:
    return {**change._asdict(), "old": _text(change.old), "new": _text(change.new)}


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
