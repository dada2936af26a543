"""What a planner asks for, as the address says it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from models.portfolio import Portfolio
from models.portfolio.bases import Basis
from models.portfolio.firsts import Mask
from models.portfolio.targets import group

Region = Annotated[str, Field(pattern=r"^[0-9]{0,6}$", description="Prefix of the GB/T 2260 code")]
Industry = Annotated[str, Field(pattern=r"^[A-Z]?[0-9]{0,4}$", description="Prefix of the GB/T 4754 code")]
Month = Annotated[str, Field(pattern=r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$", description="`YYYY-MM`")]

ListName = Annotated[
    str, Field(pattern=r"^[0-9a-f]{0,40}$", description="Id of an own list of enterprises (`/lists`)")
]


class Filter(BaseModel):
    """A group of enterprises, and by which level they count; everything may be left out."""

    model_config = ConfigDict(frozen=True)

    basis: Basis = Field(
        default="grade",
        description="`grade`: the whole official grade; `performance`: its performance dimension alone",
    )
    region: Region = ""
    industry: Industry = ""
    size: str = Field(default="", max_length=20, description="`micro`, `small`, `medium`, `large`")
    chain: str = Field(default="", max_length=200)
    list: ListName = ""

    def members(self, portfolio: Portfolio) -> Mask:
        """R booleans: who belongs to the group, but for `list`: `Desk.members` knows what lists hold."""
        return group(portfolio, self.region, self.industry, self.size, self.chain)

    @property
    def narrowed(self) -> bool:
        """Say whether some enterprises are left out."""
        return bool(self.region or self.industry or self.size or self.chain or self.list)

    def url(self, path: str, **other: object) -> str:
        """Return an address with these wishes, some of them changed; what is default anyway is left out."""
        wished = {**self.model_dump(), **other}
        default = type(self)().model_dump()
        kept = {name: value for name, value in wished.items() if value != default.get(name, "")}
        return f"{path}?{urlencode(kept)}" if kept else path

    def same_group(self, path: str) -> str:
        """Return the address of another of the planner's pages about the same group."""
        return Filter(**{name: getattr(self, name) for name in Filter.model_fields}).url(path)


class BoardQuery(Filter):
    """The board's own wishes: the level in view, how far ahead, the target that is drawn (its id), the
    benchmark.
    """

    level: int = Field(default=3, ge=2, le=5)
    months: int = Field(default=36, ge=12, le=36, multiple_of=12)
    target: str = Field(default="", max_length=300)
    indicator: Literal["sigma", "cpk", "ftq", "internal_loss", "external_loss"] = "ftq"


class Many(Filter):
    """A page of enterprises of a group."""

    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=10_000_000)
