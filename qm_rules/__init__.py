"""The official grade: deterministic rules from evidence to a level. Standard library and PyYAML only.

>>> from qm_rules import canonical_json, grade, parse_evidence
>>> evidence = parse_evidence('{"enterprise_id":"E1","window":{"start":"2025-01","end":"2025-12"}}')
>>> result = grade(evidence)
>>> result.status, result.at_most
('incomplete', 5)
"""

from qm_rules.canonical import canonical_json
from qm_rules.evidence.document import Evidence, parse_evidence
from qm_rules.faults import EvidenceError, Fault, PackError, PolicyError
from qm_rules.grading import Gap, Grade, grade
from qm_rules.indicators import Indicator
from qm_rules.pack.contents import Pack
from qm_rules.pack.loading import edition_in_force, load_pack
from qm_rules.pack.policy import Policy

__all__ = [
    "Evidence",
    "EvidenceError",
    "Fault",
    "Gap",
    "Grade",
    "Indicator",
    "Pack",
    "PackError",
    "Policy",
    "PolicyError",
    "canonical_json",
    "edition_in_force",
    "grade",
    "load_pack",
    "parse_evidence",
]
