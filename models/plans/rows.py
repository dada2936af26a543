"""What a plan says, as typed rows: the actions with their months, what they cost, and how likely they make a
level, beside leaving everything alone.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from models.results import Row

Scope = Literal["grade", "performance"]
Measure = Literal["reached", "held"]
Solver = Literal["enumeration", "programme"]
Outcome = Literal["already", "found", "short", "no_actions"]


class Goal(Row):
    """What is asked: `level` or a better one by the month `by` with `probability`.

    `measure` is `reached` (at least once by then) or `held` (in three consecutive months, all by then);
    `scope` is the whole grade or the performance dimension alone. `budget` is CNY a year for holding all
    actions, `at_once` how many may be under way together, `start` the first month in which one may begin.
    `assumed` are management items taken to stand at a level from a month on: never guessed, only told.
    """

    enterprise_id: str
    level: int
    by: str
    probability: float
    scope: Scope = "performance"
    measure: Measure = "reached"
    budget: float | None = None
    at_once: int | None = None
    start: str | None = None
    assumed: tuple[Assumed, ...] = ()


class Assumed(Row):
    """A management item that is taken to stand at a level from a month on."""

    item: str
    level: int
    since: str


class Step(Row):
    """One action of a plan: the lever moves `from` → `to` (its unit) in the month `start`, and nine tenths of
    what it does is in force by `in_force` (null: after the forecasts end).

    `cost` is CNY a year for holding it, `cost_known` false where the plant has stated no cost (counted as
    none); `spent` is CNY up to the month asked for.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), populate_by_name=True, serialize_by_alias=True
    )

    parameter_id: str
    parameter_name: str | None
    unit: str | None
    from_: float = Field(alias="from")
    to: float
    start: str
    in_force: str | None
    cost: float
    cost_known: bool
    spent: float
    confidence: str


class MonthChances(Row):
    """Probabilities by level {"1": …} of one future official window, as in `AttainmentRow`."""

    period: str
    probabilities: dict[str, float]
    reached_by: dict[str, float]
    held_for_three: dict[str, float]


class Way(Row):
    """One way to the level: `direct` (everything as early as capacity allows) or `stepwise` (the level below
    first, by `first_by`, the rest after it).

    `probability` is of the goal on paths that the search never saw, `in_sample` on those it chose by.
    `cost` is CNY a year once all is in force, `spent` CNY up to the month asked for; `benefit` the failure
    cost avoided a year by all actions together (null: no losses on record). `months` are this way's own.
    """

    name: Literal["direct", "stepwise"]
    steps: tuple[Step, ...]
    meets: bool
    probability: float
    in_sample: float
    cost: float
    spent: float
    benefit: float | None
    first_level: int | None = None
    first_by: str | None = None
    first_probability: float | None = None
    months: tuple[MonthChances, ...]


class FrontierPoint(Row):
    """The most that can be had for a cost (CNY a year); no cheaper set does as well."""

    cost: float
    probability: float
    parameter_ids: tuple[str, ...]


class Binding(Row):
    """How far one official indicator stands from what the level asks, in the month asked for.

    `supports` is the share of paths on which it supports the level with the plan (`before`: without),
    `alone` the share on which nothing else of the performance dimension is in the way. `value` is its median
    with the plan, `needs` the official bound, `gap` the median of what is missing on the paths that fail (in
    the indicator's unit, positive; null where none fails or nothing is forecast). `moved` says whether any
    action can move it at all.
    """

    indicator: str
    supports: float
    before: float
    alone: float
    value: float | None
    needs: float
    operator: str
    gap: float | None
    moved: bool
    status: str


class Cap(Row):
    """A management item that keeps the whole grade below the level: `now` its assessed level (null: never
    assessed, so it does not limit here but the official grade is incomplete without it).
    """

    item: str
    now: int | None
    needs: int
    assumed: int | None = None


class PlanRow(Row):
    """The answer to a `Goal`: the cheapest set that meets it, or the best that the budget buys and what is
    missing.

    `outcome`: `already` (met by leaving alone), `found`, `short` (nothing affordable meets it; `ways` holds
    the most probable), or `no_actions` (no action can be trusted; `reason` says why). `other_scope` is the
    probability of the same goal in the other scope with the same actions. `caps` are the items that keep the
    whole grade away whatever is done to the lines.
    """

    goal: Goal
    outcome: Outcome
    reason: str | None = None
    as_of: str
    now: int
    scope_of_records: Scope
    considered: tuple[str, ...]
    solver: Solver
    before: tuple[MonthChances, ...]
    before_probability: float
    ways: tuple[Way, ...]
    other_scope: float
    frontier: tuple[FrontierPoint, ...]
    binding: tuple[Binding, ...]
    caps: tuple[Cap, ...]
    assumptions: tuple[str, ...] = ()
    paths: int
    fresh_paths: int
    model_version: str
    made_at: str | None = None
