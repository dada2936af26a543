"""What an import did, and why it did nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from features.records.reading.faults import ImportRefused
from features.records.schema import TABLES
from features.store.comparing import Difference
from features.store.conflicts import Conflict
from features.store.intake import Incoming
from features.store.ledger import SourceEntry, TableReport


@dataclass(frozen=True)
class ImportReport:
    """What an import did: a row per table (rows = new + same + conflict), and what is worth knowing.

    `import_id` is its number in the ledger; None: there was nothing to write.
    """

    tables: tuple[TableReport, ...]
    notes: tuple[str, ...] = ()
    import_id: int | None = None

    @property
    def changed(self) -> int:
        """Rows that are other than before."""
        return sum(row.new + row.conflict for row in self.tables)


class ImportConflict(ImportRefused):
    """Rows have keys that the store holds with other values; nothing was imported.

    `report` counts them, `conflicts` lists at most 1 000 of them.
    """

    def __init__(self, refused: ImportRefused, report: ImportReport, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(refused.faults, refused.total)
        self.report, self.conflicts = report, conflicts


def count_tables(
    incoming: dict[str, Incoming], differences: dict[str, Difference], known: Iterable[SourceEntry]
) -> tuple[TableReport, ...]:
    """Return a row per table; rows that stand twice in the call count as same once they are one row."""
    before: dict[str, int] = {}
    for entry in known:
        for name, count in entry.rows.items():
            before[name] = before.get(name, 0) + count
    return tuple(
        _report(name, before.get(name, 0), incoming.get(name), differences.get(name))
        for name in TABLES
        if name in before or name in incoming
    )


def _report(name: str, before: int, incoming: Incoming | None, difference: Difference | None) -> TableReport:
    rows = before + (incoming.rows if incoming else 0)
    new, conflict = (difference.new, difference.conflict) if difference else (0, 0)
    return TableReport(name, rows, new, rows - new - conflict, conflict)
