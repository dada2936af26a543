"""One import call: everything is checked before anything is written, and one commit makes it happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from features.records import sql
from features.records.reading.faults import ImportRefused
from features.records.reading.opening import Desk
from features.records.reading.sources import Source, find_sources
from features.records.schema import TABLES
from features.store import ledger
from features.store.comparing import Difference, compare, overlaps, ranges_of
from features.store.conflicts import list_conflicts
from features.store.current import current_sql
from features.store.files import publish, sha256
from features.store.intake import Incoming, Part, by_table, take_in
from features.store.ledger import Ranges, Snapshot, SourceEntry, StoredFile, TableReport
from features.store.references import check_references, known_rows
from features.store.uniqueness import Distinct, unique

OnConflict = Literal["report", "replace"]
Progress = Callable[[float, float, str], None]


def silent(_done: float, _total: float, _description: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did: a row per table (rows = new + same + conflict), and what is worth knowing."""

    tables: tuple[TableReport, ...]
    notes: tuple[str, ...] = ()


class ImportConflict(ImportRefused):
    """Rows have keys that the store holds with other values; nothing was imported. `report` counts them."""

    def __init__(self, refused: ImportRefused, report: ImportReport) -> None:
        super().__init__(refused.faults, refused.total)
        self.report = report


@dataclass
class Import:
    """The state of one call, held under the import lock."""

    engine: sa.Engine
    records: Path
    snapshot: Snapshot
    desk: Desk
    on_conflict: OnConflict
    progress: Progress

    def run(self, paths: Sequence[Path]) -> ImportReport:
        """Import `paths`; raises ImportRefused, ImportConflict."""
        sources = find_sources(paths, self.desk.faults)
        self.desk.faults.raise_if_any()
        digests = {source: sha256(source.path) for source in sources}
        known = self._known(digests)
        fresh = [source for source in sources if source not in known]
        parts = self._check(fresh)
        incoming = by_table([part for found in parts.values() for part in found])
        self._check_references(incoming)
        rows = {name: unique(item, self.desk.connection, self.desk.faults) for name, item in incoming.items()}
        self.desk.faults.raise_if_any()
        entries = [_entry(source, digests[source], parts[source]) for source in fresh]
        return self._settle(incoming, rows, entries, known)

    def _known(self, digests: dict[Source, str]) -> dict[Source, SourceEntry]:
        """Return the sources whose very bytes are in the store, none of their tables replaced since."""
        replaced = {file.table_name: file.import_id for file in self.snapshot.files if file.replaces}
        entries: dict[tuple[str, str], SourceEntry] = {}
        for entry in ledger.known_sources(self.engine, list(digests.values())):
            if all(replaced.get(table, 0) <= entry.import_id for table in entry.rows):
                entries.setdefault((entry.sha256, entry.kind), entry)
        found = {source: entries.get((digest, _kind(source))) for source, digest in digests.items()}
        return {source: entry for source, entry in found.items() if entry is not None}

    def _check(self, sources: Sequence[Source]) -> dict[Source, list[Part]]:
        parts = {}
        for done, source in enumerate(sources):
            self.progress(done, len(sources), f"checking {source.path.name}")
            parts[source] = take_in(source, self.desk)
            _unchanged(source, self.desk)
        self.desk.faults.raise_if_any()
        return parts

    def _check_references(self, incoming: dict[str, Incoming]) -> None:
        current = {name: self._current(name) for name in TABLES}
        known = known_rows(current, incoming)
        for item in incoming.values():
            check_references(item, known, self.desk.connection, self.desk.faults)
        self.desk.faults.raise_if_any()

    def _current(self, name: str) -> str:
        return current_sql(TABLES[name], self.snapshot.of(name), self.records)

    def _settle(
        self,
        incoming: dict[str, Incoming],
        rows: dict[str, Distinct],
        entries: list[SourceEntry],
        known: dict[Source, SourceEntry],
    ) -> ImportReport:
        """Compare with the store, then write and commit, or refuse."""
        ranges: dict[str, Ranges] = {}
        differences: dict[str, Difference] = {}
        for done, (name, item) in enumerate(incoming.items()):
            self.progress(done, len(incoming), f"comparing {name}")
            ranges[name] = ranges_of(item.table, item.relation, self.desk.connection)
            differences[name] = compare(rows[name], self._meeting(name, ranges[name]), self.desk.connection)
        reports = _reports(incoming, differences, known)
        if self.on_conflict == "report":
            self._refuse_conflicts(incoming, differences, ImportReport(reports, tuple(self.desk.notes)))
        made = self._write(differences, ranges)
        if made or entries:
            ledger.commit(self.engine, self.snapshot, made, entries, reports, self.on_conflict)
        return ImportReport(reports, tuple(self.desk.notes))

    def _meeting(self, name: str, ranges: Ranges) -> str:
        """Return a select of the current rows that may have a key in common with rows in these ranges."""
        files = [file for file in self.snapshot.of(name) if overlaps(ranges, file.ranges)]
        return current_sql(TABLES[name], files, self.records)

    def _refuse_conflicts(
        self, incoming: dict[str, Incoming], differences: dict[str, Difference], report: ImportReport
    ) -> None:
        for name, difference in differences.items():
            if difference.conflict:
                list_conflicts(
                    incoming[name], self._current(name), difference, self.desk.connection, self.desk.faults
                )
        try:
            self.desk.faults.raise_if_any()
        except ImportRefused as refused:
            raise ImportConflict(refused, report) from None

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


def _unchanged(source: Source, desk: Desk) -> None:
    """Nothing yet."""


def _reports(
    incoming: dict[str, Incoming], differences: dict[str, Difference], known: dict[Source, SourceEntry]
) -> tuple[TableReport, ...]:
    """Return a row per table; rows that stand twice in the call count as same once they are one row."""
    before: dict[str, int] = {}
    for entry in known.values():
        for name, count in entry.rows.items():
            before[name] = before.get(name, 0) + count
    report = partial(_report, before=before, incoming=incoming, differences=differences)
    return tuple(report(name) for name in TABLES if name in before or name in incoming)


def _report(
    name: str, before: dict[str, int], incoming: dict[str, Incoming], differences: dict[str, Difference]
) -> TableReport:
    rows = before.get(name, 0) + (incoming[name].rows if name in incoming else 0)
    difference = differences.get(name)
    new, conflict = (difference.new, difference.conflict) if difference else (0, 0)
    return TableReport(name, rows, new, rows - new - conflict, conflict)
