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
    saved: Gain | None = Field(description="internal loss, CNY")
    spared: Gain | None = Field(description="first failures, units")


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
    return Mending(change=found.change, saved=_gain(found.saved), spared=_gain(found.rejects))


def _gain(found: Amount | None) -> Gain | None:
    return None if found is None else Gain(**found._asdict())
