"""质量效益测算表 of one move, as typed rows: failure costs now, what of them is avoided, and at what cost."""

from __future__ import annotations

from typing import Final, Literal, get_args

from pydantic import Field

from models.results import Row

Side = Literal["internal", "external"]
AssumptionCode = Literal[
    "against_leaving_alone", "accounting", "categories_alike", "few_statements", "losses_last_twelve",
    "no_internal", "no_external", "no_unit_cost", "one_off_unknown", "one_off_from_action", "effect_only",
    "arrival", "claims_later", "payback",
]  # fmt: skip
ASSUMPTION_CODES: Final[tuple[AssumptionCode, ...]] = get_args(AssumptionCode)


class Money(Row):
    """CNY a year with its 90 % interval."""

    estimate: float
    low: float
    high: float


class CostLine(Row):
    """One category of quality cost (DATA_STANDARD.md): CNY a year now, and what the move avoids of it.

    A negative `avoided` is cost that the move adds: what is caught instead of escaping costs inside.
    """

    side: Side
    category: str
    now: float
    avoided: Money


class YearLine(Row):
    """One year of the move: `first` and `last` month (`YYYY-MM`; null: it goes on), amounts in CNY.

    `share` is how much of the full effect is in force in that year, on average.
    """

    first: str
    last: str | None
    share: float
    avoided: float
    cost: float
    net: float


class Assumption(Row):
    """Something that the table takes for granted: a code that pages translate, its numbers (shares in %), and
    the sentence in English.
    """

    code: AssumptionCode
    values: dict[str, float] = Field(default_factory=dict)
    text: str


class BenefitTable(Row):
    """What one move costs and saves (CNY a year unless said otherwise), all against leaving the lever alone.

    `lines` by category as far as the records tell categories; sides without any record are null. `avoided`
    is the mean of the twelve months after the move, `net` the same less `holding_cost`; `one_off_cost` is
    known only where an action on this lever is on record with its cost, and is not in `net`.
    `positive` is the probability that `net` is above zero.
    """

    lines: tuple[CostLine, ...]
    internal_now: float | None
    external_now: float | None
    avoided_internal: Money | None
    avoided_external: Money | None
    avoided: Money
    holding_cost: float
    one_off_cost: float | None
    net: Money
    positive: float
    payback_months: float | None
    years: tuple[YearLine, ...]
    assumptions: tuple[Assumption, ...]
