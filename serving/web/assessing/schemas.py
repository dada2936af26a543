"""What the API takes of self-assessments."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from serving.web.schemas import EvidenceLink

MOST_LINKS, LONGEST_TEXT = 50, 4_000
Level = Annotated[int, Field(ge=1, le=5)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Version = Annotated[
    int | None,
    Field(
        ge=1,
        le=2**31 - 1,
        description="`version` as you read it: refused (409) if the assessment has changed since. "
        "`If-Match` says the same (412).",
    ),
]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Beginning(_Wish):
    """A draft of an enterprise's round; where the round stands declared, it is its correction."""

    enterprise_id: str = Field(min_length=1, max_length=200)
    as_of: str = Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        description="month up to which the enterprise looked at itself",
        examples=["2025-06"],
    )


class GivenAnswer(_Wish):
    """The level chosen for an item, why, and the evidence."""

    level: Level
    why: str = Field(min_length=1, max_length=LONGEST_TEXT)
    evidence: list[EvidenceLink] = Field(default_factory=list, max_length=MOST_LINKS)
    version: Version = None


class GivenDeclaration(_Wish):
    """In which role it is declared, on which day (by default today, UTC); by is whoever signed in."""

    role: Name
    on: date | None = None
    version: Version = None


class GivenFinding(_Wish):
    """Another level than the declared one, and why."""

    level: Level
    reason: str = Field(default="", max_length=LONGEST_TEXT)


class GivenReview(_Wish):
    """For which third party it is reviewed; items that are not among the findings are confirmed."""

    organisation: Name
    on: date | None = None
    findings: dict[str, GivenFinding] = Field(default_factory=dict, max_length=20)
    version: Version = None


class Withdrawal(_Wish):
    """A draft is given up."""

    version: Version = None
