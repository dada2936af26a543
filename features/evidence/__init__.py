"""Evidence of the official grade from records: never from a model, never from the clock."""

from features.evidence.assessments import AssessedItem, Assessment, Standing, assessed_items
from features.evidence.build import (
    RecordsEvidence,
    evidence_by_month,
    evidence_from_records,
    evidence_with_notes,
)
from features.evidence.windows import NoRecordsError, UnknownEnterpriseError

__all__ = [
    "AssessedItem",
    "Assessment",
    "NoRecordsError",
    "RecordsEvidence",
    "Standing",
    "UnknownEnterpriseError",
    "assessed_items",
    "evidence_by_month",
    "evidence_from_records",
    "evidence_with_notes",
]
