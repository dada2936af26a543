"""An assessment as plain data: what the command, the API and the page show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.records.schema import ITEMS
from features.self_assessment.assessment import Assessment

if TYPE_CHECKING:
    from features.journal import Change


def summary(assessment: Assessment) -> dict[str, Any]:
    """Return one line about an assessment."""
    declared, review = assessment.declaration, assessment.review
    return {
        "id": assessment.id,
        "enterprise_id": assessment.enterprise_id,
        "as_of": assessment.as_of,
        "kind": assessment.kind,
        "state": assessment.state.value,
        "answered": len(assessment.answers),
        "items": len(ITEMS),
        "declared_by": declared and declared.by,
        "declared_on": declared and declared.on.isoformat(),
        "reviewed_by": review and review.organisation,
        "reviewed_on": review and review.on.isoformat(),
        "version": assessment.version,
    }


def whole(assessment: Assessment) -> dict[str, Any]:
    """Return everything about an assessment; an item not yet answered has the level null."""
    declared, review = assessment.declaration, assessment.review
    return {
        "id": assessment.id,
        "enterprise_id": assessment.enterprise_id,
        "as_of": assessment.as_of,
        "kind": assessment.kind,
        "state": assessment.state.value,
        "version": assessment.version,
        "edition": assessment.edition,
        "pack_sha256": assessment.pack_sha256,
        "created_by": assessment.created_by,
        "supersedes": assessment.supersedes,
        "superseded_by": assessment.superseded_by,
        "declared": declared and {**declared._asdict(), "on": declared.on.isoformat()},
        "reviewed": review
        and {"by": review.by, "organisation": review.organisation, "on": review.on.isoformat()},
        "recorded": list(assessment.recorded),
        "items": [_item(assessment, item) for item in ITEMS],
    }


def _item(assessment: Assessment, item: str) -> dict[str, Any]:
    answer = assessment.answers.get(item)
    finding = assessment.review.findings.get(item) if assessment.review else None
    return {
        "item": item,
        "level": answer and answer.level,
        "why": answer and answer.why,
        "evidence": [link._asdict() for link in answer.evidence] if answer else [],
        "found": finding and finding.level,
        "reason": finding and (finding.reason or None),
    }


def changed(change: Change) -> dict[str, Any]:
    """Return one change, in the order in which people read: when, who, what."""
    names = ("seq", "at", "who", "version", "action", "field", "old", "new", "hash")
    return {name: getattr(change, name) for name in names}
