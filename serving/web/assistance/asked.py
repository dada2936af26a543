"""What is asked of help, as the address says it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from models.portfolio.bases import Basis
from serving.web.planner.asked import Filter, Month, Region

PATH = "/board/assistance"


def _none(value: object) -> object:
    """An empty field of a form says nothing."""
    return None if value == "" else value


Sum = Annotated[Annotated[float, Field(ge=0, le=1e13)] | None, BeforeValidator(_none)]
Count = Annotated[Annotated[int, Field(ge=1, le=10_000_000)] | None, BeforeValidator(_none)]
Often = Annotated[Annotated[int, Field(ge=0, le=10_000_000)] | None, BeforeValidator(_none)]


class AssistanceQuery(Filter):
    """A target (one that is set, or a level, a month and a count), how likely it must be, and limits."""

    basis: Basis = Field(
        default="performance",
        description="`performance`: what actions can move; `grade`: the whole official grade",
    )
    target: str = Field(default="", max_length=300, description="Id of a target; else the next three say it")
    level: int = Field(default=3, ge=2, le=5)
    by: Month | Annotated[str, Field(max_length=0)] = Field(
        default="", description="`YYYY-MM`; empty: twelve months ahead"
    )
    count: Count = Field(
        default=None, description="newly added from today on; empty: one more than is likely enough anyway"
    )
    percent: int = Field(default=80, ge=50, le=99, description="probability that is wanted, in per cent")
    budget: Sum = Field(default=None, description="CNY a year")
    most: Often = Field(default=None, description="enterprises helped at most")
    help_region: Region = Field(default="", description="help goes to this region only (prefix)")


class OneShortQuery(Filter):
    """Who lacks one thing for a level."""

    level: int = Field(default=3, ge=2, le=5)
    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class FallingQuery(Filter):
    """Who may fall back."""

    least: float = Field(default=0.1, ge=0, le=1, description="probability within six months")
    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=10_000_000)
