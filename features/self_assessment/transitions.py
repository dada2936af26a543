"""The acts that make an assessment what it is: each checks everything first and returns a new assessment.

    draft ──declare──► declared ──review──► reviewed
      │                   └────────┬───────────┘
      └─withdraw─► withdrawn       └─ a correction is declared ─► superseded

Who may do what: anybody named may answer; a declaration needs all nine answers, and from level 2 at least one
piece of evidence each (level 1 says that something is not there, which leaves no document). A reviewer comes
from another organisation and is nobody who declared or answered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from features.records.schema import ITEMS
from features.self_assessment import checks
from features.self_assessment.assessment import Answer, Assessment, Declaration, Finding, Review, State
from features.self_assessment.refusals import AssessmentRefused

EVIDENCE_FROM: Final = 2
"""The lowest level that needs evidence."""
ALLOWED: Mapping[State, str] = {
    State.DRAFT: "answer, fill, declare, withdraw",
    State.DECLARED: "review; a correction is a new assessment of the same round (`new`)",
    State.REVIEWED: "nothing; a correction is a new assessment of the same round (`new`)",
    State.SUPERSEDED: "nothing; go on with {superseded_by}",
    State.WITHDRAWN: "nothing; begin another (`new`)",
}


def answered(assessment: Assessment, answers: Mapping[str, Answer]) -> Assessment:
    """Give or change answers of a draft."""
    _must_be(assessment, State.DRAFT, "answer")
    faults = [
        f"item: found {item!r:.40}; allowed: {', '.join(ITEMS)}" for item in answers if item not in ITEMS
    ]
    for item, given in answers.items():
        faults += checks.answer(item, given)
    _refuse(faults)
    together = {**assessment.answers, **answers}
    return replace(assessment, answers={item: together[item] for item in ITEMS if item in together})


def declared(assessment: Assessment, by: str, role: str, on: date) -> Assessment:
    """Declare a draft by a named person with a role."""
    _must_be(assessment, State.DRAFT, "declare")
    faults = checks.name("role", role) + checks.day("on", on) + _gaps(assessment)
    _refuse(faults)
    return replace(assessment, state=State.DECLARED, declaration=Declaration(by, role, on))


def _gaps(assessment: Assessment) -> list[str]:
    answers = assessment.answers
    open_ = [item for item in ITEMS if item not in answers]
    bare = [item for item, one in answers.items() if one.level >= EVIDENCE_FROM and not one.evidence]
    faults = (
        [f"not yet answered: {', '.join(open_)}; allowed: all {len(ITEMS)} items answered"] if open_ else []
    )
    if bare:
        faults.append(
            f"without evidence: {', '.join(bare)}; allowed: at least one piece from level {EVIDENCE_FROM} on"
        )
    return faults


def reviewed(
    assessment: Assessment,
    by: str,
    organisation: str,
    on: date,
    differing: Mapping[str, Finding],
    inside: Collection[str] = (),
    writers: Collection[str] = (),
) -> Assessment:
    """Review a declared one: items are confirmed unless `differing` finds another level with a reason.

    `inside` are names of the enterprise itself, `writers` everybody who changed the assessment so far.
    """
    _must_be(assessment, State.DECLARED, "review")
    declaration = assessment.declaration
    assert declaration is not None  # noqa: S101 - the state says so
    faults = checks.name("organisation", organisation)
    faults += checks.day("on", on, not_before=declaration.on)
    if checks.any_same(by, [declaration.by, *writers]):
        faults.append(f"by: found {by!r}, who declared or answered it; allowed: a reviewer who took no part")
    if checks.any_same(organisation, [assessment.enterprise_id, *inside]):
        faults.append(f"organisation: found {organisation!r}, the enterprise itself; allowed: a third party")
    for item, finding in differing.items():
        faults += _finding_faults(assessment, item, finding)
    _refuse(faults)
    findings = {item: differing.get(item, Finding(one.level)) for item, one in assessment.answers.items()}
    return replace(assessment, state=State.REVIEWED, review=Review(by, organisation, on, findings))


def _finding_faults(assessment: Assessment, item: str, finding: Finding) -> list[str]:
    if item not in assessment.answers:
        return [f"item: found {item!r:.40}; allowed: {', '.join(ITEMS)}"]
    faults = checks.level(item, finding.level)
    if finding.level != assessment.answers[item].level or finding.reason:
        faults += checks.reason(f"{item}: reason", finding.reason)
    return faults


def withdrawn(assessment: Assessment) -> Assessment:
    """Give up a draft."""
    _must_be(assessment, State.DRAFT, "withdraw")
    return replace(assessment, state=State.WITHDRAWN)


def superseded(assessment: Assessment, by_id: str) -> Assessment:
    """Mark a declared or reviewed one as superseded by the correction `by_id`."""
    return replace(assessment, state=State.SUPERSEDED, superseded_by=by_id)


def _must_be(assessment: Assessment, state: State, act: str) -> None:
    if assessment.state is not state:
        allowed = ALLOWED[assessment.state].format(superseded_by=assessment.superseded_by)
        raise AssessmentRefused(f"{act}: {assessment.id} is {assessment.state}; allowed: {allowed}")


def _refuse(faults: list[str]) -> None:
    if faults:
        raise AssessmentRefused(*faults)


def named(by: str) -> None:
    """Refuse an act of nobody."""
    _refuse(checks.name("by", by))
