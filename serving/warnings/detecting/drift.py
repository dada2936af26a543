"""Drift of what the model was trained on, as the latest review of the model found it (`models/review`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from typing import Any, Final

from serving.warnings.finding import Finding, Kind, Look

FALSE_ALARM: Final = 0.01
"""Chance that a check of an unchanged world warns at all, at most; the page of the models shows from 0.05."""
SMALLEST_P: Final = 1e-12


def drift(review: Mapping[str, Any] | None) -> Look | None:
    """Look at the tests of a review; None where none was made.

    The chance of a false alarm is shared by the kinds that were tested; within a kind Holm allows for the
    number of tests, as in `models.drift`, at a stricter level: a person is interrupted.
    """
    from models.drift.report import holm

    checked = (review or {}).get("drift")
    if checked is None:
        return None
    rows: list[dict[str, Any]] = checked["rows"]
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
