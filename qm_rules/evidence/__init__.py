"""The evidence file: what is accepted, what is refused with all its faults, and its canonical form."""

from qm_rules.evidence.document import Evidence, parse_evidence

__all__ = ["Evidence", "parse_evidence"]
