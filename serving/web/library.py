"""The answers of the store, the rules and the published outlook. It never writes.

Everything is computed once per state of the data and kept, so that a page is a look-up. The engines are
imported at the first question, not when the process starts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from serving.web.database import Database
from serving.web.gathering import (
    read_enterprises,
    read_history,
    read_overview,
    read_parameters,
    with_nan,
)
from serving.web.kept import Answer, Kept
from serving.web.reading import Graded, Kind, Row, State, UnknownEnterpriseError

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.outlook import Outlook
    from models.shelf import Shelf

GRADES, HISTORY, LINES = "grades", "history", "lines.json"
Marks = tuple[int, int]
"""Number of the last import, and when the pointer to the outlook was written (ns)."""
LOOK_AGAIN_SECONDS = 1.0
"""How long a state is believed before ledger and pointer file are looked at again."""


class Library:
    """`Reading` over one Zhuoyue home; safe to share between threads."""

    def __init__(self, settings: Settings, database: Database | None = None) -> None:
        """Remember where to look; nothing is opened yet."""
        self._settings = settings
        self._database = database or Database(settings)
        self._lock = threading.Lock()
        self._kept = Kept()
        self._state = State()
        self._outlook: Outlook | None = None
        self._marks: Marks | None = None
        self._looked = float("-inf")

    def state(self) -> State:
        """Return the present state, at most a second old; answers for an older one are forgotten."""
        with self._lock:
            if monotonic() - self._looked >= LOOK_AGAIN_SECONDS:
                self._look_again()
            return self._state

    def watch(self, stopping: threading.Event) -> None:
        """Look again and again until `stopping` is set, so that no request has to."""
        while not stopping.wait(LOOK_AGAIN_SECONDS / 2):
            with (
                suppress(Exception),
                self._lock,
            ):  # the next request that asks meets the same error and says it
                self._look_again()

    def at_hand(self, name: str) -> Any:  # noqa: ANN401 - as the method of that name
        """Return what the method `name` would, if nobody has to wait for it; else None."""
        if monotonic() - self._looked >= LOOK_AGAIN_SECONDS:
            return None
        return self._state if name == "state" else self._kept.at_hand(name)

    def enterprises(self) -> Mapping[str, Row]:
        """Return the rows of `enterprises` by id, in order of id."""
        return self.once("enterprises", partial(self._from_store, read_enterprises))

    def grades(self) -> Mapping[str, Graded]:
        """Return every official grade on its default window."""
        return self.once("grades", partial(self._grade, None, None))

    def grade(self, enterprise_id: str, as_of: str | None) -> Graded | None:
        """Return one official grade; raises UnknownEnterpriseError."""
        if enterprise_id not in self.enterprises():
            raise UnknownEnterpriseError(enterprise_id)
        if as_of is None:
            return self._shelved_grade(enterprise_id) or self.grades().get(enterprise_id)
        compute = partial(self._grade, [enterprise_id], as_of)
        return self.once(("grade", enterprise_id, as_of), compute).get(enterprise_id)

    def overview(self) -> Mapping[str, Row]:
        """Return what the overview says of every enterprise."""
        return self.once("overview", self._read_overview)

    def parameters(self) -> Mapping[str, Mapping[str, Row]]:
        """Return the rows of `parameters` by enterprise and by parameter id."""
        return self.once("parameters", partial(self._from_store, read_parameters))

    def outlook(self, kind: Kind, enterprise_id: str | None = None) -> list[dict[str, Any]]:
        """Return the published rows; empty where nothing was published."""
        self.state()
        outlook = self._outlook
        if outlook is None:
            return []
        read = partial(getattr(outlook, kind), enterprise_id)
        rows: list[dict[str, Any]] = self.once((kind, enterprise_id), read) if enterprise_id else read()
        return rows

    def body(self, kind: Kind, enterprise_id: str, target: str | None = None) -> bytes:
        """Return the published rows of one enterprise as JSON, comma-separated, without brackets."""
        if self.at_hand("state") is None:
            self.state()
        return self._outlook.shelf(kind).body(enterprise_id, target) if self._outlook else b""

    def history(self, enterprise_id: str) -> list[dict[str, Any]]:
        """Return the known values of every forecast target of an enterprise, oldest first, gaps included."""
        if self._fresh(f"{HISTORY}.shelf"):
            return [with_nan(row) for row in self._shelf(HISTORY).rows(enterprise_id)]
        return self.once("history", partial(self._from_store, read_history)).get(enterprise_id, [])

    def once(self, name: object, compute: Callable[[], Answer]) -> Answer:
        """Return what `compute` made of the present state, making it if this is the first question."""
        self.state()
        return self._kept.once(name, compute)

    @contextmanager
    def _store(self) -> Iterator[Store]:
        from features.store import Store

        with Store.open(self._settings) as store:
            yield store

    def _look_again(self) -> None:
        """Look at the ledger's end and at the pointer; at what they stand for only if one has moved."""
        marks = _marks(self._settings, self._database)
        if marks != self._marks:
            state = self._look()
            if state != self._state:
                self._kept = Kept()
            self._state, self._marks = state, marks
        self._looked = monotonic()

    def _look(self) -> State:
        from models.outlook import NoOutlookError, Outlook

        with self._store() as store:
            fingerprint = store.fingerprint() if store.enterprises() else ""
        try:
            found = self._outlook = Outlook.load(self._settings)
        except NoOutlookError:
            self._outlook = None
            return State(fingerprint)
        return State(fingerprint, found.folder.name, found.model_version, found.created_at, found.fingerprint)

    def _from_store(self, read: Callable[[Store], Answer]) -> Answer:
        with self._store() as store:
            return read(store)

    def _read_overview(self) -> dict[str, dict[str, Any]]:
        return read_overview(self._outlook, None if self._fresh(LINES) else self.grades())

    def _fresh(self, file: str) -> bool:
        """Say whether the outlook holds the file and was made of the present records."""
        state, kept = self.state(), self._outlook
        current = kept is not None and kept.as_of is None and kept.fingerprint == state.fingerprint
        return current and (kept.folder / file).exists()  # type: ignore[union-attr]

    def _shelf(self, kind: str) -> Shelf:
        assert self._outlook is not None  # noqa: S101 - `_fresh` says so
        return self._outlook.shelf(kind)

    def _shelved_grade(self, enterprise_id: str) -> Graded | None:
        if not self._fresh(f"{GRADES}.shelf"):
            return None
        rows = self._shelf(GRADES).rows(enterprise_id)
        return Graded(rows[0]["grade"], rows[0]["evidence"]) if rows else None

    def _grade(self, enterprise_ids: list[str] | None, as_of: str | None) -> dict[str, Graded]:
        """Grade, and tell the journal of grades that were never given out before."""
        from serving.grading import graded
        from serving.journal.issuing import issue

        if enterprise_ids is None and as_of is None and self._fresh(f"{GRADES}.shelf"):
            names = self._shelf(GRADES).names()
            return {name: found for name in names if (found := self._shelved_grade(name))}
        with self._store() as store:
            made = graded(store, enterprise_ids, as_of)
        answers = {str(document["enterprise_id"]): Graded(one.to_dict(), document) for one, document in made}
        issue(self._database.engine, [answer.grade for answer in answers.values()])
        return answers


def _marks(settings: Settings, database: Database) -> Marks:
    from features.store.ledger import last_import
    from models.outlook import pointer

    file = pointer(settings)
    return last_import(database.engine), file.stat().st_mtime_ns if file.exists() else 0
