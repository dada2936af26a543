"""The import page: rows as they were written, with what is wrong where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from serving.records.outcome import FoundConflict, FoundFault, Look, Sample, ShownRow
from serving.web.language import Language
from serving.web.views.fault_words import allowed, column_name, said, table_name

MOST_ROWS = 60
"""Rows that are shown of one file; all faults can be had as a file."""
Place = tuple[str, str, int]
"""File, table and number of a row."""


def size_text(t: Language, size: int) -> str:
    """Return a size in bytes as people say it."""
    for unit, power in (("GB", 30), ("MB", 20), ("kB", 10)):
        if size >= 1 << power:
            return f"{t.number(size / (1 << power), 1)} {unit}"
    return f"{t.number(size)} B"


def upload_view(t: Language, upload: Any, job: Any = None) -> dict[str, Any]:  # noqa: ANN401
    """Return what the page of one upload shows; `job` works on it, or did."""
    look = Look(**upload.outcome) if upload.outcome else None
    return {
        "id": upload.id,
        "state": upload.state.value,
        "state_text": t(f"import.state.{upload.state.value}"),
        "at": f"{upload.at[:16].replace('T', ' ')} UTC",
        "size": size_text(t, upload.bytes),
        "files": [{"name": name, "size": size_text(t, size)} for name, size in upload.files],
        "working": upload.state.value in {"arrived", "importing"} and not (job and job.ended),
        "failed": t("import.failed", reason=job.error or "") if job and job.state.value == "failed" else "",
        "stage": job.stage if job else "",
        "look": look_view(t, look) if look else None,
    }


def look_view(t: Language, look: Look) -> dict[str, Any]:
    """Return counts, tables with marked cells, and faults that stand in no cell."""
    tables = [
        {
            "name": table_name(t, row.table),
            "cells": [t.number(value) for value in (row.rows, row.new, row.same, row.conflict)],
            "conflict": row.conflict > 0 and not look.written,
        }
        for row in look.tables
    ]
    samples = [_sample(t, sample, look) for sample in look.samples]
    placed = {(sample.file, sample.table, row.number) for sample in look.samples for row in sample.shown}
    loose = [fault for fault in look.faults if (fault.file, fault.table, fault.number) not in placed]
    return {
        "tables": tables,
        "heads": [t(f"import.count.{name}") for name in _heads(look)],
        "samples": samples,
        "loose": [_told(t, fault) for fault in loose[:MOST_ROWS]],
        "loose_more": t.number(len(loose) - MOST_ROWS) if len(loose) > MOST_ROWS else "",
        "notes": look.notes,
        "faults": look.fault_count,
        "faults_text": t.number(look.fault_count),
        "conflicts": look.conflict_count,
        "conflicts_text": t.number(look.conflict_count),
        "changed": sum(row.new for row in look.tables),
        "changed_text": t.number(sum(row.new for row in look.tables)),
        "written": look.written,
        "import_id": look.import_id,
    }


def _heads(look: Look) -> tuple[str, ...]:
    """Return what the columns of counts are called: conflicts that went through were replaced."""
    return ("rows", "new", "same", "replaced" if look.written else "conflict")


def _told(t: Language, fault: FoundFault) -> dict[str, str]:
    where = [fault.file]
    where += [table_name(t, fault.table)] if fault.table and fault.table not in fault.file else []
    where += [t("import.row", row=fault.row)] if fault.row is not None else []
    where += [column_name(t, fault.table, fault.column)] if fault.column else []
    return {
        "where": " · ".join(part for part in where if part),
        "found": said(t, fault.found),
        "allowed": allowed(t, fault.table, fault.column, fault.allowed),
    }


def _sample(t: Language, sample: Sample, look: Look) -> dict[str, Any]:
    faults = _by_row(look.faults, sample)
    conflicts = _by_row(look.conflicts, sample)
    rows = _chosen(sample.shown, faults.keys() | conflicts.keys())
    return {
        "file": sample.file,
        "table": table_name(t, sample.table),
        "count": t.number(sample.rows),
        "shown": t.number(len(rows)),
        "columns": [column_name(t, sample.table, name) for name in sample.columns],
        "bad": bool(faults),
        "rows": [
            _row(t, sample, row, faults.get(row.number, []), conflicts.get(row.number, [])) for row in rows
        ],
    }


def _chosen(shown: list[ShownRow], told: Iterable[int]) -> list[ShownRow]:
    """Return rows that something is said about before others, in their order."""
    wanted = set(told)
    first = [row for row in shown if row.number in wanted][:MOST_ROWS]
    others = [row for row in shown if row.number not in wanted][: max(0, 10 - len(first))]
    return sorted([*first, *others], key=lambda row: row.number)


def _by_row(found: Iterable[Any], sample: Sample) -> Mapping[int, list[Any]]:
    rows: dict[int, list[Any]] = {}
    for item in found:
        if (item.file, item.table) == (sample.file, sample.table) and item.number is not None:
            rows.setdefault(item.number, []).append(item)
    return rows


def _row(
    t: Language,
    sample: Sample,
    row: ShownRow,
    faults: list[FoundFault],
    conflicts: list[FoundConflict],
) -> dict[str, Any]:
    changes = {change.column: change for item in conflicts for change in item.changes}
    by_column: dict[str | None, list[FoundFault]] = {}
    for fault in faults:
        by_column.setdefault(fault.column if fault.column in sample.columns else None, []).append(fault)
    cells = []
    for name, text in zip(sample.columns, row.cells, strict=True):
        change = changes.get(name)
        cells.append(
            {
                "text": text or "",
                "allowed": [_short(t, fault) for fault in by_column.get(name, [])],
                "old": None if change is None else change.old or t("none.dash"),
                "new": None if change is None else change.new or t("none.dash"),
            }
        )
    whole = [
        f"{column_name(t, f.table, f.column or '')} {_short(t, f)}".strip() for f in by_column.get(None, [])
    ]
    unseen = [_change(t, sample, changes[name]) for name in changes if name not in sample.columns]
    return {"line": row.row, "cells": cells, "whole": [*whole, *unseen], "told": bool(faults or conflicts)}


def _short(t: Language, fault: FoundFault) -> str:
    """Say what is allowed; also what was found, where that is not simply the cell."""
    right = allowed(t, fault.table, fault.column, fault.allowed)
    if fault.found.startswith("'") or fault.found == "nothing":
        return t("import.allowed", allowed=right)
    return t("import.found_allowed", found=said(t, fault.found), allowed=right)


def _change(t: Language, sample: Sample, change: Any) -> str:  # noqa: ANN401
    return t(
        "import.changed",
        column=column_name(t, sample.table, change.column),
        old=change.old or t("none.dash"),
        new=change.new or t("none.dash"),
    )
