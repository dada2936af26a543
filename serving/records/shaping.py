"""From what the store says to answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from features.store import Fault, ImportConflict, ImportRefused, ImportReport, TableReport
from features.store.checking import Checked
from features.store.conflicts import Conflict
from features.store.preview import Preview
from serving.records.outcome import (
    Change,
    FoundConflict,
    FoundFault,
    Look,
    Outcome,
    Sample,
    ShownRow,
    TableCount,
)


class Shaping:
    """Turns what the store says into answers; paths below `folder` lose it: it is nobody's business."""

    def __init__(self, folder: Path, named: bool = True) -> None:
        """`named`: the files have names that somebody knows; rows of JSON have none."""
        self._folder, self._named = f"{folder}/", named

    def written(self, report: ImportReport) -> Outcome:
        """Return what an import did."""
        return Outcome(
            written=True,
            import_id=report.import_id,
            tables=_counts(report.tables),
            notes=[self._short(note) for note in report.notes],
        )

    def refused(self, refused: ImportRefused) -> Outcome:
        """Return why an import did nothing."""
        if isinstance(refused, ImportConflict):
            return Outcome(
                written=False,
                tables=_counts(refused.report.tables),
                notes=[self._short(note) for note in refused.report.notes],
                conflicts=self._conflicts(refused.conflicts),
                conflict_count=refused.total,
            )
        return Outcome(written=False, faults=self._faults(refused.faults), fault_count=refused.total)

    def looked(self, checked: Checked) -> Look:
        """Return what an import would do."""
        return Look(
            written=False,
            tables=_counts(checked.tables),
            notes=[self._short(note) for note in checked.notes],
            faults=self._faults(checked.faults),
            fault_count=checked.fault_count,
            conflicts=self._conflicts(checked.conflicts),
            conflict_count=checked.conflict_count,
            samples=[self._sample(item) for item in checked.previews],
        )

    def _faults(self, faults: Iterable[Fault]) -> list[FoundFault]:
        return [
            FoundFault(
                table=fault.table,
                file=self._file(fault.source),
                row=fault.row,
                column=fault.column,
                found=self._short(fault.found),
                allowed=fault.allowed,
                number=fault.number,
            )
            for fault in faults
        ]

    def _conflicts(self, conflicts: Iterable[Conflict]) -> list[FoundConflict]:
        return [
            FoundConflict(
                table=item.table,
                file=self._file(item.source),
                row=item.row,
                key=dict(item.key),
                changes=[Change(**change._asdict()) for change in item.changes],
                number=item.number,
            )
            for item in conflicts
        ]

    def _sample(self, item: Preview) -> Sample:
        shown = [ShownRow(number=row.number, row=row.line, cells=list(row.cells)) for row in item.shown]
        return Sample(
            table=item.table,
            file=self._file(item.source),
            rows=item.rows,
            columns=list(item.columns),
            shown=shown,
        )

    def _file(self, label: str) -> str:
        return self._short(label) if self._named else ""

    def _short(self, text: str) -> str:
        return text.replace(self._folder, "")


def _counts(tables: Iterable[TableReport]) -> list[TableCount]:
    return [TableCount(**vars(row)) for row in tables]
