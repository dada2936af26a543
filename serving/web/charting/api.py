"""`/api/v1/enterprises/{id}/…`: charts as rows, for programs that draw or judge on their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from serving.chart_asking import Asked, first, last
from serving.chart_points import chain, rows
from serving.web.api import tagged
from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.charting import schemas
from serving.web.charting.query import PageQuery, span_of
from serving.web.charting.sitting import Sitting, Span, sitting
from serving.web.problems import RESPONSES
from serving.web.reading import Reading
from serving.web.schemas import Page

if TYPE_CHECKING:
    from features.control_charts import Basis

api = APIRouter(
    prefix="/api/v1/enterprises/{enterprise_id:path}",
    dependencies=[Depends(tagged)],
    responses=RESPONSES,
    tags=["charts"],
)
Day = Annotated[
    str | None,
    Query(
        pattern=r"^[12]\d{3}-((0[1-9]|1[0-2])(-\d{2})?|W\d{2})$",
        description="Period: `YYYY-MM`, `YYYY-Www` or a day. Default of `since`: the official window's start",
        examples=["2025-01"],
    ),
]
Rules = Annotated[
    Literal["western_electric", "nelson", "shewhart", "none"], Query(description="The set of run rules")
]
Limit = Annotated[int, Query(ge=1, le=10_000)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


def _span(library: Reading, enterprise_id: str, since: str | None, until: str | None) -> Span:
    from features.periods import PeriodError

    try:
        opening = first(since) if since else span_of(PageQuery(), library.grade(enterprise_id, None))[0]
        return opening, last(until)
    except (PeriodError, ValueError) as error:
        raise HTTPException(422, str(error)[:300]) from error


@api.get("/control-charts")
def control_charts(
    request: Request,
    library: Library,
    row: Details,
    rules: Rules = "western_electric",
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Offset = 0,
) -> Page[schemas.Charted]:
    """List the measured characteristics: how each is charted, and how many of its points signal."""
    who = str(row["enterprise_id"])
    with sitting(request, who) as sat:
        found = sat.overview(_span(library, who, since, until), rules)
    items = [schemas.Charted(**schemas.known(one)) for one in found[offset : offset + limit]]
    return Page(items=items, total=len(found), limit=limit, offset=offset)


@api.get("/control-chart")
def control_chart(
    request: Request,
    library: Library,
    row: Details,
    characteristic: Annotated[
        list[Annotated[str, Query(max_length=200)]] | None,
        Query(description="A characteristic; several give one T² chart", max_length=12),
    ] = None,
    process: Annotated[
        str | None, Query(max_length=200, description="First submissions of this process")
    ] = None,
    product: Annotated[
        str | None, Query(max_length=200, description="With `process` or `deliveries`")
    ] = None,
    deliveries: Annotated[bool, Query(description="What was delivered, month by month")] = False,
    kind: Annotated[
        Literal["xbar_r", "xbar_s", "i_mr", "ewma", "cusum", "p", "np", "c", "u", "p_laney", "u_laney"]
        | None,
        Query(description="Default: as the data suggest"),
    ] = None,
    by: Annotated[Literal["lot", "month", "week", "day"], Query(description="With `process`")] = "lot",
    rules: Rules = "western_electric",
    since: Day = None,
    until: Day = None,
    baseline_until: Day = None,
    exclude: Annotated[
        list[Annotated[int, Query(ge=1, le=10_000_000)]] | None,
        Query(description="Numbers of points that the limits do not rest on", max_length=200),
    ] = None,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> schemas.ControlChart:
    """Return a control chart point by point: value, limits, and the rules that signal at it.

    Exactly one of `characteristic`, `process` and `deliveries` says what is charted. `points` are those of
    the first chart, then of the one beside it (R, S, MR, or a CUSUM's lower sum), told apart by `chart`.
    """
    who = str(row["enterprise_id"])
    if sum((bool(characteristic), process is not None, deliveries)) != 1:
        raise HTTPException(422, "allowed: exactly one of characteristic, process, deliveries")
    span = _span(library, who, since, until)
    asked = Asked(
        who,
        _basis(baseline_until, tuple(exclude or ())),
        tuple(characteristic or ()),
        process,
        product,
        deliveries,
        kind,
        by,
        rules,
        *span,
    )
    with sitting(request, who) as sat:
        return _drawn(sat, asked, limit, offset)


def _basis(until: str | None, exclude: tuple[int, ...]) -> Basis:
    from features.control_charts import Basis
    from features.periods import PeriodError

    try:
        return Basis(until=last(until), exclude=exclude)
    except (PeriodError, ValueError) as error:
        raise HTTPException(422, str(error)[:300]) from error


def _drawn(sat: Sitting, asked: Asked, limit: int, offset: int) -> schemas.ControlChart:
    from features.control_charts import ChartError

    try:
        chart = sat.chart(asked)
    except ChartError as error:
        missing = re.match(
            r"(characteristic|process): found .*allowed is one of|.*allowed are those of table", str(error)
        )
        raise HTTPException(404 if missing else 422, str(error)[:300]) from error
    points = [point for one in chain(chart) for point in rows(one)]
    return schemas.ControlChart(
        kind=chart.kind,
        subject=chart.subject,
        unit=chart.unit,
        rules=chart.rule_set,
        sigma=schemas.finite(chart.sigma),
        notes=[
            schemas.Remark(code=note.code, value=schemas.finite(note.value))
            for one in chain(chart)
            for note in one.notes
        ],
        points=[schemas.Point(**schemas.known(point)) for point in points[offset : offset + limit]],
        total=len(points),
        limit=limit,
        offset=offset,
    )


@api.get("/capability")
def capability(
    request: Request,
    library: Library,
    row: Details,
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Offset = 0,
) -> Page[schemas.Capability]:
    """List the characteristics with their indices, 95 % intervals, and whether they are stable."""
    who = str(row["enterprise_id"])
    with sitting(request, who) as sat:
        found = sat.capability(_span(library, who, since, until))
    items = [schemas.Capability(**one) for one in found[offset : offset + limit]]
    return Page(items=items, total=len(found), limit=limit, offset=offset)


@api.get("/histogram")
def histogram(
    request: Request,
    library: Library,
    row: Details,
    characteristic: Annotated[str, Query(max_length=200)],
    since: Day = None,
    until: Day = None,
) -> schemas.Histogram:
    """Return the measured values of a characteristic in bins (Scott 1979), with its limits."""
    from serving.web.figures_histogram import bins

    who = str(row["enterprise_id"])
    span = _span(library, who, since, until)
    with sitting(request, who) as sat:
        about = sat.catalogue().characteristic(characteristic)
        if about is None:
            raise HTTPException(404, f"characteristic {characteristic[:80]!r} is not recorded")
        edges, counts = bins(sat.values(characteristic, span))
    limits = {name: about[name] for name in ("unit", "lsl", "usl", "nominal")}
    return schemas.Histogram(characteristic_id=characteristic, edges=edges, counts=counts, **limits)


@api.get("/pareto")
def pareto(
    request: Request,
    library: Library,
    row: Details,
    of: Annotated[
        Literal["losses", "defects"], Query(description="`losses` in CNY of whole months, or counted defects")
    ] = "losses",
    process: Annotated[str | None, Query(max_length=200, description="With `of=defects`")] = None,
    since: Day = None,
    until: Day = None,
) -> schemas.Pareto:
    """Return quality losses by category, or defects by code, the largest first."""
    who = str(row["enterprise_id"])
    if of == "losses" and process is not None:
        raise HTTPException(422, "process: allowed with of=defects; losses are not recorded by process")
    span = _span(library, who, since, until)
    with sitting(request, who) as sat:
        found = sat.losses(span) if of == "losses" else sat.defects(process, span)
    items = [schemas.ParetoItem(**one._asdict()) for one in found]
    return schemas.Pareto(of=of, unit="CNY" if of == "losses" else "count", items=items)


@api.get("/yield-steps")
def yield_by_process(
    request: Request, library: Library, row: Details, since: Day = None, until: Day = None
) -> schemas.YieldSteps:
    """Return what each stage takes from the rolled throughput yield, product by product."""
    who = str(row["enterprise_id"])
    with sitting(request, who) as sat:
        found = sat.steps(_span(library, who, since, until))
    return schemas.YieldSteps(items=[schemas.product(one) for one in found])
