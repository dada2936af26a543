"""A call that only looks: what an import would do, with the rows that it would do it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from features.records.reading.faults import Fault, ImportRefused
from features.store.conflicts import Conflict
from features.store.importing import Import
from features.store.ledger import TableReport
from features.store.preview import Preview, preview
from features.store.reporting import ImportConflict


@dataclass(frozen=True)
class Checked:
    """What would come of an import: faults stop it, conflicts ask for a decision.

    At most 1 000 of each are listed. `tables` is empty if there are faults: nothing was compared then.
    """

    tables: tuple[TableReport, ...]
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]
    fault_count: int
    conflicts: tuple[Conflict, ...]
    conflict_count: int
    previews: tuple[Preview, ...]


def check_paths(job: Import, paths: Sequence[Path]) -> Checked:
    """Return what `job` would do with `paths`."""
    tables: tuple[TableReport, ...] = ()
    faults: tuple[Fault, ...] = ()
    fault_count = 0
    try:
        tables = job.run(paths, write=False).tables
    except ImportConflict as conflict:
        tables = conflict.report.tables
    except ImportRefused as refused:
        faults, fault_count = refused.faults, refused.total
    conflict_count = sum(row.conflict for row in tables)
    conflicts = tuple(job.conflicts)
    previews = _previews(job, [*faults, *(item.fault for item in conflicts)])
    return Checked(tables, tuple(job.desk.notes), faults, fault_count, conflicts, conflict_count, previews)


def _previews(job: Import, told: Sequence[Fault]) -> tuple[Preview, ...]:
    """Return a preview per source and table, with the rows that faults and conflicts are about."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for fault in told:
        if fault.number is not None:
            numbers.setdefault((fault.source, fault.table), []).append(fault.number)
    parts = [part for found in job.parts.values() for part in found]
    return tuple(
        preview(part, numbers.get((part.raw.label, part.raw.table.name), []), job.desk.connection)
        for part in parts
    )
