"""What a comparison is asked for, and what lies before the asker beside the planner's desk."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal
from urllib.parse import urlencode

import numpy as np
from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from models.portfolio.firsts import Mask
from models.practices import NoPracticesError, Practices
from serving.access import Person
from serving.web.planner.desk import Desk
from serving.web.reading import Reading

PATH = "/board/comparison"
Area = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4})?$", description="Province or city of GB/T 2260")]


class ComparisonQuery(BaseModel):
    """The page's wishes: an indicator, which groups, and one enterprise."""

    model_config = ConfigDict(frozen=True)

    indicator: Literal["sigma", "cpk", "ftq", "internal_loss", "external_loss"] = "ftq"
    division: str = Field(default="", pattern=r"^([0-9]{2})?$")
    size: str = Field(default="", max_length=20)
    region: Area = ""
    enterprise: str = Field(default="", max_length=200)

    def url(self, **other: object) -> str:
        """Return the page's address with some wishes changed; what is default anyway is left out."""
        wished, default = {**self.model_dump(), **other}, type(self)().model_dump()
        kept = {name: value for name, value in wished.items() if value != default[name]}
        return f"{PATH}?{urlencode(kept)}" if kept else PATH


def detailed(desk: Desk, library: Reading, person: Person) -> Mask:
    """R booleans: the enterprises whose records the asker may see one by one."""

    def found() -> Mask:
        rows = library.enterprises()
        ids = (str(name) for name in desk.portfolio.enterprise_ids)
        return np.array([name in rows and person.sees_details(rows[name]) for name in ids], dtype=np.bool_)

    mask: Mask = desk.once("detailed", found)
    return mask


def practices_of(desk: Desk, library: Reading) -> Practices:
    """Return the published practices; raises NoPracticesError."""
    return library.once("practices", partial(Practices.load, desk.portfolio.folder, desk.portfolio))


def published_practices(desk: Desk, library: Reading) -> Practices:
    """As `practices_of`, for programs: 404 while they were not published."""
    try:
        return practices_of(desk, library)
    except NoPracticesError as error:
        raise HTTPException(404, "no practices have been published yet; `zhuoyue publish` does it") from error
