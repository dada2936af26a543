"""A scenario as somebody wishes it: what is otherwise, for whom, and from which month on."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.results import LEVELS
from qm_rules import load_pack

Month = Annotated[str, Field(pattern=r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$", description="`YYYY-MM`")]
Factor = Annotated[float, Field(ge=0.1, le=10.0, allow_inf_nan=False)]
Option = Literal["best", "best_two", "all"]
OPTIONS: dict[Option, int | None] = {"best": 1, "best_two": 2, "all": None}
"""How many of an enterprise's recommended actions an option begins, in the order of their ranks."""


class Wish(BaseModel):
    """Immutable; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Programme(Wish):
    """Actions that the enterprises of the group are helped to begin in the month `start`.

    `share` of them take it up: who, nobody knows, so it is drawn on every path.
    """

    option: Option = "best"
    start: Month
    share: float = Field(default=1.0, gt=0.0, le=1.0, allow_inf_nan=False)


class Tightened(Wish):
    """Suppliers whose rate of delivered nonconforming units is multiplied by `factor`."""

    suppliers: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(
        min_length=1, max_length=200
    )
    factor: float = Field(ge=0.05, le=10.0, allow_inf_nan=False)


class ItemMove(Wish):
    """A management item that stands at `level` at least from the month `since` on."""

    item: str = Field(max_length=100)
    level: int = Field(ge=LEVELS[1], le=LEVELS[-1])
    since: Month

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.item not in (items := load_pack().items):
            raise ValueError(f"item: found {self.item!r}; allowed: {', '.join(items)}")
        return self


class Scenario(Wish):
    """What is otherwise from the month `start` on.

    The group (prefixes of region and industry, a size, a chain, the id of a kept list) is whom demand,
    prices, programme and items are about; tightened suppliers may stand anywhere, and what they deliver goes
    where their links go.
    `demand` multiplies future quantities (units, output, submissions), `internal_price` and `external_price`
    what a failure costs inside and outside.
    """

    name: str = Field(min_length=1, max_length=100)
    start: Month
    region: str = Field(default="", pattern=r"^[0-9]{0,6}$")
    industry: str = Field(default="", pattern=r"^[A-Z]?[0-9]{0,4}$")
    size: str = Field(default="", max_length=20)
    chain: str = Field(default="", max_length=200)
    list: str = Field(default="", pattern=r"^[0-9a-f]{0,40}$")
    demand: Factor = 1.0
    internal_price: Factor = 1.0
    external_price: Factor = 1.0
    programme: Programme | None = None
    tightened: Tightened | None = None
    items: tuple[ItemMove, ...] = Field(default=(), max_length=30)

    @property
    def empty(self) -> bool:
        """Whether nothing is otherwise."""
        return not (self.about_group or self.tightened)

    @property
    def about_group(self) -> bool:
        """Whether something is otherwise for the whole group, and not only along supply links."""
        factors = {self.demand, self.internal_price, self.external_price}
        return bool(factors != {1.0} or self.programme or self.items)
