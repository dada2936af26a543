"""The register of self-assessments: reads them, and lets one act at a time change one.

Every act is one transaction of the state database: the assessment as it stands, and a change for every field
that differs, in the journal. What an act was based on is checked inside that transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa

from features import journal
from features.journal import Change
from features.self_assessment import transitions
from features.self_assessment.assessment import (
    Answer,
    Assessment,
    Finding,
    Source,
    State,
    to_fields,
)
from features.self_assessment.keeping import (
    PRESENT,
    TABLE,
    as_row,
    changes_to,
    load,
    read,
    refuse_if_changed_since,
    refuse_to_overwrite_others,
    replayed,
    write,
)
from features.self_assessment.opening import PREFIX, Round, opened
from features.settings import Settings
from features.store import ledger
from features.store.database import exclusive, open_database
from features.store.lock import locked

STANDING = (State.DECLARED, State.REVIEWED)
"""States in which an assessment speaks for the enterprise."""
MACHINE = "zhuoyue"
"""Who stands in the history where no person acted."""
WRITING = ("new", "answer", "fill")
"""Acts by which somebody took part in an assessment."""
Act = Callable[[Assessment], Assessment]
Whose = str | frozenset[str] | None
"""One enterprise, several, or all."""


class Register:
    """All self-assessments of one Zhuoyue home. Who acts is said by the caller: pages and
    API name whoever signed in, the command line takes a claim.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """Use `Register.open`."""
        self._engine = engine

    @classmethod
    def open(cls, settings: Settings) -> Register:
        """Open the register of `settings`; raises StateDatabaseError."""
        return cls(open_database(settings))

    def __enter__(self) -> Register:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def all(self, enterprise_id: Whose = None, limit: int | None = None, offset: int = 0) -> list[Assessment]:
        """Return the assessments of one enterprise or more, newest first; at most `limit` from `offset`."""
        newest = (sa.func.length(TABLE.c.id).desc(), TABLE.c.id.desc())
        query = PRESENT.where(_of(enterprise_id)).order_by(*newest).limit(limit).offset(offset)
        with self._engine.connect() as connection:
            return [load(row) for row in connection.execute(query)]

    def count(self, enterprise_id: Whose = None) -> int:
        """Return how many `all` has."""
        query = sa.select(sa.func.count()).select_from(TABLE).where(_of(enterprise_id))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def get(self, assessment_id: str) -> Assessment:
        """Return one assessment; raises UnknownAssessmentError."""
        with self._engine.connect() as connection:
            return read(connection, assessment_id)

    def latest(self, enterprise_id: str, on_or_before: date | None = None) -> Assessment | None:
        """Return the newest declared or reviewed one that was declared by a day, None where there is none."""
        last = on_or_before or date.max
        found = [
            one
            for one in self.all(enterprise_id)
            if one.state in STANDING and one.declaration and one.declaration.on <= last
        ]
        return max(found, key=lambda one: one.declaration.on if one.declaration else date.min, default=None)

    def history(self, assessment_id: str) -> list[Change]:
        """Return every change of one assessment, oldest first; raises UnknownAssessmentError."""
        with self._engine.connect() as connection:
            read(connection, assessment_id)
            return journal.history(connection, assessment_id)

    def begin(self, enterprise_id: str, as_of: str, by: str) -> Assessment:
        """Begin a draft for a round; where the round stands declared already, the draft is its correction.

        Raises:
            AssessmentRefused: a draft of this enterprise is open, or something given is not allowed.
        """
        with self._writing() as connection:
            count = connection.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar_one()
            others = [load(row) for row in connection.execute(PRESENT.where(_of(enterprise_id)))]
            made = opened(Round(enterprise_id, as_of), by, count + 1, others)
            connection.execute(sa.insert(TABLE), as_row(made))
            journal.append(connection, changes_to({}, made, "new", by))
        return made

    def answer(
        self,
        assessment_id: str,
        answers: Mapping[str, Answer],
        by: str,
        version: int | None = None,
        act: str = "answer",
    ) -> Assessment:
        """Give answers to a draft.

        Without `version`, the one that the writer saw, only what is unanswered or the writer's own may be
        changed; with it, everything, if nobody has changed the assessment since.

        Raises:
            ChangedMeanwhile: it says who changed what when.
            AssessmentRefused: the answers are not allowed, or the assessment is no draft; nothing is changed.
        """

        def give(assessment: Assessment) -> Assessment:
            return transitions.answered(assessment, answers)

        own = set(answers) if version is None else set()
        return self._act(assessment_id, give, act, by, version, own)

    def declare(
        self, assessment_id: str, by: str, role: str, on: date, version: int | None = None
    ) -> Assessment:
        """Declare a draft; the one that it corrects is superseded in the same transaction."""

        def sign(assessment: Assessment) -> Assessment:
            return transitions.declared(assessment, by, role, on)

        return self._act(assessment_id, sign, "declare", by, version)

    def review(
        self,
        assessment_id: str,
        by: str,
        organisation: str,
        on: date,
        differing: Mapping[str, Finding],
        inside: tuple[str, ...] = (),
        version: int | None = None,
    ) -> Assessment:
        """Review a declared one as a third party; `inside` are names of the enterprise itself."""
        seen = self.get(assessment_id).version if version is None else version
        writers = {change.who for change in self.history(assessment_id) if change.action in WRITING}

        def find(assessment: Assessment) -> Assessment:
            return transitions.reviewed(assessment, by, organisation, on, differing, inside, writers)

        return self._act(assessment_id, find, "review", by, seen)

    def withdraw(self, assessment_id: str, by: str, version: int | None = None) -> Assessment:
        """Give up a draft; it stays to be seen."""
        return self._act(assessment_id, transitions.withdrawn, "withdraw", by, version)

    def unrecorded(self) -> list[Assessment]:
        """Return those whose declaration or review does not stand in the records yet, the oldest first."""
        query = PRESENT.where(TABLE.c.unrecorded)
        with self._engine.connect() as connection:
            return sorted(map(load, connection.execute(query)), key=lambda one: (len(one.id), one.id))

    def mark_recorded(self, assessment_id: str, part: Source) -> Assessment:
        """Note that this part of a declared one stands in the records."""

        def mark(assessment: Assessment) -> Assessment:
            return replace(assessment, recorded=tuple(dict.fromkeys((*assessment.recorded, part))))

        return self._act(assessment_id, mark, "record", MACHINE, None)

    @contextmanager
    def recording(self, home: Path) -> Iterator[None]:
        """Be the only one who brings assessments into the records, on all hosts that share them."""
        with self._engine.connect() as connection:
            uid = connection.execute(sa.select(ledger.identity.c.uid)).scalar_one()
        own = hashlib.sha256(f"self_assessment {uid}".encode()).hexdigest()
        with locked(home / ".self_assessment.lock"), exclusive(self._engine, own):
            yield

    def verify(self, known: str | None = None) -> journal.Verdict:
        """Check the chain of changes, and that every assessment is what its changes make it."""
        with self._engine.connect() as connection:
            verdict = journal.verify(connection, known)
            rows = connection.execute(sa.select(TABLE)).all()
            faults = [fault for row in rows for fault in replayed(connection, row)]
            gone = journal.subjects(connection, PREFIX) - {row.id for row in rows}
        faults += [f"{name} is missing; its changes are there" for name in sorted(gone)]
        return verdict._replace(faults=verdict.faults + tuple(faults))

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            journal.queue(connection)
            yield connection

    def _act(
        self,
        assessment_id: str,
        act: Act,
        name: str,
        by: str,
        version: int | None,
        own: set[str] | None = None,
    ) -> Assessment:
        transitions.named(by)
        with self._writing() as connection:
            before = read(connection, assessment_id)
            refuse_if_changed_since(connection, before, version)
            after = act(before)
            refuse_to_overwrite_others(connection, before, own or set(), by)
            if to_fields(after) == to_fields(before):
                return before
            after = write(connection, before, after, name, by)
            if after.state is State.DECLARED and after.supersedes and before.state is State.DRAFT:
                old = read(connection, after.supersedes)
                write(connection, old, transitions.superseded(old, after.id), "supersede", by)
        return after


def _of(whose: Whose) -> sa.ColumnElement[bool]:
    if whose is None:
        return sa.true()
    return TABLE.c.enterprise_id.in_([whose] if isinstance(whose, str) else sorted(whose))
