"""Put on the shelf at publication: official grades with their evidence, known values, the overview's lines.

They are computed by the same functions that answer without a shelf; a reader takes them only while the
records are those of the publication (`serving.web.library`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.outlook_files import read_rows
from models.shelf import Shelf, write_shelf

if TYPE_CHECKING:
    import pandas as pd

    from models.outlook import Publication

Row = dict[str, Any]
GRADES, HISTORY, LINES = "grades", "history", "lines.json"
SUMMARY = ("level", "status", "at_most", "binding", "window")
NEAREST = ("target", "mean", "quantiles")
KINDS = ("forecasts", "attainment", "recommendations")


def keep_grades(made: Publication) -> None:
    """Shelve every enterprise's official grade and the evidence that it rests on."""
    from serving.grading import graded

    found = graded(made.tables, None, made.as_of)
    rows = [
        {"enterprise_id": str(document["enterprise_id"]), "grade": grade.to_dict(), "evidence": document}
        for grade, document in found
    ]
    write_shelf(sorted(rows, key=lambda row: str(row["enterprise_id"])), made.folder, GRADES)


def kept_grades(folder: Path) -> Iterator[Row]:
    """Yield the shelved grades (`Grade.to_dict()`)."""
    shelf = Shelf(folder, GRADES)
    for name in shelf.names():
        yield shelf.rows(name)[0]["grade"]


def keep_history(made: Publication) -> None:
    """Shelve what is known of the forecast targets."""
    write_shelf(history_rows(made.table.frame), made.folder, HISTORY)


def history_rows(frame: pd.DataFrame) -> Iterator[Row]:
    """Yield enterprise_id, period, ftq, … cpk of every enterprise as a whole; None: not known."""
    from models.results import TARGETS

    whole = frame.loc[frame["product_id"] == "", ["enterprise_id", "period", "t", *TARGETS]]
    ordered = whole.sort_values(["enterprise_id", "t"], kind="stable").drop(columns="t")
    for row in ordered.to_dict("records"):
        yield {str(key): None if value != value else value for key, value in row.items()}


def keep_lines(made: Publication) -> None:
    """Write what the overview says of each enterprise, small enough to be read whole."""
    found: dict[str, Row] = {}
    for grade in kept_grades(made.folder):
        found.setdefault(grade["enterprise_id"], {})["grade"] = {name: grade[name] for name in SUMMARY}
    for name, row in outlook_lines(*(read_rows(made.folder, kind) for kind in KINDS)).items():
        found.setdefault(name, {}).update(row)
    (made.folder / LINES).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def kept_lines(folder: Path) -> dict[str, Row]:
    """Return what `keep_lines` wrote, by enterprise."""
    found: dict[str, Row] = json.loads((folder / LINES).read_bytes())
    return found


def outlook_lines(
    forecasts: Iterable[Row], attainment: Iterable[Row], recommendations: Iterable[Row]
) -> dict[str, Row]:
    """Return by enterprise: `nearest` forecasts by target, `reached_by` a year ahead, the first `action`."""
    found: dict[str, Row] = {}
    for row in forecasts:
        if row["horizon"] == 1 and not row["product_id"]:
            own = found.setdefault(row["enterprise_id"], {}).setdefault("nearest", {})
            own[row["target"]] = {name: row[name] for name in NEAREST}
    for row in attainment:
        own, key = found.setdefault(row["enterprise_id"], {}), (row["basis"] == "window", row["horizon"])
        if key > own.get("reach_of", (False, 0)):
            own |= {"reach_of": key, "reached_by": row["reached_by"]}
    for row in recommendations:
        if row["rank"] == 1:
            found.setdefault(row["enterprise_id"], {})["action"] = row
    return found
