"""Self-assessment of the management items (task 16) and its review by a third party (task 17).

What keeps and records them needs the state database and the store, and is loaded when first asked for: the
web process imports this room at its start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from features.self_assessment.assessment import Answer, Assessment, Declaration, Finding, Link, Review, State
from features.self_assessment.refusals import AssessmentRefused, ChangedMeanwhile, UnknownAssessmentError

if TYPE_CHECKING:
    from features.self_assessment.acts import begin, declare, review
    from features.self_assessment.recording import settle
    from features.self_assessment.register import Register

_LATER = {
    "Register": "register",
    "begin": "acts",
    "declare": "acts",
    "review": "acts",
    "settle": "recording",
}

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


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
