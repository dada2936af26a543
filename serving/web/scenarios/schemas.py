"""Scenarios by API, typed; pages put the same into words."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from models.portfolio.bases import Basis
from models.scenarios.wish import Scenario

Carried = Literal["", "no_chains", "few_customers", "not_shown", "refuted"]


class KeptScenario(BaseModel):
    """A scenario as it is kept. `computed`: on the current publication, so that it can be compared."""

    id: str
    version: int
    owner: str
    computed: bool
    scenario: Scenario


class ScenarioCount(BaseModel):
    """How many, with 90 % of the paths."""

    expected: float
    low: int
    high: int


class ScenarioMonth(BaseModel):
    """Who has newly reached a level by a month. `more` is the difference to the forecast as it stands, path
    by path.
    """

    month: str
    ahead: int
    count: ScenarioCount
    more: ScenarioCount


class ScenarioTarget(BaseModel):
    """A target in a scenario; `probability` is null where nothing is forecast."""

    id: str
    expected: float
    low: int
    high: int
    probability: float | None


class ScenarioSpending(BaseModel):
    """What a programme asks of those of the group that it is offered to."""

    offered: int = Field(description="enterprises with trustworthy actions to begin")
    actions: int | None = Field(description="null, as the others: fewer than five enterprises, not shown")
    cost: float | None = Field(description="CNY a year expected at the take-up")
    unpriced: int | None = Field(description="enterprises of whom some action's cost is not on record")


class ScenarioColumn(BaseModel):
    """One scenario in a comparison; `id` null: the forecast as it stands, nothing otherwise."""

    id: str | None
    name: str
    computed: bool
    touched: int = Field(description="enterprises of the group whose months ahead are other ones")
    carried: Carried | None = Field(
        description="why suppliers' quality is not carried downstream; empty: it is; null: none is tightened"
    )
    levels: dict[str, list[ScenarioMonth]] = Field(description="by level 2 … 5; empty: not computed")
    targets: list[ScenarioTarget]
    spending: ScenarioSpending | None = Field(description="null: no programme")


class ScenarioComparison(BaseModel):
    """Scenarios side by side over one group, counted over those whom you may see."""

    basis: Basis
    as_of: str
    enterprises: int
    without_forecast: int
    columns: list[ScenarioColumn]
    outlook_id: str


class ScenarioJob(BaseModel):
    """The job that computes a scenario."""

    job: str
    state: str
    url: str
