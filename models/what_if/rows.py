"""What a what-if says, as typed rows."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from models.plans.rows import MonthChances, Scope
from models.recommend.benefit_rows import Money
from models.recommend.rows import Confidence, IndicatorEffect
from models.results import Row


class Lever(Row):
    """A lever that may be moved here, in its own `unit`.

    `now` is where it would stand over the coming year if it were left alone. Its own records reach from `low`
    to `high` (their 5–95 %, freed of the gauge's error); beyond, to `least` and `most`, an answer is an
    extrapolation and says so; further, it is refused. `cost_per_unit` is CNY a year for holding it one unit
    away (null: not on record). `confidence` is that of a move over its own range; where it is `none`,
    `reason_code` says why, and moves of the lever are not counted.
    """

    parameter_id: str
    name: str | None
    unit: str | None
    now: float | None
    low: float | None
    high: float | None
    least: float | None
    most: float | None
    cost_per_unit: float | None
    confidence: Confidence
    reason_code: str | None = None


class Move(Row):
    """A lever and where to hold it, in its unit."""

    parameter_id: str = Field(min_length=1, max_length=200)
    to: float = Field(allow_inf_nan=False)


class Made(Row):
    """A move that is counted. `beyond` says that it leaves what the line has shown: an extrapolation.

    `cost` is CNY a year for holding it (null: no cost on record), `in_force` months until nine tenths of its
    effect are there (null: more than twelve).
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), populate_by_name=True, serialize_by_alias=True
    )

    parameter_id: str
    from_: float = Field(alias="from")
    to: float
    cost: float | None
    beyond: bool
    confidence: Confidence
    in_force: int | None


class Refused(Row):
    """A move that is not counted, and why (`reason_code`); `allowed` is how far it may go, if that is why."""

    parameter_id: str
    to: float
    reason_code: str
    allowed: tuple[float, float] | None = None


class Future(Row):
    """Probabilities of levels by month in one scope, today's level (as far as supplied) beside them."""

    scope: Scope
    now: int
    before: tuple[MonthChances, ...]
    after: tuple[MonthChances, ...]


class WhatIfRow(Row):
    """The answer: what the counted moves do together, made in the month `start` and held, against leaving all
    levers alone.

    `effects` are changes of the indicators, mean of the year after the move, with 90 % intervals; `benefit`
    is the failure cost avoided in that year (null: no loss on record), `cost` that of holding the moves where
    it is known, `net` the difference, `positive` the probability that it is above zero. `futures` are the
    probabilities of the official levels, `performance` alone and the whole `grade` with the management items
    as they stand; they are a forecast and never a grade.
    """

    enterprise_id: str
    as_of: str
    start: str
    moves: tuple[Made, ...]
    refused: tuple[Refused, ...]
    effects: tuple[IndicatorEffect, ...]
    benefit: Money | None
    cost: float
    cost_known: bool
    net: Money | None
    positive: float | None
    futures: tuple[Future, ...]
    scope_of_records: Literal["grade", "performance"]
    assumptions: tuple[str, ...]
    paths: int
    model_version: str
