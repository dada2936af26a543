"""The planner's answers, typed; pages put the same into words."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.portfolio.bases import Basis
from serving.jobs.kinds import PlanAssumption
from serving.web.planner.asked import Industry, ListName, Month, Region

LevelId = Literal["inspection", "assurance", "prevention", "excellence", "standard"]
Counts = dict[str, int]


class AheadCount(BaseModel):
    """How many will have newly reached a level by a month (beyond today), with 90 % of the paths."""

    month: str
    expected: float
    low: int
    high: int


class RegionLevels(BaseModel):
    """A region whose enterprises the asker sees: official levels, and what twelve months may bring."""

    region: str = Field(description="prefix of the GB/T 2260 code; empty: no code")
    enterprises: int
    levels: Counts = Field(description='enterprises by level, "none" without an official level')
    at_or_above: Counts = Field(description="enterprises at each level or a better one")
    expected_new: dict[str, float] = Field(
        description="expected number that reach the level for the first time within twelve months"
    )
    expected_fall: float = Field(
        description="expected number whose window in six months stands below today's level"
    )


class HiddenRegion(BaseModel):
    """Enterprises of a province that the asker does not see one by one; null: held back, see `/help`."""

    region: str
    enterprises: int
    levels: dict[str, int | None]


class Board(BaseModel):
    """Counts of a group, by region. `hidden` are all enterprises beyond the asker's scope, never filtered."""

    basis: Basis
    as_of: str = Field(description="latest month of the records")
    enterprises: int
    without_forecast: int
    levels: Counts
    at_or_above: Counts
    newly: dict[str, list[AheadCount]] = Field(description="by level 2 … 5")
    regions: list[RegionLevels]
    hidden: list[HiddenRegion]
    model_version: str


class Attainment(BaseModel):
    """One enterprise: where it stands officially, and the chances of its coming months (a forecast)."""

    enterprise_id: str
    name: str
    region_code: str
    industry_code: str
    size: str
    chain: str
    window_end: str | None
    level: int | None = Field(description="official, by the basis asked for; null: none")
    status: str
    next_level: int | None
    chance: float | None = Field(description="of the next level at least once within twelve months")
    was_there: bool = Field(description="whether it was at the next level before: then it is not newly added")
    reach: dict[str, dict[str, float]] = Field(description="by level and months ahead")
    fall: dict[str, float] = Field(
        description="probability by months ahead that the window then stands below today's level"
    )
    blocking: list[str] = Field(description="indicators and items below the next level today")


class TargetWish(BaseModel):
    """How many enterprises of a group are to be newly added at a level after a baseline, by a month."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=100)
    level_id: LevelId
    baseline: Month
    by: Month
    count: int = Field(ge=1, le=10_000_000)
    region: Region = ""
    industry: Industry = ""
    size: str = Field(default="", max_length=20)
    chain: str = Field(default="", max_length=200)
    list_id: ListName = ""


class MonthCount(BaseModel):
    """Newly added by the end of a month, as it was or (low, high: 90 % of the paths) as it is forecast."""

    month: str
    count: float
    low: int
    high: int
    forecast: bool


class TargetProgress(BaseModel):
    """A target, counted over those of its group whom the asker sees.

    `probability` is that of meeting it; if `beyond` (its month lies past the forecasts) a lower bound, for
    what is newly added stays so. `unknown` had no grade by the baseline and are not counted.
    """

    id: str
    source: Literal["document", "records", "kept"]
    version: int | None = None
    owner: str | None = None
    name: str
    level_id: LevelId | Literal["experience"]
    baseline: str
    by: str
    count: int
    region: str
    industry: str
    size: str
    chain: str
    basis: Basis
    enterprises: int
    unknown: int
    unknown_there: int
    without_forecast: int
    achieved: int
    shortfall: int
    decided: bool
    beyond: bool
    expected: float
    low: int
    high: int
    probability: float | None
    sure: int = Field(description="the largest count that 80 % of the paths reach by then")
    months: list[MonthCount]
    list_id: str = Field(default="", description="own list that it is about; empty: none")


class BenchmarkGroup(BaseModel):
    """One indicator in a group of at least five: quantiles 0.1 to 0.9, drawn to the group around it."""

    indicator: str
    division: str = Field(description="two digits of GB/T 4754; empty: all")
    size: str
    region: str = Field(description="two or four digits of GB/T 2260; empty: all")
    enterprises: int
    quantiles: dict[str, float]
    alike: bool = Field(description="cannot be told apart from the group around it")


class BenchmarkStanding(BaseModel):
    """An enterprise's indicator among its like: the share of them that is worse."""

    indicator: str
    value: float
    division: str
    size: str
    region: str
    enterprises: int
    better_than: float


class PlanWish(BaseModel):
    """What a plan is to reach: `level` or better by the month `by`, with a probability."""

    model_config = ConfigDict(extra="forbid")

    level: int = Field(ge=2, le=5)
    by: Month
    probability: float = Field(default=0.8, gt=0, lt=1)
    scope: Basis = Field(default="performance", description="what lines can move, or the whole grade")
    held: bool = Field(default=False, description="hold it for three months, not touch it")
    budget: float | None = Field(default=None, ge=0, le=1e13, description="CNY a year")
    at_once: int | None = Field(default=None, ge=1, le=50, description="actions under way together")
    start: Month | None = None
    assumed: list[PlanAssumption] = Field(default=[], max_length=100)


class AskedPlan(BaseModel):
    """The job that makes a plan; the plan is at `/api/v1/enterprises/{id}/plan` when it is done."""

    job: str
    state: str
    url: str
