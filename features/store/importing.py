"""One import call: everything is checked before anything is written, and one commit makes it happen."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from features.records import sql
from features.records.reading.faults import Fault, Faults, ImportRefused
from features.records.reading.opening import Desk
from features.records.reading.sources import Source, find_sources
from features.records.schema import TABLES
from features.store import ledger
from features.store.comparing import Difference, compare, overlaps, ranges_of, rows_in_both, window
from features.store.conflicts import Conflict, list_conflicts
from features.store.current import current_sql
from features.store.files import publish, sha256
from features.store.intake import Incoming, Part, by_table, take_in
from features.store.ledger import Ranges, Snapshot, SourceEntry, StoredFile
from features.store.permits import EVERYTHING, Permit, check_permit
from features.store.references import check_references, known_rows
from features.store.reporting import ImportConflict, ImportReport, count_tables
from features.store.uniqueness import unique

OnConflict = Literal["report", "replace"]
Progress = Callable[[float, float, str], None]
Committed = Callable[[sa.Connection, int, ImportReport], None]
"""Called in the ledger's transaction with the number of the import and what it did: what it writes there
happens with the import or not at all."""


def silent(_done: float, _total: float, _description: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Terms:
    """On what terms a call brings records; `who` None is the account that runs this process."""

    on_conflict: OnConflict = "report"
    who: str | None = None
    permit: Permit = EVERYTHING
    committed: Committed | None = None


@dataclass
class Import:
    """The state of one call, held under the import lock.

    After `run`, also one that is refused, `parts` are the sources as they were read, and `conflicts` the rows
    whose keys are stored with other values.
    """

    engine: sa.Engine
    records: Path
    snapshot: Snapshot
    desk: Desk
    terms: Terms
    progress: Progress
    parts: dict[Source, list[Part]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def run(self, paths: Sequence[Path], *, write: bool = True) -> ImportReport:
        """Import `paths`, or without `write` only say what would come of it.

        Raises:
            ImportConflict: keys are stored with other values.
            ImportRefused: something is wrong with the input.
        """
        sources = find_sources(paths, self.desk.faults)
        self.desk.faults.raise_if_any()
        states = {source: source.path.stat() for source in sources}
        digests = {source: sha256(source.path) for source in sources}
        known = self._known(digests)
        fresh = [source for source in sources if source not in known]
        parts = self._check(fresh)
        incoming = by_table([part for found in parts.values() for part in found])
        for source in fresh:
            _unchanged(source, states[source], self.desk.faults)
        entries = [_entry(source, digests[source], parts[source]) for source in fresh]
        return self._settle(incoming, entries, known, write)

    def _known(self, digests: dict[Source, str]) -> dict[Source, SourceEntry]:
        """Return the sources whose very bytes are in the store, none of their tables replaced since.

        Who may not bring everything has every row looked at: a digest does not say whose rows they are.
        """
        if self.terms.permit != EVERYTHING:
            return {}
        replaced = {file.table_name: file.import_id for file in self.snapshot.files if file.replaces}
        entries: dict[tuple[str, str], SourceEntry] = {}
        for entry in ledger.known_sources(self.engine, list(digests.values())):
            if all(replaced.get(table, 0) <= entry.import_id for table in entry.rows):
                entries.setdefault((entry.sha256, entry.kind), entry)
        found = {source: entries.get((digest, _kind(source))) for source, digest in digests.items()}
        return {source: entry for source, entry in found.items() if entry is not None}

    def _check(self, sources: Sequence[Source]) -> dict[Source, list[Part]]:
        """Check values, then whose they are, then references; all faults of all sources are told at once."""
        parts, unread = self.parts, set()
        for done, source in enumerate(sources):
            self.progress(done, len(sources), f"checking {source.path.name}")
            parts[source] = take_in(source, self.desk)
            if self.desk.faults.total and not parts[source]:
                unread |= {source.table.name} if source.table else set(TABLES)
        incoming = by_table([part for found in parts.values() for part in found])
        current = {name: self._current(name) for name in TABLES}
        check_permit(incoming, current, self.terms.permit, self.desk)
        if self.terms.permit != EVERYTHING:
            self.desk.faults.raise_if_any()
        known = known_rows(current, incoming)
        for item in incoming.values():
            check_references(item, known, unread, self.desk)
        self.desk.faults.raise_if_any()
        return parts

    def _current(self, name: str) -> str:
        return current_sql(TABLES[name], self.snapshot.of(name), self.records)

    def _settle(
        self,
        incoming: dict[str, Incoming],
        entries: list[SourceEntry],
        known: dict[Source, SourceEntry],
        write: bool,
    ) -> ImportReport:
        """Compare with the store, then write and commit, or refuse."""
        ranges: dict[str, Ranges] = {}
        differences: dict[str, Difference] = {}
        for done, (name, item) in enumerate(incoming.items()):
            self.progress(done, len(incoming), f"comparing {name}")
            ranges[name] = ranges_of(item.table, item.relation, self.desk.connection)
            differences[name] = self._compare(item, ranges[name])
        self.desk.faults.raise_if_any()
        reports = count_tables(incoming, differences, known.values())
        report = ImportReport(reports, tuple(self.desk.notes))
        if self.terms.on_conflict == "report":
            self._refuse_conflicts(incoming, differences, report)
        if not write:
            return report
        made = self._write(differences, ranges)
        if not made and not entries:
            return report
        return replace(report, import_id=self._commit(made, entries, report))

    def _commit(
        self, made: Sequence[StoredFile], entries: Sequence[SourceEntry], report: ImportReport
    ) -> int:
        terms = self.terms

        def also(connection: sa.Connection, number: int) -> None:
            if terms.committed is not None:
                terms.committed(connection, number, replace(report, import_id=number))

        return ledger.commit(
            self.engine, self.snapshot, made, entries, report.tables, terms.on_conflict, terms.who, also
        )

    def _compare(self, item: Incoming, ranges: Ranges) -> Difference:
        """Compare with the current rows that may have a key in common with rows in these ranges."""
        connection, files = self.desk.connection, self.snapshot.of(item.table.name)
        files = tuple(file for file in files if overlaps(ranges, file.ranges))
        if not files or not item.rows:
            given = unique(item, connection, self.desk.faults)
            return Difference(len(given.keys), 0, 0, given.relation if item.rows else None, None)
        meeting = window(item.table, ranges, [file.ranges for file in files])
        stored = f"SELECT * FROM ({current_sql(item.table, files, self.records)}) WHERE {meeting}"
        brought = f"SELECT * FROM ({item.relation}) WHERE {meeting}"
        same = rows_in_both(item.table, brought, stored, connection)
        if len(same) == item.rows:
            # As many different rows as were brought, all stored: their keys are as unique as the store is.
            return Difference(0, item.rows, 0, None, None)
        return compare(unique(item, connection, self.desk.faults), stored, same, connection)

    def _refuse_conflicts(
        self, incoming: dict[str, Incoming], differences: dict[str, Difference], report: ImportReport
    ) -> None:
        for name, difference in differences.items():
            if difference.conflict:
                self.conflicts += list_conflicts(
                    incoming[name], self._current(name), difference, self.desk.connection, self.desk.faults
                )
        try:
            self.desk.faults.raise_if_any()
        except ImportRefused as refused:
            raise ImportConflict(refused, report, tuple(self.conflicts)) from None

    def _write(self, differences: dict[str, Difference], ranges: dict[str, Ranges]) -> list[StoredFile]:
        wanted = [
            (name, select, replaces)
            for name, difference in differences.items()
            for select, replaces in ((difference.new_rows, False), (difference.conflict_rows, True))
            if select is not None
        ]
        made = []
        for done, (name, select, replaces) in enumerate(wanted):
            self.progress(done, len(wanted), f"writing {name}")
            made.append(self._write_file(name, select, replaces, ranges[name]))
        return made

    def _write_file(self, name: str, select: str, replaces: bool, ranges: Ranges) -> StoredFile:
        path = self.desk.next_path(".parquet")
        counted = self.desk.connection.execute(
            f"COPY ({select}) TO {sql.literal(path)} (FORMAT parquet, COMPRESSION snappy)"
        ).fetchall()[0][0]
        digest, size = sha256(path), path.stat().st_size
        place = publish(path, self.records, name, self.snapshot, "replacing" if replaces else "rows")
        return StoredFile(name, place, counted, size, digest, replaces, ranges)


def _kind(source: Source) -> str:
    return f"{source.table.name if source.table else ''}{source.kind}"


def _entry(source: Source, digest: str, parts: Sequence[Part]) -> SourceEntry:
    return SourceEntry(
        str(source.path), _kind(source), digest, {part.raw.table.name: part.rows for part in parts}
    )


def _unchanged(source: Source, before: os.stat_result, faults: Faults) -> None:
    """Refuse a file that somebody wrote to while it was read: its digest would be of something else."""
    now = source.path.stat()
    if (now.st_size, now.st_mtime_ns, now.st_ino) != (before.st_size, before.st_mtime_ns, before.st_ino):
        table, allowed = source.table.name if source.table else "", "a file at rest: import it again"
        faults.add(Fault(table, source.label, None, None, "a file that changed meanwhile", allowed))
