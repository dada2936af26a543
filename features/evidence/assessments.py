"""The management items as they were assessed, self and third party side by side, and which one counts.

The latest assessment on or before the window's last day counts, of one day the third party's; none that is
older than the policy's months (OFFICIAL_GRADE, management items). The evidence takes its levels from here, so
that what a page shows as counted is what was graded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import narwhals as nw

from features.aggregates.resident import collect
from features.aggregates.scope import ENTERPRISE, Scope
from features.evidence.windows import Window, windows
from features.records.schema import ITEMS
from features.tables import Tables
from qm_rules import load_pack

Source = Literal["self", "third_party"]
COLUMNS = ("item_id", "level", "assessed_on", "source", "assessor", "evidence", "note")


class Standing(StrEnum):
    """Whether an assessment counts for a window, or why it does not."""

    COUNTED = "counted"
    SAME_DAY = "same_day"
    """The third party assessed the item on the same day."""
    SUPERSEDED = "superseded"
    """A later one counts."""
    TOO_OLD = "too_old"
    AFTER_WINDOW = "after_window"


class Assessment(NamedTuple):
    """One assessment of an item: level 1–5, day, who, link or text of the evidence, note, standing."""

    level: int
    assessed_on: date
    assessor: str | None
    evidence: str | None
    note: str | None
    source: Source
    standing: Standing


class AssessedItem(NamedTuple):
    """One management item of one enterprise, whether it was assessed or not.

    `self` and `third_party` are the latest of each on or before the window's last day, also one that is too
    old; where there is none, the first after the window; None where that source never assessed the item.
    `counted` names the one whose level the evidence holds, `history` has all of them, the newest first.
    """

    enterprise_id: str
    item_id: str
    self: Assessment | None
    third_party: Assessment | None
    counted: Source | None
    history: tuple[Assessment, ...]

    @property
    def level(self) -> int | None:
        """The level that counts."""
        return next((one.level for one in self.history if one.standing is Standing.COUNTED), None)


def assessed_items(
    tables: Tables,
    enterprise_ids: Iterable[str] | None = None,
    as_of: str | None = None,
    policy: Mapping[str, str] | None = None,
) -> list[AssessedItem]:
    """Return every item of every enterprise asked for, by enterprise, items in the order of the annex.

    Arguments, windows and errors are those of `evidence_from_records`.
    """
    chosen = windows(tables, enterprise_ids, as_of, load_pack().policy | dict(policy or {}))
    rows = read_assessments(tables, chosen)
    found = (items_of(enterprise, rows[enterprise], window) for enterprise, window in chosen.items())
    return [item for items in found for item in items]


def read_assessments(tables: Tables, enterprise_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the assessments of every enterprise named, of whatever date."""
    found: dict[str, list[dict[str, Any]]] = {enterprise: [] for enterprise in enterprise_ids}
    scope = Scope(enterprise_ids=tuple(found))
    rows = scope.of_enterprises(tables.table("assessments")).select(ENTERPRISE, *(nw.col(x) for x in COLUMNS))
    for row in collect(rows).to_pylist():
        found[row[ENTERPRISE]].append(row)
    return found


def items_of(enterprise: str, rows: Iterable[Mapping[str, Any]], window: Window) -> list[AssessedItem]:
    """Return all items of one enterprise from its assessments."""
    by_item: dict[str, list[Mapping[str, Any]]] = {item: [] for item in ITEMS}
    for row in rows:
        by_item[row["item_id"]].append(row)
    return [_item(enterprise, item, found, window) for item, found in by_item.items()]


def _item(enterprise: str, item: str, rows: list[Mapping[str, Any]], window: Window) -> AssessedItem:
    newest_first = sorted(rows, key=_rank, reverse=True)
    counted = next((row for row in newest_first if _age(row, window) is None), None)
    history = tuple(_assessment(row, counted, window) for row in newest_first)
    return AssessedItem(
        enterprise,
        item,
        _shown(history, "self"),
        _shown(history, "third_party"),
        None if counted is None else counted["source"],
        history,
    )


def _rank(row: Mapping[str, Any]) -> tuple[date, bool]:
    return row["assessed_on"], row["source"] == "third_party"


def _age(row: Mapping[str, Any], window: Window) -> Standing | None:
    """Say why the day of an assessment keeps it from counting; None if it does not."""
    if row["assessed_on"] > window.last_day:
        return Standing.AFTER_WINDOW
    return Standing.TOO_OLD if row["assessed_on"] < window.oldest_assessment else None


def _assessment(row: Mapping[str, Any], counted: Mapping[str, Any] | None, window: Window) -> Assessment:
    standing = _age(row, window)
    if standing is None:
        standing = Standing.COUNTED if row is counted else Standing.SUPERSEDED
        if counted is not None and row is not counted and row["assessed_on"] == counted["assessed_on"]:
            standing = Standing.SAME_DAY
    named = {name: row[name] for name in COLUMNS if name != "item_id"}
    return Assessment(**named, standing=standing)


def _shown(history: Iterable[Assessment], source: Source) -> Assessment | None:
    own = [one for one in history if one.source == source]
    known = [one for one in own if one.standing is not Standing.AFTER_WINDOW]
    return known[0] if known else own[-1] if own else None
