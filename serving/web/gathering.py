"""What the library answers, computed from store and outlook: each function is asked once per state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from serving.web.reading import Graded, Row

if TYPE_CHECKING:
    from features.store import Store
    from models.outlook import Outlook

Rows = dict[str, Any]


def read_enterprises(store: Store) -> dict[str, Row]:
    """Return the rows of `enterprises` by id, in order of id."""
    rows = {row["enterprise_id"]: row for row in _rows(store, "enterprises")}
    return {key: rows.get(key, {"enterprise_id": key}) for key in sorted(store.enterprises())}


def read_parameters(store: Store) -> dict[str, dict[str, Row]]:
    """Return the rows of `parameters` by enterprise and id."""
    found: dict[str, dict[str, Row]] = {}
    for row in _rows(store, "parameters"):
        found.setdefault(row["enterprise_id"], {})[row["parameter_id"]] = row
    return found


def read_history(store: Store) -> dict[str, list[Rows]]:
    """Return what is known of all enterprises: one model table costs little more than that of one of them."""
    from features.model_table import build_model_table
    from serving.shelving import history_rows

    found: dict[str, list[Rows]] = {}
    for row in history_rows(build_model_table(store).frame):
        found.setdefault(str(row["enterprise_id"]), []).append(with_nan(row))
    return found


def read_overview(outlook: Outlook | None, grades: Mapping[str, Graded] | None) -> dict[str, Rows]:
    """Return the overview's lines; with `grades` where those of the publication are not today's."""
    from serving.shelving import LINES, kept_lines

    rows: dict[str, Rows] = {}
    if outlook and (outlook.folder / LINES).exists():
        rows = kept_lines(outlook.folder)
    for name, found in (grades or {}).items():
        rows.setdefault(name, {})["grade"] = found.grade
    return rows


def with_nan(row: Row) -> Rows:
    """Return a row of the history with NaN where a value is not known."""
    return {name: math.nan if value is None else value for name, value in row.items()}


def _rows(store: Store, table: str) -> list[Rows]:
    """Return a small table's rows as plain dicts."""
    rows: list[Rows] = store.table(table).collect("pyarrow").to_arrow().to_pylist()
    return rows
