"""The official evidence of enterprises, rebuilt from their records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from features.evidence import parts
from features.evidence.assessments import counting
from features.evidence.collected import Own, collect_all, collect_months
from features.evidence.parts import Json
from features.evidence.rows import Assessed, Delivered, Lost, Produced, Submitted
from features.evidence.windows import Window, span, windows
from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES
from features.tables import Tables
from qm_rules import load_pack

AT_ONCE = 12
"""Months of which evidence is put together in one pass."""


class RecordsEvidence(NamedTuple):
    """One enterprise's evidence in the form of the evidence file, and notes that only records can give."""

    document: dict[str, Any]
    notes: tuple[dict[str, Any], ...]


def evidence_from_records(
    tables: Tables,
    enterprise_ids: Iterable[str] | None = None,
    as_of: str | None = None,
    policy: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return the evidence of every enterprise asked for, as `qm_rules.parse_evidence` takes it, sorted by
    id.

    Without `enterprise_ids`: of every row of `enterprises`. Without `as_of` (a month) the window of each
    ends with its latest complete month. Raises `PeriodError`, `UnknownEnterpriseError`, `NoRecordsError`.
    """
    return [evidence.document for evidence in evidence_with_notes(tables, enterprise_ids, as_of, policy)]


def evidence_with_notes(
    tables: Tables,
    enterprise_ids: Iterable[str] | None = None,
    as_of: str | None = None,
    policy: Mapping[str, str] | None = None,
) -> list[RecordsEvidence]:
    """Return the same with the notes for `qm_rules.grade(…, notes=…)`."""
    ids = None if enterprise_ids is None else list(enterprise_ids)
    chosen = windows(tables, ids, as_of, load_pack().policy | dict(policy or {}))
    if not chosen:
        return []
    collected = collect_all(tables, chosen, span(chosen, everyone=ids is None))
    return [
        _assemble(enterprise, window, collected.of(enterprise, window))
        for enterprise, window in chosen.items()
    ]


def evidence_by_month(
    tables: Tables, wanted: Mapping[int, Sequence[str]]
) -> Iterator[tuple[int, RecordsEvidence]]:
    """Yield the evidence of many past windows: month index (the last of the window) → ids of enterprises.

    A year of such months at a time is read in one pass over the records, whatever their number.
    """
    policy = load_pack().policy
    lengths = int(policy["window_months"]), int(policy["assessment_months"])
    months = sorted(month for month in wanted if wanted[month])
    for begin in range(0, len(months), AT_ONCE):
        block = {
            month: dict.fromkeys(wanted[month], Window(month, *lengths))
            for month in months[begin : begin + AT_ONCE]
        }
        ends = {(name, month): window for month, own in block.items() for name, window in own.items()}
        names = tuple(sorted({name for name, _ in ends}))
        scope = replace(
            span({str(at): w for at, w in enumerate(ends.values())}, everyone=True), enterprise_ids=names
        )
        for month, collected in collect_months(tables, block, scope).items():
            for enterprise, window in block[month].items():
                yield month, _assemble(enterprise, window, collected.of(enterprise, window))


def _assemble(enterprise: str, window: Window, own: Own) -> RecordsEvidence:
    made = parts.made_products(own.deliveries, own.first_pass)
    notes = parts.uninspected(own.processes, own.first_pass, made)
    keeps_no_cpk = parts.untracked(own.declarations, "cpk")
    supplied: Json = {
        "deliveries": parts.delivery_rows(own.deliveries),
        "first_pass": None if notes else parts.first_pass_rows(own.first_pass),
        "capability": parts.capability_rows(own.capability, made, declared_untracked=keeps_no_cpk),
        **_money(own),
        "management": _management(own.assessments, window),
    }
    document = {key: value for key, value in supplied.items() if value is not None}
    missing = _missing(window, own, document)
    named = {"enterprise_id": enterprise, "window": window.labels()}
    return RecordsEvidence(named | document | ({"missing_months": missing} if missing else {}), tuple(notes))


def _management(assessed: list[Assessed], window: Window) -> dict[str, int] | None:
    levels = {item: row.level for item, row in counting(assessed, window).items()}
    return dict(sorted(levels.items())) or None


def _money(own: Own) -> Json:
    """Return losses and output value over the months that have both."""
    rows = {name: _of_family(own.losses, name) for name in _FAMILIES}
    used = parts.common_months(parts.months(own.output), [parts.months(found) for found in rows.values()])
    found = {
        name: parts.family(lost, used, declared_untracked=parts.untracked(own.declarations, f"{name}_loss"))
        for name, lost in rows.items()
    }
    kept = {name: value for name, value in found.items() if value is not None}
    return {"losses": kept or None, "output_value": parts.output_value(own.output, used)}


_FAMILIES = {"internal": frozenset(INTERNAL_LOSSES), "external": frozenset(EXTERNAL_LOSSES)}


def _of_family(losses: list[Lost], name: str) -> list[Lost]:
    return [row for row in losses if row.category in _FAMILIES[name]]


def _missing(window: Window, own: Own, document: Json) -> dict[str, list[str]]:
    """Return the months of the window that a supplied statistic lacks."""
    monthly: dict[str, Sequence[Delivered | Submitted | Lost | Produced]] = {
        "deliveries": own.deliveries,
        "first_pass": own.first_pass,
        "output_value": own.output,
    }
    supplied = {statistic: rows for statistic, rows in monthly.items() if statistic in document}
    for name, family in document.get("losses", {}).items():
        if family["tracked"]:
            supplied[name] = _of_family(own.losses, name)
    missing = {statistic: window.missing(parts.months(rows)) for statistic, rows in supplied.items()}
    return {statistic: months for statistic, months in missing.items() if months}
