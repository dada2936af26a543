"""What a recommendation says, as a typed row (DESIGN.md, `zhuoyue recommend`)."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from pydantic import ConfigDict, Field

from models.recommend.benefit_rows import BenefitTable
from models.results import Row, Target

Confidence = Literal["strong", "fair", "none"]
ReasonCode = Literal[
    "no_actionable", "no_outcome", "no_readings", "few_periods", "too_many_levers", "no_room", "too_costly",
    "short_history", "noisy_gauge", "reactive", "covers_zero", "placebo", "sign", "random_cause",
    "not_among_top", "suspected_outcome",
]  # fmt: skip
"""Why a lever, or a whole enterprise, gets no advice; pages translate the code, never the sentence."""
REASON_CODES: Final[tuple[ReasonCode, ...]] = get_args(ReasonCode)
Indicator = Literal["sigma", "ftq", "internal_loss", "external_loss"]
Method = Literal[
    "SPC", "DOE", "FMEA", "MSA", "maintenance", "supplier_development", "inspection_plan", "training"
]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
MethodWhy = Literal[
    "poor_gauge", "optimum", "supplier", "detection", "upkeep", "skill", "escapes", "set_point"
]
METHOD_WHYS: Final[tuple[MethodWhy, ...]] = get_args(MethodWhy)
MeasureCode = Literal["lever", "first_pass", "internal_costs", "external_costs", "deliveries", "gauge_rr"]
MEASURE_CODES: Final[tuple[MeasureCode, ...]] = get_args(MeasureCode)


class Effect(Row):
    """Change of the target per period if the lever moves from → to: in the target's unit, with its 90 %
    interval.
    """

    estimate: float
    low: float
    high: float


class IndicatorEffect(Effect):
    """The same for one official indicator that the move touches, against leaving the lever alone.

    `base` is the indicator without the move (mean of the last twelve known periods, same unit); `link_mean`
    and `link_sd` are mean and standard deviation of the change on the link scale (`models.effects.links`).
    """

    target: Target
    base: float
    link_mean: float
    link_sd: float


class LevelMove(Row):
    """An official indicator whose level is another with the move than without it, and from when on.

    `period` (`YYYY-MM`) is the last month of the first official twelve-month window from which on the better
    level is the likelier one, if the move is made in the month after `since`. `probability` is that of
    `to_level` or better in that window; `after_a_year` the same in the window of the twelve months after the
    move, `without` in that window without it. `basis` says what the months ahead rest on: `forecast` (the
    promoted model's paths) or `held` (the last twelve months go on; the interval of the effect alone).
    """

    indicator: Indicator
    from_level: int
    to_level: int
    since: str
    period: str
    probability: float
    after_a_year: float
    without: float
    basis: Literal["forecast", "held"]


class LevelGap(Row):
    """What comes nearest to a better level than without the move, twelve months after it, and what that asks.

    `value` is the official window's (σ: nonconforming ppm; rates as fractions) with the move, `now` that of
    today; `probability` is that of reaching `level`, which needs `value operator needs`.
    """

    indicator: Indicator
    level: int
    now: float
    value: float
    operator: Literal[">=", "<=", "<"]
    needs: float
    probability: float


class Measure(Row):
    """Something to record while the move is made: `what` is a parameter or process id, `readings` how many a
    period the lever's own reliability asks for.
    """

    code: MeasureCode
    what: str | None = None
    readings: int | None = None


class Withheld(Row):
    """An actionable lever that is not recommended, and why."""

    parameter_id: str
    reason_code: ReasonCode
    target: Target | None = None


class JointEffect(Row):
    """All moves of an enterprise's rows made at once: interactions included, so not their sum."""

    parameter_ids: tuple[str, ...]
    effects: tuple[IndicatorEffect, ...]
    benefit: float | None
    benefit_low: float | None
    benefit_high: float | None


class RecommendationRow(Row):
    """One lever to move on one enterprise's lines, or, with rank, parameter and effect null, why there is
    none.

    `from` and `to` are in the lever's `unit`. `benefit` is the failure cost avoided (with its 90 % interval)
    and `cost` that of holding the move, both in CNY a year (twelve months); null where the plant keeps no
    record of its losses. `payback` is cost ÷ benefit, `payback_months` the months until what is avoided has
    paid for the first year. `effects` has one entry per official indicator that the move touches, `effect`
    that of `target`; `arrival_periods` counts the periods until 90 % of it is in force. `moves_level` says
    which level moves first and when, `also_moves` which others; where none does, `level_gap` says what is
    missing. `measure` is what to record
    meanwhile; `evidence` says what all this rests on. Where `confidence` is `none`, `reason_code` and
    `reason` (English) say why, of which lever `reason_parameter_id`. `method`, `method_why` and `task` name
    the method of the trade that fits and the task of 工信部联科〔2023〕249号 it serves. An enterprise's first
    row lists the levers `withheld`, and what its rows bring `together`.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), populate_by_name=True, serialize_by_alias=True
    )

    enterprise_id: str
    rank: int | None
    parameter_id: str | None
    parameter_name: str | None = None
    process_id: str | None = None
    process_name: str | None = None
    unit: str | None = None
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    target: Target | None = None
    effect: Effect | None = None
    effects: tuple[IndicatorEffect, ...] = ()
    arrival_periods: int | None = None
    moves_level: LevelMove | None = None
    also_moves: tuple[LevelMove, ...] = ()
    level_gap: LevelGap | None = None
    benefit: float | None = None
    benefit_low: float | None = None
    benefit_high: float | None = None
    cost: float | None = None
    payback: float | None = None
    payback_months: float | None = None
    benefit_table: BenefitTable | None = None
    confidence: Confidence = "none"
    evidence: dict[str, Any] = Field(default_factory=dict)
    reason: str | None = None
    reason_code: ReasonCode | None = None
    reason_parameter_id: str | None = None
    measure: tuple[Measure, ...] = ()
    method: Method | None = None
    method_why: MethodWhy | None = None
    task: str | None = None
    task_number: int | None = None
    withheld: tuple[Withheld, ...] = ()
    together: JointEffect | None = None


def abstention(
    enterprise_id: str,
    code: ReasonCode,
    reason: str,
    evidence: dict[str, Any] | None = None,
    parameter_id: str | None = None,
) -> RecommendationRow:
    """The row of an enterprise for which nothing trustworthy can be said, and why: of one lever, if named."""
    return RecommendationRow(
        enterprise_id=enterprise_id,
        rank=None,
        parameter_id=None,
        confidence="none",
        reason=reason,
        reason_code=code,
        reason_parameter_id=parameter_id,
        evidence=evidence or {},
    )
