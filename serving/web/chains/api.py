"""`/api/v1/chains…`: chains, their links, weak links, and forecasts with incoming quality carried in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from serving.web.api import tagged
from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.chains import schemas
from serving.web.chains.papers import KINDS, paper
from serving.web.chains.seen import Seen, names, seen
from serving.web.chains.studied import studied
from serving.web.openapi import file_of
from serving.web.problems import RESPONSES
from serving.web.schemas import Page

if TYPE_CHECKING:
    from serving.reports.chain.gathering import Gathered

Row = TypeVar("Row", bound=BaseModel)
api = APIRouter(prefix="/api/v1/chains", dependencies=[Depends(tagged)], responses=RESPONSES, tags=["chains"])
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Name = Annotated[str, Path(min_length=1, max_length=200, description="`chain` of table `enterprises`")]


def asked_for(request: Request, library: Library, person: Asker, name: Name) -> Seen:
    """Return the chain of the address; 404 unknown or without an enterprise to be seen, or not published."""
    if name not in names(library, person):
        raise HTTPException(404, f"no chain {name[:80]!r}")
    found = seen(library, request.app.state.settings, person, name)
    if found is None:
        raise HTTPException(404, "nothing was published yet; a promotion or new records do it")
    return found


Asked = Annotated[Seen, Depends(asked_for)]


@api.get("")
def chains(
    request: Request, library: Library, person: Asker, limit: Limit = 100, offset: Offset = 0
) -> Page[schemas.ChainLine]:
    """List the chains (产业链) that enterprises name, in order of name."""
    listed = names(library, person)
    everything = seen(library, request.app.state.settings, person)
    links = everything.links if everything else ()
    items = []
    for name, members in list(listed.items())[offset : offset + limit]:
        own = set(members)
        count = sum(1 for link in links if link["supplier_id"] in own or link["customer_id"] in own)
        items.append(schemas.ChainLine(name=name, enterprises=len(members), links=count))
    return Page(items=items, total=len(listed), limit=limit, offset=offset)


@api.get("/{name:path}/links")
def chain_links(found: Asked, limit: Limit = 100, offset: Offset = 0) -> Page[schemas.Link]:
    """List the supply links of a chain's enterprises, by customer and supplier."""
    items = [schemas.Link.model_validate(link) for link in found.links[offset : offset + limit]]
    return Page(items=items, total=len(found.links), limit=limit, offset=offset)


@api.get("/{name:path}/weak-links")
def weak_links(found: Asked, limit: Limit = 100, offset: Offset = 0) -> Page[schemas.WeakLink]:
    """List the suppliers by what mending them gives downstream; only enterprises that you may see count."""
    ranked = list(enumerate(found.weak(), 1))
    items = [_weak(found, rank, name) for rank, name in ranked[offset : offset + limit]]
    return Page(items=items, total=len(ranked), limit=limit, offset=offset)


@api.get("/{name:path}/forecasts")
def carried_forecasts(found: Asked, limit: Limit = 100, offset: Offset = 0) -> Page[schemas.CarriedForecast]:
    """List the customers' forecasts of first-pass yield with what their suppliers send carried in.

    The published forecast is not moved by it. Empty where the records do not show that anything arrives.
    """
    rows = [{**row, "enterprise_id": name} for name, months in sorted(found.ahead.items()) for row in months]
    items = [schemas.CarriedForecast.model_validate(row) for row in rows[offset : offset + limit]]
    return Page(items=items, total=len(rows), limit=limit, offset=offset)


def studied_for(request: Request, library: Library, person: Asker, name: Name) -> Gathered:
    """Return the study of the chain of the address; 404 as `asked_for`."""
    asked_for(request, library, person, name)
    found = studied(library, request.app.state.settings, person, name)
    if found is None:
        raise HTTPException(404, "nothing was published yet; a promotion or new records do it")
    return found


Studied = Annotated[Any, Depends(studied_for)]
Lang = Annotated[Literal["zh", "en"], Query(description="language of the words")]


@api.get("/{name:path}/problems")
def chain_problems(
    found: Studied, lang: Lang = "zh", limit: Limit = 100, offset: Offset = 0
) -> Page[schemas.ChainProblem]:
    """List the problems (质量问题清单) of records and forecast, with figure and source; dearest first."""
    from serving.reports.chain.rows import problem_rows

    return _paged(schemas.ChainProblem, problem_rows(found.telling(lang)), limit, offset)


@api.get("/{name:path}/projects")
def chain_projects(
    found: Studied, lang: Lang = "zh", limit: Limit = 100, offset: Offset = 0
) -> Page[schemas.ChainProject]:
    """List the projects (重点攻关项目清单): lead, measure, effect, cost, months; what leaves most first."""
    from serving.reports.chain.rows import project_rows

    return _paged(schemas.ChainProject, project_rows(found.telling(lang)), limit, offset)


@api.get("/{name:path}/benefits")
def chain_benefits(found: Studied, limit: Limit = 100, offset: Offset = 0) -> Page[schemas.ChainBenefit]:
    """List the table of benefits (质量效益测算表) of enterprises whose details are yours.

    Its sum stands last where nobody is left out of it.
    """
    from serving.reports.chain.rows import benefit_rows

    return _paged(schemas.ChainBenefit, benefit_rows(found.study), limit, offset)


@api.get("/{name:path}/levels")
def carried_levels(found: Studied, limit: Limit = 100, offset: Offset = 0) -> Page[schemas.CarriedLevel]:
    """List the customers' chances of levels before and after incoming quality is carried in.

    Only of customers all of whose suppliers you may see. The published chances are not moved by it.
    """
    from serving.reports.chain.rows import level_rows

    return _paged(schemas.CarriedLevel, level_rows(found.study), limit, offset)


@api.get("/{name:path}/papers/{kind}", response_class=Response, responses={200: file_of(*KINDS)})
def chain_paper(found: Studied, kind: Literal["docx", "pdf", "xlsx"], lang: Lang = "zh") -> Response:
    """Send the chain's proposal (产业链质量提升建议书, .docx or .pdf) or its workbook (.xlsx)."""
    return paper(found, kind, lang)


def _paged(schema: type[Row], rows: list[dict[str, Any]], limit: int, offset: int) -> Page[Row]:
    items = [schema.model_validate(row) for row in rows[offset : offset + limit]]
    return Page(items=items, total=len(rows), limit=limit, offset=offset)


@api.get("/{name:path}")
def chain(found: Asked) -> schemas.Chain:
    """Return a chain: its enterprises, their neighbours, and how much of a bad month arrives."""
    members = set(found.members)
    return schemas.Chain(
        name=found.name,
        period=found.period,
        enterprises=list(found.members),
        neighbours=sorted((set(found.ids) | found.named) - members),
        carry=[schemas.carry(one) for one in found.carry.values()],
    )


def _weak(found: Seen, rank: int, name: str) -> schemas.WeakLink:
    plant, halved = found.plants.get(name, {}), found.halved[name]
    return schemas.WeakLink(
        rank=rank,
        supplier_id=name,
        customers=halved.customers,
        halved=schemas.mending(halved),
        at_best=schemas.mending(found.best[name]),
        **{key: plant.get(key) for key in ("ppm", "best_ppm", "deviation")},
    )
