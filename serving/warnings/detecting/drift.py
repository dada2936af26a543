"""Drift of what the model was trained on: checked at publication, where model and table are at hand."""

from __future__ import annotations

import json
from math import log10
from typing import TYPE_CHECKING, Any, Final

from serving.warnings.finding import Finding, Kind, Look

if TYPE_CHECKING:
    from models.outlook import Outlook, Publication

FILE: Final = "warnings_drift.json"
FALSE_ALARM: Final = 0.01
"""Chance that a check of an unchanged world warns at all, at most; the page of the models shows from 0.05."""
SMALLEST_P: Final = 1e-12


def keep_drift(publication: Publication) -> None:
    """Write the tests of a drift check beside the outlook."""
    from models.drift import check
    from models.training import champion_errors

    if "periods" not in publication.model.facts:  # a model of a test or a notebook: nothing to compare with
        return
    report = check(publication.model, publication.table, champion_errors(publication.settings))
    rows = [row.model_dump() for row in report.rows]
    text = json.dumps({"rows": rows, "note": report.note}, ensure_ascii=False)
    (publication.folder / FILE).write_text(text, encoding="utf-8")


def drift(outlook: Outlook) -> Look | None:
    """Look at the tests that were published; None where an older outlook has none.

    The chance of a false alarm is shared by the kinds that were tested; within a kind Holm allows for the
    number of tests, as in `models.drift`, at a stricter level: a person is interrupted.
    """
    from models.drift.report import holm

    file = outlook.folder / FILE
    if not file.exists():
        return None
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    kinds = sorted({row["kind"] for row in rows})
    found = []
    for kind in kinds:
        own = [row for row in rows if row["kind"] == kind]
        alarms = holm([row["p_value"] for row in own], FALSE_ALARM / len(kinds))
        found += [_finding(row) for row, alarm in zip(own, alarms, strict=True) if alarm]
    return Look.of(Kind.DRIFT, found, tests=len(rows), false_alarm=FALSE_ALARM)


def _finding(row: dict[str, Any]) -> Finding:
    subject = "\t".join((row["kind"], row["frequency"], row["what"]))
    weight = -log10(max(row["p_value"], SMALLEST_P))
    names = ("kind", "frequency", "what", "since", "shift", "p_value", "means")
    return Finding(Kind.DRIFT, None, subject, row["since"], weight, {name: row[name] for name in names})
