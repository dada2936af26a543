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
from serving.web.kept import Answer, Kept
from serving.web.reading import Graded, Kind, Row, State, UnknownEnterpriseError

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.outlook import Outlook

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
        return self.once("enterprises", self._read_enterprises)

    def grades(self) -> Mapping[str, Graded]:
        """Return every official grade on its default window."""
        return self.once("grades", partial(self._grade, None, None))

    def grade(self, enterprise_id: str, as_of: str | None) -> Graded | None:
        """Return one official grade; raises UnknownEnterpriseError."""
        if enterprise_id not in self.enterprises():
            raise UnknownEnterpriseError(enterprise_id)
        if as_of is None:
            return self.grades().get(enterprise_id)
        compute = partial(self._grade, [enterprise_id], as_of)
        return self.once(("grade", enterprise_id, as_of), compute).get(enterprise_id)

    def parameters(self) -> Mapping[str, Mapping[str, Row]]:
        """Return the rows of `parameters` by enterprise and by parameter id."""
        return self.once("parameters", self._read_parameters)

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
        return self.once("history", self._read_history).get(enterprise_id, [])

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

    def _read_enterprises(self) -> dict[str, Row]:
        with self._store() as store:
            rows = {row["enterprise_id"]: row for row in _rows(store, "enterprises")}
            return {key: rows.get(key, {"enterprise_id": key}) for key in sorted(store.enterprises())}

    def _read_parameters(self) -> dict[str, dict[str, Row]]:
        found: dict[str, dict[str, Row]] = {}
        with self._store() as store:
            for row in _rows(store, "parameters"):
                found.setdefault(row["enterprise_id"], {})[row["parameter_id"]] = row
        return found

    def _read_history(self) -> dict[str, list[dict[str, Any]]]:
        """Read all enterprises at once: one model table costs little more than that of one of them."""
        from features.model_table import build_model_table
        from models.results import TARGETS

        with self._store() as store:
            frame = build_model_table(store).frame
        whole = frame.loc[frame["product_id"] == "", ["enterprise_id", "period", *TARGETS]]
        found: dict[str, list[dict[str, Any]]] = {}
        for row in whole.to_dict("records"):
            found.setdefault(str(row["enterprise_id"]), []).append({str(k): v for k, v in row.items()})
        return found

    def _grade(self, enterprise_ids: list[str] | None, as_of: str | None) -> dict[str, Graded]:
        from features.evidence import NoRecordsError, evidence_with_notes
        from qm_rules import grade, load_pack, parse_evidence

        with self._store() as store:
            try:
                found = evidence_with_notes(store, enterprise_ids, as_of)
            except NoRecordsError:
                return {}
        pack = load_pack()
        graded = {}
        for document, notes in found:
            grade_ = grade(parse_evidence(document), pack=pack, notes=notes)
            graded[str(document["enterprise_id"])] = Graded(grade_.to_dict(), document)
        return graded


def _marks(settings: Settings, database: Database) -> Marks:
    from features.store.ledger import last_import
    from models.outlook import pointer

    file = pointer(settings)
    return last_import(database.engine), file.stat().st_mtime_ns if file.exists() else 0


def _rows(store: Store, table: str) -> list[dict[str, Any]]:
    """Return a small table's rows as plain dicts."""
    rows: list[dict[str, Any]] = store.table(table).collect("pyarrow").to_arrow().to_pylist()
    return rows
