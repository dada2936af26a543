"""The official evidence of enterprises, rebuilt from their records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from features.evidence import parts
from features.evidence.collected import Collected, Record, collect_all
from features.evidence.parts import Json
from features.evidence.windows import Window, windows
from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES
from features.tables import Tables
from qm_rules import load_pack


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
    chosen = windows(tables, enterprise_ids, as_of, load_pack().policy | dict(policy or {}))
    if not chosen:
        return []
    collected = collect_all(tables, chosen)
    return [_assemble(enterprise, window, collected) for enterprise, window in chosen.items()]


def _assemble(enterprise: str, window: Window, collected: Collected) -> RecordsEvidence:
    delivered = collected.deliveries.get(enterprise, [])
    submitted = collected.first_pass.get(enterprise, [])
    declared = collected.declarations.get(enterprise, [])
    made = parts.made_products(delivered, submitted)
    notes = parts.uninspected(collected.processes.get(enterprise, []), submitted, made)
    supplied: Json = {
        "deliveries": parts.delivery_rows(delivered),
        "first_pass": None if notes else parts.first_pass_rows(submitted),
        "capability": parts.capability_rows(
            collected.capability.get(enterprise, []),
            made,
            declared_untracked=parts.untracked(declared, "cpk"),
        ),
        **_money(collected.losses.get(enterprise, []), collected.output.get(enterprise, []), declared),
        "management": parts.management(collected.assessments.get(enterprise, []), window) or None,
    }
    document = {key: value for key, value in supplied.items() if value is not None}
    missing = _missing(window, enterprise, collected, document)
    named = {"enterprise_id": enterprise, "window": window.labels()}
    return RecordsEvidence(named | document | ({"missing_months": missing} if missing else {}), tuple(notes))


def _money(
    losses: list[dict[str, Any]], output: list[dict[str, Any]], declared: list[dict[str, Any]]
) -> Json:
    """Return losses and output value over the months that have both."""
    rows = {name: [row for row in losses if row["category"] in categories] for name, categories in _FAMILIES}
    used = parts.common_months(parts.months(output), [parts.months(rows[name]) for name, _ in _FAMILIES])
    found = {
        name: parts.family(rows[name], used, declared_untracked=parts.untracked(declared, f"{name}_loss"))
        for name, _ in _FAMILIES
    }
    kept = {name: value for name, value in found.items() if value is not None}
    return {"losses": kept or None, "output_value": parts.output_value(output, used)}


_FAMILIES = (("internal", INTERNAL_LOSSES), ("external", EXTERNAL_LOSSES))


def _missing(window: Window, enterprise: str, collected: Collected, document: Json) -> dict[str, list[str]]:
    """Return the months of the window that a supplied statistic lacks."""
    losses: Json = document.get("losses", {})
    categories = dict(_FAMILIES)
    rows: dict[str, list[Record]] = {}
    for statistic, source in (
        ("deliveries", collected.deliveries),
        ("first_pass", collected.first_pass),
        ("output_value", collected.output),
    ):
        if statistic in document:
            rows[statistic] = list(source.get(enterprise, []))
    for name, value in losses.items():
        if value["tracked"]:
            own = collected.losses.get(enterprise, [])
            rows[name] = [row for row in own if row["category"] in categories[name]]
    missing = {statistic: window.missing(parts.months(found)) for statistic, found in rows.items()}
    return {statistic: months for statistic, months in missing.items() if months}
