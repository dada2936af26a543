"""Every official grade that is given out is journalled: once for each window, evidence, edition and policy.

The entry holds the hash of the evidence and of the whole canonical answer, so that an answer on somebody's
desk can be held against it: `zhuoyue grade --enterprise ID | tr -d '\n' | sha256sum`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from features import journal

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.settings import Settings
    from qm_rules import Grade

SUBJECT = "grade:"
"""How the journal calls the grades of an enterprise: this and its id."""
MACHINE = "zhuoyue"
"""Who stands in the journal where nobody in particular asked."""
AT_ONCE = 400
"""Enterprises in one question to the database."""


class Issue(NamedTuple):
    """A grade as the journal tells it: whose, of which window, and what, as text that can be compared."""

    subject: str
    window: str
    facts: str


def issue(engine: sa.Engine, answers: Iterable[Mapping[str, Any]], who: str = MACHINE) -> int:
    """Journal those of `answers` (`Grade.to_dict()`) that were never issued before; return how many."""
    wanted = dict.fromkeys(map(_issue, answers))
    with engine.connect() as connection:
        fresh = _unknown(connection, wanted)
    if not fresh:
        return 0
    with engine.begin() as connection:
        journal.queue(connection)
        fresh = _unknown(connection, fresh)  # another process may have been quicker
        at = journal.now()
        facts = [(one, {one.window: json.loads(one.facts)}) for one in fresh]
        journal.append(
            connection,
            [line for one, fact in facts for line in journal.event(one.subject, "issue", who, fact, at)],
        )
    return len(fresh)


def given_out(settings: Settings, grades: Iterable[Grade], who: str | None = MACHINE) -> None:
    """Journal grades that leave by a command or a report; None: the user of the operating system."""
    from features.store.database import open_database
    from features.store.ledger import here

    engine = open_database(settings)
    try:
        issue(engine, [grade.to_dict() for grade in grades], who or here())
    finally:
        engine.dispose()


def _issue(answer: Mapping[str, Any]) -> Issue:
    from qm_rules import canonical_json

    window = answer["window"]
    facts = {
        "level": answer["level"],
        "status": answer["status"],
        "at_most": answer["at_most"],
        "evidence_sha256": answer["evidence_sha256"],
        "answer_sha256": hashlib.sha256(canonical_json(answer).encode()).hexdigest(),
        "edition": answer["pack"]["id"],
        "edition_sha256": answer["pack"]["sha256"],
        "policy": answer["policy"],
    }
    place = f"{window['start']}/{window['end']}"
    return Issue(SUBJECT + answer["enterprise_id"], place, json.dumps(facts, sort_keys=True))


def _unknown(connection: sa.Connection, wanted: Collection[Issue]) -> list[Issue]:
    """Return those that the journal does not hold, in their order."""
    import sqlalchemy as sa

    told, known = journal.CHANGES.c, set()
    issues = list(wanted)
    windows = {one.window for one in issues}
    for start in range(0, len(issues), AT_ONCE):
        subjects = {one.subject for one in issues[start : start + AT_ONCE]}
        query = sa.select(told.subject, told.field, told.new).where(
            told.subject.in_(subjects), told.field.in_(windows)
        )
        known |= {
            Issue(subject, field, json.dumps(json.loads(new), sort_keys=True))
            for subject, field, new in connection.execute(query)
        }
    return [one for one in issues if one not in known]
