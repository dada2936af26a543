"""A self-assessment of the management items: what it holds, and the same as flat fields for its history.

States: a draft is filled in; declared by a named person it is never edited again; a third party reviews it. A
later declaration of the same round supersedes it. A draft that is given up is withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, NamedTuple, TypeAlias

from features.records.schema import ITEMS

Source: TypeAlias = Literal["self", "third_party"]


class State(StrEnum):
    """Where an assessment stands."""

    DRAFT = "draft"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Link(NamedTuple):
    """A piece of evidence: a title, and a web address, a path or a document number."""

    title: str
    link: str


class Answer(NamedTuple):
    """The level chosen for an item, why, and the evidence."""

    level: int
    why: str
    evidence: tuple[Link, ...] = ()


class Finding(NamedTuple):
    """What a third party found for an item: the level, and why where it differs from the declared one."""

    level: int
    reason: str = ""


class Declaration(NamedTuple):
    """Who declared the assessment, in which role, on which day."""

    by: str
    role: str
    on: date


class Review(NamedTuple):
    """Who reviewed it for which organisation on which day, and the finding for every item."""

    by: str
    organisation: str
    on: date
    findings: Mapping[str, Finding]


@dataclass(frozen=True)
class Assessment:
    """One self-assessment of one enterprise and round.

    Attributes:
        id: `SA-0001` and on, in order of creation.
        as_of: the round: the month, `YYYY-MM`, up to which the enterprise looked at itself.
        edition, pack_sha256: the annex that the questions quote, to the byte.
        version: counts revisions; whoever changes an older one than the present is refused.
        created_by: who began the draft.
        supersedes, superseded_by: ids of the declared one that this corrects, and of its correction.
        answers: by item id; an item that is absent is not yet answered.
        recorded: which parts of it (`self`, `third_party`) stand in the records, from which grades are made.
    """

    id: str
    enterprise_id: str
    as_of: str
    edition: str
    pack_sha256: str
    created_by: str
    version: int = 1
    state: State = State.DRAFT
    supersedes: str | None = None
    superseded_by: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    declaration: Declaration | None = None
    review: Review | None = None
    recorded: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`correction` of a declared one, else `periodic`."""
        return "correction" if self.supersedes else "periodic"

    @property
    def unrecorded(self) -> tuple[Source, ...]:
        """What was declared or found and does not stand in the records yet."""
        made: list[Source] = ["self"] if self.declaration else []
        made += ["third_party"] if self.review else []
        return tuple(part for part in made if part not in self.recorded)

    @property
    def levels(self) -> dict[str, int]:
        """The self-assessed level of every answered item."""
        return {item: answer.level for item, answer in self.answers.items()}


HEAD = ("id", "enterprise_id", "as_of", "edition", "pack_sha256", "created_by", "supersedes", "superseded_by")
"""Fields that are plain texts."""


def to_fields(assessment: Assessment) -> dict[str, Any]:
    """Return everything but the version as flat fields (`qms.level`, `declared.by`, …) of JSON values."""
    fields: dict[str, Any] = {name: getattr(assessment, name) for name in HEAD}
    fields["state"] = assessment.state.value
    for item, answer in assessment.answers.items():
        fields[f"{item}.level"], fields[f"{item}.why"] = answer.level, answer.why
        fields[f"{item}.evidence"] = [list(link) for link in answer.evidence]
    if declared := assessment.declaration:
        fields |= {
            "declared.by": declared.by,
            "declared.role": declared.role,
            "declared.on": str(declared.on),
        }
    if review := assessment.review:
        fields |= {
            "reviewed.by": review.by,
            "reviewed.organisation": review.organisation,
            "reviewed.on": str(review.on),
        }
        for item, finding in review.findings.items():
            fields[f"{item}.found"], fields[f"{item}.reason"] = finding.level, finding.reason
    fields["recorded"] = list(assessment.recorded) or None
    return {name: value for name, value in fields.items() if value is not None}


def from_fields(fields: Mapping[str, Any], version: int) -> Assessment:
    """Return the assessment that `to_fields` took apart."""
    head: dict[str, Any] = {name: fields.get(name) for name in HEAD}
    answers = {item: _answer(fields, item) for item in _items(fields, "level")}
    return Assessment(
        **head,
        state=State(fields["state"]),
        version=version,
        answers=answers,
        declaration=_declaration(fields),
        review=_review(fields),
        recorded=tuple(fields.get("recorded", ())),
    )


def _items(fields: Mapping[str, Any], part: str) -> list[str]:
    return [item for item in ITEMS if f"{item}.{part}" in fields]


def _answer(fields: Mapping[str, Any], item: str) -> Answer:
    links = tuple(Link(*link) for link in fields[f"{item}.evidence"])
    return Answer(fields[f"{item}.level"], fields[f"{item}.why"], links)


def _declaration(fields: Mapping[str, Any]) -> Declaration | None:
    if "declared.by" not in fields:
        return None
    return Declaration(
        fields["declared.by"], fields["declared.role"], date.fromisoformat(fields["declared.on"])
    )


def _review(fields: Mapping[str, Any]) -> Review | None:
    if "reviewed.by" not in fields:
        return None
    found = {
        item: Finding(fields[f"{item}.found"], fields[f"{item}.reason"]) for item in _items(fields, "found")
    }
    on = date.fromisoformat(fields["reviewed.on"])
    return Review(fields["reviewed.by"], fields["reviewed.organisation"], on, found)
