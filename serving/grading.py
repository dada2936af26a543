"""Official grades of the store, as pages, publications and warnings have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.tables import Tables
    from qm_rules import Grade


def graded(
    tables: Tables, enterprise_ids: list[str] | None = None, as_of: str | None = None
) -> list[tuple[Grade, dict[str, Any]]]:
    """Return official grades with their evidence files; empty where there is no record to grade."""
    from features.evidence import NoRecordsError, evidence_with_notes
    from qm_rules import grade, load_pack, parse_evidence

    try:
        found = evidence_with_notes(tables, enterprise_ids, as_of)
    except NoRecordsError:
        return []
    pack = load_pack()
    return [(grade(parse_evidence(one.document), pack=pack, notes=one.notes), one.document) for one in found]
