"""What the API answers about charts. Shares are fractions (0 … 1); null is what is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from features.control_charts import ProductYield


class Charted(BaseModel):
    """A characteristic as it is charted without a choice."""

    enterprise_id: str
    characteristic_id: str
    chart: Literal["i_mr", "xbar_r", "xbar_s"]
    points: int
    centre: float | None
    sigma: float | None
    beyond: int = Field(description="points beyond their limits")
    signalling: int = Field(description="points beyond a limit or completing a rule's pattern")
    spread_beyond: int = Field(description="the same for ranges, standard deviations or moving ranges")
    autocorrelation: float | None = Field(description="at lag 1, where significant: limits are too narrow")


class Point(BaseModel):
    """One point of a control chart."""

    chart: str = Field(description="kind of the chart that the point stands in")
    point: int = Field(description="number of the point, from 1")
    time: str
    name: str | None = Field(description="lot or subgroup")
    size: int
    statistic: float | None
    centre: float | None
    lcl: float | None
    ucl: float | None
    baseline: bool = Field(description="whether the limits rest on it")
    beyond: bool
    rules: list[int] = Field(description="numbers of the rules that signal here, as in `rules` of the chart")


class Remark(BaseModel):
    """Something to know before reading the chart, with the number behind it."""

    code: str
    value: float | None


class ControlChart(BaseModel):
    """A chart and the one beside it; some of `total` points, from `offset` on."""

    kind: str
    subject: str
    unit: str | None
    rules: str
    sigma: float | None = Field(description="standard deviation of single values that the limits rest on")
    notes: list[Remark]
    points: list[Point]
    total: int
    limit: int
    offset: int


class Capability(BaseModel):
    """A characteristic's capability, as `zhuoyue capability` prints it."""

    enterprise_id: str
    characteristic_id: str
    product_id: str | None
    since: date | None
    until: date | None
    key: bool
    nominal: float | None
    lsl: float | None
    usl: float | None
    n: int | None
    subgroups: int | None
    mean: float | None
    sd_within: float | None
    sd_overall: float | None
    cp: float | None
    cpk: float | None
    cpk_low: float | None = Field(description="lower end of the 95 % interval")
    cpk_high: float | None
    pp: float | None
    ppk: float | None
    ppk_low: float | None
    ppk_high: float | None
    cpm: float | None
    p_normal: float | None
    q_low: float | None = Field(description="0.135 % point")
    q_mid: float | None
    q_high: float | None = Field(description="99.865 % point")
    expected_outside: float | None
    observed_outside: float | None
    beyond: float | None = Field(description="share of values beyond 3σ")
    drift: float | None
    excursion: float | None
    autocorrelation: float | None
    method: Literal["normal", "percentile"]
    distribution: str | None
    stable: bool
    reasons: list[str] = Field(description="what speaks against stability")


class Histogram(BaseModel):
    """Counts between edges: one edge more than counts."""

    characteristic_id: str
    unit: str | None
    lsl: float | None
    usl: float | None
    nominal: float | None
    edges: list[float]
    counts: list[int]


class ParetoItem(BaseModel):
    """One cause: its events (CNY or count), those up to here, and both as shares of all."""

    name: str
    events: float
    cumulative: float
    share: float
    cumulative_share: float


class Pareto(BaseModel):
    """Causes from the largest down."""

    of: Literal["losses", "defects"]
    unit: Literal["CNY", "count"]
    items: list[ParetoItem]


class Stage(BaseModel):
    """One stage of a route, parallel processes together; counts are units at their first submission."""

    stage: str
    process_ids: list[str]
    submitted: int
    passed: int
    first_pass: float
    before: float = Field(description="rolled yield before the stage")
    after: float = Field(description="rolled yield with it")


class Product(BaseModel):
    """A product's route and its rolled throughput yield."""

    product_id: str
    started: int
    rolled: float
    steps: list[Stage]


class YieldSteps(BaseModel):
    """Every product, the most started first."""

    items: list[Product]


def known(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with null for every number that is none."""
    return {name: finite(value) if isinstance(value, float) else value for name, value in row.items()}


def finite(value: float) -> float | None:
    """Return a number, None for NaN and the infinities."""
    return value if math.isfinite(value) else None


def product(found: ProductYield) -> Product:
    """Return a product's yield as the API says it."""
    names = ("stage", "submitted", "passed", "first_pass", "before", "after")
    steps = [
        Stage(process_ids=list(step.process_ids), **{name: getattr(step, name) for name in names})
        for step in found.steps
    ]
    return Product(product_id=found.product_id, started=found.started, rolled=found.rolled, steps=steps)
