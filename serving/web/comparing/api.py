"""`/api/v1/enterprises/{id}/practices`, `/api/v1/context` and `/api/v1/context/own`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from features.context import figures
from features.context.figures import Indicator
from models.practices import own_rates
from serving.access import Role
from serving.web.api import tagged
from serving.web.asked_for import Library
from serving.web.asking import Asker, Details, needs
from serving.web.comparing.answers import comparison
from serving.web.comparing.asked import Area, detailed, published_practices
from serving.web.comparing.schemas import ContextFigure, OwnFigure, PracticeComparison
from serving.web.planner.desk import AtDesk
from serving.web.planner.refusals import MORE
from serving.web.problems import RESPONSES
from serving.web.schemas import Page

api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=["planning"])
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@api.get("/enterprises/{enterprise_id:path}/practices", dependencies=[Depends(tagged)])
def enterprise_practices(
    library: Library, desk: AtDesk, person: Asker, enterprise: Details
) -> PracticeComparison:
    """Say what the leaders of an enterprise's group do otherwise: an association, not a cause.

    Leaders are the best fifth of the group by official indicators, five at least, never the enterprise
    itself. What the effect model makes of a lever stands beside it.
    """
    practices = published_practices(desk, library)
    return comparison(practices, str(enterprise["enterprise_id"]), detailed(desk, library, person))


@api.get("/context", dependencies=[Depends(tagged)])
def context_figures(
    indicator: Indicator | None = None,
    area: Annotated[str, Query(pattern=r"^(nation|east|centre|west|[0-9]{2})?$")] = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[ContextFigure]:
    """List published figures of manufacturing quality, each with its year and source."""
    found = [one for one in figures() if indicator in {None, one.indicator} and area in {"", one.area}]
    items = [ContextFigure(**asdict(one)) for one in found[offset : offset + limit]]
    return Page(items=items, total=len(found), limit=limit, offset=offset)


@api.get("/context/own", dependencies=[Depends(tagged), needs(Role.PLANNER)], responses={403: MORE[403]})
def own_context_figures(
    library: Library,
    desk: AtDesk,
    person: Asker,
    region: Annotated[Area, Query()] = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[OwnFigure]:
    """List a region's own figures by year: what was delivered conforming, passed first, and was lost.

    A figure is left out where single enterprises could be worked out from it.
    """
    found = own_rates(desk.portfolio.folder, desk.portfolio, detailed(desk, library, person), region)
    items = [OwnFigure.model_validate(vars(one)) for one in found[offset : offset + limit]]
    return Page(items=items, total=len(found), limit=limit, offset=offset)
