"""The answers of the API. Forecast, driver and attainment rows are the models' own types."""

from __future__ import annotations

from datetime import date
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from models.recommend.rows import RecommendationRow
from models.results import AttainmentRow, DriverRow, ForecastRow

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """Some of `total` items, from `offset` on."""

    items: list[Item]
    total: int
    limit: int
    offset: int


class Items(BaseModel, Generic[Item]):
    """All items of one enterprise, and the model and data that they come from."""

    items: list[Item]
    model_version: str | None = Field(description="null while nothing has been published")
    fingerprint: str = Field(description="of the records that the published outlook rests on")
    current: bool = Field(description="whether no record has come since")


class Enterprise(BaseModel):
    """A row of `enterprises`."""

    model_config = ConfigDict(extra="ignore")

    enterprise_id: str
    name: str | None = None
    uscc: str | None = None
    region_code: str | None = None
    industry_code: str | None = None
    chain: str | None = None
    size: str | None = None
    frequency: str = "month"
    standard_since: date | None = None


class Window(BaseModel):
    """First and last month of the evidence, `YYYY-MM`."""

    start: str
    end: str


class Indicator(BaseModel):
    """One quantitative indicator: its exact value and its own level."""

    value: str | None
    exact: str | None
    level: int | None
    status: Literal["measured", "not_tracked", "not_supplied", "inadmissible"]


class Gap(BaseModel):
    """What lies between an indicator or item and a higher level."""

    model_config = ConfigDict(extra="allow")

    to_level: int
    indicator: str


class Note(BaseModel):
    """A remark on the evidence; codes are listed in the documentation of the grade."""

    model_config = ConfigDict(extra="allow")

    code: str


class OfficialGrade(BaseModel):
    """The official grade of 工信部联科〔2023〕249号: rules only, no model takes part."""

    enterprise_id: str
    window: Window
    level: int | None
    level_id: str | None
    level_name: str | None
    status: Literal["final", "provisional", "incomplete"]
    at_most: int
    dimensions: dict[str, int | None]
    indicators: dict[str, Indicator]
    binding: list[str]
    gaps: list[Gap]
    notes: list[Note]
    pack: dict[str, str]
    policy: dict[str, str]
    evidence_sha256: str


class GradeLine(BaseModel):
    """An official grade in a list; `…/enterprises/{enterprise_id}/grade` has all of it."""

    enterprise_id: str
    window: Window
    level: int | None
    status: Literal["final", "provisional", "incomplete"]
    at_most: int
    binding: list[str]


class Recommendation(RecommendationRow):
    """One action; rank, parameter and effect are null where nothing is trustworthy, and `reason_code` says
    why. An outlook that an earlier version published names its method in words.
    """

    model_config = ConfigDict(extra="allow")

    method: str | None = None  # type: ignore[assignment]


class AssessmentLine(BaseModel):
    """One self-assessment in a list; `reviewed_by` is the organisation."""

    id: str
    enterprise_id: str
    as_of: str
    kind: Literal["periodic", "correction"]
    state: Literal["draft", "declared", "reviewed", "superseded", "withdrawn"]
    answered: int
    items: int
    declared_by: str | None
    declared_on: date | None
    reviewed_by: str | None
    reviewed_on: date | None
    version: int


class EvidenceLink(BaseModel):
    """A piece of evidence: a web address, a path or a document number."""

    title: str
    link: str


class AssessedAnswer(BaseModel):
    """One management item; `level` is null while it is not yet answered, `found` before a review."""

    item: str
    level: int | None
    why: str | None
    evidence: list[EvidenceLink]
    found: int | None
    reason: str | None


class Declared(BaseModel):
    """Who declared it, in which role, when; the name is a claim."""

    by: str
    role: str
    on: date


class Reviewed(BaseModel):
    """Who reviewed it for which third party, when; the name is a claim."""

    by: str
    organisation: str
    on: date


class AssessmentChange(BaseModel):
    """One field that somebody changed (UTC); `hash` chains it to the change before."""

    seq: int
    at: str
    who: str
    version: int
    action: str
    field: str
    old: Any
    new: Any
    hash: str


class SelfAssessment(BaseModel):
    """A self-assessment of the management items with its history."""

    id: str
    enterprise_id: str
    as_of: str
    kind: Literal["periodic", "correction"]
    state: Literal["draft", "declared", "reviewed", "superseded", "withdrawn"]
    version: int
    edition: str
    pack_sha256: str
    created_by: str
    supersedes: str | None
    superseded_by: str | None
    declared: Declared | None
    reviewed: Reviewed | None
    recorded: list[Literal["self", "third_party"]]
    items: list[AssessedAnswer]
    history: list[AssessmentChange]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Store and outlook can be read."""

    status: Literal["ready"] = "ready"
    fingerprint: str
    outlook_id: str


class Forecasts(Items[ForecastRow]):
    """Forecasts of one enterprise, with their drivers where they were asked for."""

    drivers: list[DriverRow] | None = None


Drivers = Items[DriverRow]
Attainments = Items[AttainmentRow]
Recommendations = Items[Recommendation]
