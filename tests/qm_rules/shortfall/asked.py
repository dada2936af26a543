"""Shortfalls of an evidence, asked for in one word."""

from qm_rules import Policy, grade, parse_evidence
from qm_rules.shortfall import shortfalls


def of(document, **policy):
    """Return what the evidence lacks under a policy."""
    return shortfalls(grade(parse_evidence(document), policy=Policy(**policy)))


def is_hole(one):
    """Return whether a shortfall is the hole that the literal reading of level 2 leaves."""
    return one.kind == "money" and one.amount is None
