"""The answers about models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ModelVersion(BaseModel):
    """A version of the forecasting model in the registry."""

    model_config = ConfigDict(extra="ignore")

    number: str = Field(description="Its number in the registry")
    model_version: str = Field(description="The model's own name, made from its content")
    aliases: list[str] = Field(description="champion: served; challenger: the newest that is not; retired")
    made_at: str = Field(description="ISO 8601, UTC")
    run_id: str
    url: str | None = Field(description="Of its run in MLflow, where that is a server")
    gate: str | None = Field(description="promoted, refused or forced")
    refused_because: str | None
    promoted_because: str | None
    promoted_by: str | None
    promoted_at: str | None
    data_fingerprint: str | None
    retired: str | None


class Score(BaseModel):
    """Errors of a model and of simple baselines on the same forecasts, none of which had seen the outcome."""

    frequency: str
    scope: str
    target: str
    horizon: int
    n: int
    origins: int
    mae_model: float | None = Field(description="Mean absolute error in the target's unit")
    best_baseline: str | None = Field(description="The simple baseline with the smallest error in this row")
    mae_best: float | None
    crps: float | None = Field(description="Mean quantile loss times two")
    coverage_90: float | None = Field(description="Share of outcomes inside the 90 % interval")
    coverage_50: float | None


class Backtest(BaseModel):
    """How a version did in its own backtest."""

    slot: Literal["champion", "challenger"]
    model_version: str
    number: str
    items: list[Score]


class DriftTest(BaseModel):
    """One test of whether the months since training are like those before."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["input", "target", "error"]
    frequency: str
    what: str
    since: str
    shift: float | None
    statistic: float | None
    p_value: float | None
    alarm: bool
    means: str


class ModelHealth(BaseModel):
    """Is the served model still good."""

    looked_at: str | None = Field(description="When a job last looked; null: never")
    model_version: str | None
    due: bool = Field(description="Whether a training is due")
    reasons: list[str] = Field(description="Why it is")
    against: list[str] = Field(description="What was looked at and is well")
    drifted: bool
    drift_note: str
    drift: list[DriftTest]
    since_note: str = Field(description="Why nothing has come due since training, if so")
    since: list[Score]
    tracking: str | None = Field(description="Where MLflow keeps its store")
    registry_error: str


class Promotion(BaseModel):
    """Serve this version: a newer one, or an older one to roll back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "roll back"}]})

    reason: str = Field(default="", max_length=1000, description="Recorded; needed with `force`")
    force: bool = Field(default=False, description="Although the gate is shut")


class Training(BaseModel):
    """Train if it is due by age, drift or error; with `force` anyhow."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"force": False, "refits": 4}]})

    force: bool = False
    refits: int = Field(default=4, ge=1, le=24, description="Of the backtest: more is slower and finer")


def score(row: dict[str, Any]) -> Score:
    """Return a row of a backtest table with its best baseline named."""
    named = {name.removeprefix("mae_"): value for name, value in row.items() if name.startswith("mae_")}
    known = {name: v for name, v in named.items() if name not in {"model", "ridge"} and v is not None}
    best = min(known, key=lambda name: known[name], default=None)
    fields = {name: row.get(name) for name in Score.model_fields}
    return Score(**fields | {"best_baseline": best, "mae_best": known[best] if best else None})
