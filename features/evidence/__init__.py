"""Evidence of the official grade from records: never from a model, never from the clock."""

from features.evidence.build import RecordsEvidence, evidence_from_records, evidence_with_notes
from features.evidence.windows import NoRecordsError, UnknownEnterpriseError

__all__ = [
    "NoRecordsError",
    "RecordsEvidence",
    "UnknownEnterpriseError",
    "evidence_from_records",
    "evidence_with_notes",
]
