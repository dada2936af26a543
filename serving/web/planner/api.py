"""`/api/v1/board`, `/attainment` and `/benchmarks`: read from the published portfolio."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from models.portfolio.benchmarks import QUANTILES, benchmarks
from serving.access import Role
from serving.web.api import tagged
from serving.web.asked_for import Library
from serving.web.asking import Numbers, needs
from serving.web.planner.answers import attainment, board, nearest
from serving.web.planner.asked import Filter, Many
from serving.web.planner.desk import AtDesk
from serving.web.planner.refusals import MORE
from serving.web.planner.schemas import (
    Attainment,
    BenchmarkGroup,
    BenchmarkStanding,
    Board,
)
from serving.web.planner.standings import standings
from serving.web.problems import RESPONSES
from serving.web.scales import INDICATORS
from serving.web.schemas import Items, Page

TAG = "planning"
PLANNERS = needs(Role.PLANNER)
api = APIRouter(prefix="/api/v1", responses=RESPONSES, tags=[TAG])
Indicator = Annotated[str, Query(pattern=f"^({'|'.join(INDICATORS)})$", description=", ".join(INDICATORS))]


@api.get("/board", dependencies=[Depends(tagged), PLANNERS], responses={403: MORE[403]})
def planning_board(desk: AtDesk, wished: Annotated[Filter, Query()]) -> Board:
    """Count a group by official level and region, with what the coming twelve months may bring.

    Counted are the enterprises whose numbers you may see; `hidden` are the others by province, as far as
    groups are large enough.
    """
    return board(desk, wished)


@api.get("/attainment", dependencies=[Depends(tagged)])
def attainments(desk: AtDesk, wished: Annotated[Many, Query()]) -> Page[Attainment]:
    """List enterprises by their chance of the next level within twelve months, highest first."""
    rows = nearest(desk.portfolio, wished.basis, desk.members(wished))
    chosen = rows[wished.offset : wished.offset + wished.limit]
    items = [attainment(desk.portfolio, wished.basis, int(row)) for row in chosen]
    return Page(items=items, total=len(rows), limit=wished.limit, offset=wished.offset)


@api.get("/benchmarks", dependencies=[Depends(tagged)])
def benchmark_groups(
    desk: AtDesk,
    indicator: Indicator = "ftq",
    division: Annotated[str, Query(pattern=r"^([0-9]{2})?$", description="Only this division")] = "",
    size: Annotated[str, Query(max_length=20, description="Only this size")] = "",
    region: Annotated[str, Query(pattern=r"^[0-9]{0,4}$", description="Only this region")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[BenchmarkGroup]:
    """List how an indicator lies in each division, size and region: quantiles, never of fewer than five.

    Groups lie in each other: a region's are those of one division and size. With a wish, the groups around
    it are listed too.
    """
    found = benchmarks(desk.groups(indicator), [division] if division else [], size, region)
    items = [
        BenchmarkGroup(
            indicator=indicator,
            division=own.division,
            size=own.size,
            region=own.region,
            enterprises=own.members,
            alike=own.alike,
            quantiles={f"{q:g}": value for q, value in zip(QUANTILES, own.quantiles, strict=True)},
        )
        for own in found
    ]
    return Page(items=items[offset : offset + limit], total=len(items), limit=limit, offset=offset)


@api.get("/enterprises/{enterprise_id:path}/benchmarks", dependencies=[Depends(tagged)])
def enterprise_benchmarks(library: Library, desk: AtDesk, enterprise: Numbers) -> Items[BenchmarkStanding]:
    """Say what share of an enterprise's like (industry, size, region) is worse, indicator by indicator."""
    state = library.state()
    return Items(
        items=standings(desk, str(enterprise["enterprise_id"])),
        model_version=state.model_version or None,
        fingerprint=state.outlook_fingerprint or state.fingerprint,
        current=state.outlook_fingerprint == state.fingerprint,
    )
