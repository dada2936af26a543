"""The excellent evidence with changes, graded in one word."""

from qm_rules import Policy, grade, parse_evidence
from tests.qm_rules.evidences import excellent


def graded(policy=None, notes=(), **changes):
    """Return the grade of the excellent evidence with some keys replaced."""
    return grade(parse_evidence(excellent(**changes)), policy=Policy(**(policy or {})), notes=notes)


def codes(result):
    """Return code and indicator of every note."""
    return [(note["code"], note["indicator"]) for note in result.notes]
