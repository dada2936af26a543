"""What is answered to where help works, as typed rows."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from models.portfolio.bases import Basis
from models.results import Row

Outcome = Literal["already", "found", "short", "no_options"]
"""Likely enough without help; a choice that is likely enough; none is, so the most probable one; nobody has
an action that is trustworthy."""


class HelpAction(Row):
    """A lever to be moved; `cost` is CNY a year."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), populate_by_name=True, serialize_by_alias=True
    )

    parameter_id: str
    parameter_name: str | None
    unit: str | None
    from_: float = Field(alias="from")
    to: float
    cost: float
    cost_known: bool
    confidence: str


class Helped(Row):
    """An enterprise of a choice, and what is done there.

    `before`, `after` and `weak` are its chances of being newly at the level by the target's month: without
    help, with it, and with it at the weak end of the effects. `in_force` is the month by which nine tenths of
    the effects are there. `benefit` is the failure cost avoided a year (null: no losses on record).
    """

    enterprise_id: str
    name: str
    region_code: str
    industry_code: str
    size: str
    level: int | None
    before: float
    after: float
    weak: float
    cost: float
    cost_known: bool
    benefit: float | None
    months: int
    in_force: str
    action_count: int
    actions: tuple[HelpAction, ...]


class Choice(Row):
    """Whom to help, and what follows from it.

    `probability` of the target is read off joint paths that the choice was not made on (`in_sample`: on those
    it was), `weak` off the same with all effects at the weak end of their 90 % intervals. `expected`, `low`
    and `high` (the middle 90 %) are the count in the target's month. No choice within the limits can be
    cheaper than `bound` on the paths it was made on (null: not known); `proven` if it is the cheapest there.
    """

    meets: bool
    probability: float
    in_sample: float
    weak: float
    expected: float
    low: int
    high: int
    cost: float
    cost_known: bool
    benefit: float | None
    bound: float | None
    proven: bool
    enterprises: int
    helped: tuple[Helped, ...]


class MoneyPoint(Row):
    """What a sum buys: CNY a year, enterprises helped, and the probability on paths not chosen by."""

    cost: float
    enterprises: int
    probability: float
    weak: float
    expected: float


class BudgetPrice(Row):
    """What the last yuan is worth at a budget (CNY a year).

    `of_one` is CNY a year for one more expected enterprise (the dual of the budget in the linear programme;
    null: money is not what is short); `per_million` what a million more a year adds to the probability.
    """

    budget: float
    of_one: float | None
    per_million: float


class ItemCount(Row):
    """A management item that is too low for the level at so many enterprises."""

    item: str
    enterprises: int


class ManagementCap(Row):
    """Of the enterprises that could newly reach the level, those that no process action brings there: with
    every indicator at its best their management items would still hold them below. `one_item` of them lack
    one item only.
    """

    enterprises: int
    one_item: int
    items: tuple[ItemCount, ...]


class Assistance(Row):
    """Where help works for one target.

    `open` enterprises could still be newly added, of whom `with_options` have trustworthy actions. `before`
    is the probability without help. `best` is the cheapest choice that is likely enough, or the most probable
    one; `robust` the cheapest that is so even at the weak end of the effects (null: none, or the same).
    """

    target_id: str
    level: int
    by: str
    counted_to: str
    wanted: int
    basis: Basis
    as_of: str
    probability: float
    budget: float | None
    most_enterprises: int | None
    region: str
    outcome: Outcome
    achieved: int
    open: int
    with_options: int
    before: float
    expected: float
    low: int
    high: int
    best: Choice
    robust: Choice | None
    everything: Choice
    frontier: tuple[MoneyPoint, ...]
    price: BudgetPrice | None
    cap: ManagementCap
    paths: int
    model_version: str


class OneShort(Row):
    """An enterprise that lacks one thing only for a level: an indicator (`value` now; `operator` and `needs`
    say what the level asks, rates as fractions, σ in ppm) or a management item (`own` level now).

    `chance` is that of the level within twelve months without help; `cost` of the cheapest option with which
    it is likelier than not to be there by then (null: none is).
    """

    enterprise_id: str
    name: str
    region_code: str
    level: int
    item: str
    management: bool
    own: int
    value: float | None
    operator: str | None
    needs: float | None
    chance: float | None
    cost: float | None


class Falling(Row):
    """An enterprise that may fall back: chances that its window stands below today's level 3, 6 and 12 months
    ahead, what hangs at the level (`holding`: items that would pull it down by falling one level), and the
    option that holds it best: the chance in six months with it, also at the weak end, and its cost.
    """

    enterprise_id: str
    name: str
    region_code: str
    level: int
    falls: dict[str, float]
    holding: tuple[str, ...]
    held: float | None
    held_weak: float | None
    cost: float | None
    action_count: int
    actions: tuple[HelpAction, ...]
