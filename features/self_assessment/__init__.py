"""Self-assessment of the management items (task 16) and its review by a third party (task 17)."""

from features.self_assessment.acts import begin, declare, review
from features.self_assessment.assessment import Answer, Assessment, Declaration, Finding, Link, Review, State
from features.self_assessment.recording import settle
from features.self_assessment.refusals import AssessmentRefused, ChangedMeanwhile, UnknownAssessmentError
from features.self_assessment.register import Register

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentRefused",
    "ChangedMeanwhile",
    "Declaration",
    "Finding",
    "Link",
    "Register",
    "Review",
    "State",
    "UnknownAssessmentError",
    "begin",
    "declare",
    "review",
    "settle",
]
