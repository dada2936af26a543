"""What the API answers about practices and published context figures."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from features.context.figures import Indicator as ContextIndicator
from features.context.figures import Unit


class PracticeVerdict(BaseModel):
    """What the effect model says of holding a lever where the leaders hold it."""

    verdict: Literal["fewer", "more", "not_shown", "not_trusted", "not_estimated"] = Field(
        description="failing units, or why nothing can be said"
    )
    estimate: float | None = Field(description="change of failing units as a share of today's")
    low: float | None = Field(description="90 % interval")
    high: float | None
    code: str | None = Field(description="why it is not trusted, as recommendations say it")


class PracticeDifference(BaseModel):
    """One practice of an enterprise beside its group's leaders: an association, not a cause."""

    rank: int
    kind: str = Field(description="`item`, `level`, `spread`, `evenness`, `lot_size`, …")
    subject: str = Field(description="management item or parameter; empty where the kind says it all")
    own: float
    leaders: float = Field(description="mean of at least five leaders, the enterprise itself left out")
    others: float = Field(description="mean of the group's others")
    difference: float = Field(description="leaders less own, in robust standard deviations of the group")
    low: float = Field(description="90 % interval")
    high: float
    leading: int
    apart: bool = Field(
        description="whether leaders differ from the group's others too (false discovery 10 %)"
    )
    effect: PracticeVerdict | None = Field(description="levers only")


class PracticeGroup(BaseModel):
    """Whom an enterprise is held against."""

    division: str = Field(
        description="two digits of GB/T 4754; empty: those too few for a group of their own"
    )
    size: str
    enterprises: int
    leaders: int


class PracticeComparison(BaseModel):
    """What leaders do otherwise, theirs first; `group` null: too few like enterprises."""

    enterprise_id: str
    group: PracticeGroup | None
    items: list[PracticeDifference]


class ContextFigure(BaseModel):
    """A published figure, with year and source."""

    indicator: ContextIndicator
    year: int
    area: str = Field(
        description="`nation`, `east`, `centre`, `west`, or a province's two digits (GB/T 2260)"
    )
    industry: str = Field(description="as published, by GB/T 4754-2002")
    size: str
    value: float
    unit: Unit
    derived: str = Field(description="from what it was computed; empty: published so")
    source: str
    url: str = Field(description="where it was read; empty: no address was kept")


class OwnFigure(BaseModel):
    """A region's own figure of a year, by the records."""

    figure: Literal["delivered_pass", "first_pass", "loss_rate"]
    year: int
    region: str
    enterprises: int
    months: int = Field(description="months of the year on record")
    value: float = Field(description="a fraction")
