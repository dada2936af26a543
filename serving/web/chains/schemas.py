"""What the API answers about supply chains. Shares are fractions, money is CNY a year, null is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from models.chains import Carry as Slope
    from models.chains import Mended
    from models.chains.mending import Amount


class ChainLine(BaseModel):
    """A chain in the list."""

    name: str
    enterprises: int = Field(description="that carry the chain's name and that you may see")
    links: int = Field(description="of these enterprises, in or out of the chain")


class Carry(BaseModel):
    """How much of a supplier's bad month arrives, over all links of all enterprises.

    `slope` is the change of the customer's log outcome per unit of Σ share × (log rate of the supplier's
    nonconforming deliveries − its usual one) of the month before.
    """

    outcome: Literal["ftq", "internal_loss", "ppm"]
    slope: float | None
    low: float | None = Field(description="90 % interval")
    high: float | None
    customers: int
    months: int = Field(description="months of customers that it rests on")
    lead: float | None = Field(description="the same for the suppliers' next month, in standard errors")
    reason: Literal["few_customers", "not_shown", "refuted", ""] = Field(
        description="why nothing is carried; empty: it is shown"
    )


class Chain(BaseModel):
    """A chain as you may see it; links, weak links and forecasts are lists of their own."""

    name: str
    period: str = Field(description="last month that it rests on")
    enterprises: list[str]
    neighbours: list[str] = Field(description="suppliers and customers outside the chain")
    carry: list[Carry]


class Lots(BaseModel):
    """Lots that name the supplier, against the customer's others of the same product, process and month."""

    lots: int
    submitted: int
    failed: int
    ratio: float | None = Field(description="Mantel–Haenszel ratio of the shares that fail")
    low: float | None = Field(description="90 % interval")
    high: float | None


class Link(BaseModel):
    """Who supplies whom with what."""

    supplier_id: str
    customer_id: str
    material: str
    share: float | None
    lots: Lots | None = Field(description="null: no such lots, or the customer's records are not yours")


class Gain(BaseModel):
    """An estimate with its 90 % interval."""

    estimate: float
    low: float
    high: float


class Mending(BaseModel):
    """What a change of the supplier's log rate gives its customers a year, tier by tier."""

    change: float
    saved: Gain | None = Field(description="internal loss, CNY; null also where not all details are yours")
    spared: Gain | None = Field(description="first failures, units; null as `saved`")
    eased: Gain | None = Field(description="share of internal loss spared, mean over the customers reached")


class WeakLink(BaseModel):
    """A supplier; the list begins with the one whose mending saves most downstream."""

    rank: int
    supplier_id: str
    ppm: float | None = Field(description="nonconforming units per million delivered, twelve months")
    best_ppm: float | None = Field(description="in its own best twelve months")
    deviation: float | None = Field(description="log of the latest month's rate over its usual one")
    customers: int = Field(description="enterprises reached downstream")
    halved: Mending = Field(description="if its nonconforming deliveries were halved")
    at_best: Mending = Field(description="if they were as few as in its best twelve months")


class CarriedForecast(BaseModel):
    """A month of a customer's first-pass yield, as published and with incoming quality carried in."""

    enterprise_id: str
    period: str
    horizon: int
    mean: float = Field(description="as published")
    carried: float
    low: float = Field(description="90 % interval of the effect alone")
    high: float
    arrives: float = Field(description="log of what arrives then over what arrived in the past year")


class ChainProblem(BaseModel):
    """A problem of the 质量问题清单: numbers in their units, and the same in words."""

    number: int
    enterprise_id: str
    enterprise: str
    kind: Literal["indicator", "evidence", "items", "deliveries", "lots", "falling"]
    what: str
    figure: str
    holds: str
    source: str = Field(description="the records or the forecast that the figure comes from")
    value: float | None = Field(description="sigma, deliveries: ppm; rates: fractions; lots: times as many")
    operator: str | None
    needs: float | None = Field(description="what the next level asks, or its own best twelve months")
    holds_level: int | None = Field(description="level that it keeps the enterprise from")
    cost: float | None = Field(description="CNY a year; null: not known, or a detail that is not yours")
    cost_low: float | None = Field(description="90 % interval; the same number where it is on record")
    cost_high: float | None
    excess: float | None = Field(description="CNY a year of a loss beyond what the next level allows")
    units: float | None = Field(description="first failures or nonconforming units of the year")
    period: str


class ChainProject(BaseModel):
    """A project of the 重点攻关项目清单; money is CNY a year with its 90 % interval."""

    number: int
    kind: Literal["process", "supply"]
    enterprise_id: str
    lead: str
    with_: list[str] = Field(serialization_alias="with", validation_alias="with", description="customers")
    what: str
    method: str
    effect: str
    own: float | None = Field(description="avoided at the enterprise itself")
    own_low: float | None
    own_high: float | None
    downstream: float | None = Field(description="internal loss spared at customers, this project alone")
    downstream_low: float | None
    downstream_high: float | None
    twice: float | None = Field(description="what of both may be the same money; not in `net`")
    cost: float | None
    net: float | None
    net_low: float | None
    net_high: float | None
    months: int | None = Field(description="until nine tenths of the effect are in force")
    confidence: Literal["strong", "fair", "none"] | None
    problems: list[int] = Field(description="numbers of the problems that it is to solve")
    source: str


class ChainBenefit(BaseModel):
    """A line of the 质量效益测算表 (CNY a year); the one without an enterprise is the sum."""

    enterprise_id: str | None
    internal_now: float | None
    external_now: float | None
    own_internal: float | None
    own_internal_low: float | None
    own_internal_high: float | None
    own_external: float | None
    own_external_low: float | None
    own_external_high: float | None
    received: float | None = Field(description="spared by better deliveries, of what own moves have left")
    received_low: float | None
    received_high: float | None
    twice: float = Field(description="what may be the same money as its customers' gain; not in `net`")
    cost: float
    one_off: float | None
    left_out: float = Field(description="cost of moves not counted: no loss is on record to hold against it")
    net: float
    net_low: float | None = Field(description="of the sum alone")
    net_high: float | None


class CarriedLevel(BaseModel):
    """P(that level or better) of a customer before and after incoming quality is carried in."""

    enterprise_id: str
    basis: Literal["grade", "performance"]
    period: str
    horizon: int
    before: dict[str, float]
    after: dict[str, float]


def carry(found: Slope) -> Carry:
    """Return a slope with null where nothing could be estimated."""
    numbers = {name: _known(getattr(found, name)) for name in ("slope", "low", "high", "lead")}
    return Carry(
        outcome=found.outcome,
        customers=found.customers,
        months=found.months,
        reason=found.reason,
        **numbers,
    )


def _known(value: float) -> float | None:
    return value if value == value else None


def mending(found: Mended) -> Mending:
    """Return what mending gives."""
    return Mending(
        change=found.change, saved=_gain(found.saved), spared=_gain(found.rejects), eased=_gain(found.eased)
    )


def _gain(found: Amount | None) -> Gain | None:
    return None if found is None else Gain(**found._asdict())
