"""What a recommendation says, as a typed row (DESIGN.md, `zhuoyue recommend`)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from models.results import Row, Target

Confidence = Literal["strong", "fair", "none"]


class Effect(Row):
    """Change of the target per period if the lever moves from → to: in the target's unit, with its 90 %
    interval.
    """

    estimate: float
    low: float
    high: float


class RecommendationRow(Row):
    """One lever to move on one enterprise's lines, or, with rank, parameter and effect null, why there is
    none.

    `from` and `to` are in the lever's `unit`. `benefit` is the failure cost avoided and `cost` that of
    holding the move, both in CNY a year (twelve months); null where the plant keeps no record of its losses.
    `payback` is cost ÷ benefit. `evidence` says what it rests on; `reason` is filled where `confidence` is
    `none`; `method` and `task` name the method of the trade that fits and the task of
    工信部联科〔2023〕249号 it serves.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), populate_by_name=True, serialize_by_alias=True
    )

    enterprise_id: str
    rank: int | None
    parameter_id: str | None
    parameter_name: str | None = None
    unit: str | None = None
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    target: Target | None = None
    effect: Effect | None = None
    benefit: float | None = None
    cost: float | None = None
    payback: float | None = None
    confidence: Confidence = "none"
    evidence: dict[str, Any] = Field(default_factory=dict)
    reason: str | None = None
    method: str | None = None
    task: str | None = None


def abstention(enterprise_id: str, reason: str, evidence: dict[str, Any] | None = None) -> RecommendationRow:
    """The row of an enterprise for which nothing trustworthy can be said, and why."""
    return RecommendationRow(
        enterprise_id=enterprise_id,
        rank=None,
        parameter_id=None,
        confidence="none",
        reason=reason,
        evidence=evidence or {},
    )
