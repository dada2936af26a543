"""The management items as they were assessed, self and third party side by side, and which one counts.

The latest assessment on or before the window's last day counts, of one day the third party's; none that is
older than the policy's months (OFFICIAL_GRADE, management items). The evidence takes its levels from here, so
that what a page shows as counted is what was graded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import narwhals as nw

from features.aggregates.resident import collect
from features.aggregates.scope import ENTERPRISE, Scope
from features.evidence.rows import Assessed, Owned, Source
from features.evidence.windows import Window, windows
from features.records.schema import ITEMS
from features.tables import Tables
from qm_rules import load_pack


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
    """One assessment of an item: level 1–5, day, who, the evidence's link, note, by whom, standing."""

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
    if not chosen:
        return []
    rows = read_assessments(tables, Scope(enterprise_ids=tuple(chosen)))
    found = (items_of(enterprise, rows.of(enterprise), window) for enterprise, window in chosen.items())
    return [item for items in found for item in items]


def read_assessments(
    tables: Tables, scope: Scope, since: date = date.min, until: date = date.max
) -> Owned[Assessed]:
    """Return the assessments from `since` to `until` of the enterprises in scope."""
    day = nw.col("assessed_on")
    rows = scope.of_enterprises(tables.table("assessments")).filter(day >= since, day <= until)
    return Owned(collect(rows.select(ENTERPRISE, *Assessed._fields)), Assessed)


def counting(rows: Iterable[Assessed], window: Window) -> dict[str, Assessed]:
    """Return the assessment that counts, of every item that has one."""
    since, until = window.oldest_assessment, window.last_day
    chosen: dict[str, Assessed] = {}
    for row in rows:
        if since <= row.assessed_on <= until:
            chosen[row.item_id] = max(row, chosen.get(row.item_id, row), key=_rank)
    return chosen


def _rank(row: Assessed) -> tuple[date, bool]:
    return row.assessed_on, row.source == "third_party"


def items_of(enterprise: str, rows: Iterable[Assessed], window: Window) -> list[AssessedItem]:
    """Return all items of one enterprise from its assessments."""
    by_item: dict[str, list[Assessed]] = {item: [] for item in ITEMS}
    for row in rows:
        by_item[row.item_id].append(row)
    return [_item(enterprise, item, found, window) for item, found in by_item.items()]


def _item(enterprise: str, item: str, rows: list[Assessed], window: Window) -> AssessedItem:
    counted = counting(rows, window).get(item)
    newest_first = sorted(rows, key=_rank, reverse=True)
    history = tuple(_assessment(row, _standing(row, counted, window)) for row in newest_first)
    return AssessedItem(
        enterprise,
        item,
        _shown(history, "self"),
        _shown(history, "third_party"),
        None if counted is None else counted.source,
        history,
    )


def _assessment(row: Assessed, standing: Standing) -> Assessment:
    return Assessment(row.level, row.assessed_on, row.assessor, row.evidence, row.note, row.source, standing)


def _standing(row: Assessed, counted: Assessed | None, window: Window) -> Standing:
    if row.assessed_on > window.last_day:
        return Standing.AFTER_WINDOW
    if counted is None or row.assessed_on < window.oldest_assessment:
        return Standing.TOO_OLD
    if row is counted:
        return Standing.COUNTED
    return Standing.SAME_DAY if row.assessed_on == counted.assessed_on else Standing.SUPERSEDED


def _shown(history: Iterable[Assessment], source: Source) -> Assessment | None:
    own = [one for one in history if one.source == source]
    known = [one for one in own if one.standing is not Standing.AFTER_WINDOW]
    return known[0] if known else own[-1] if own else None
