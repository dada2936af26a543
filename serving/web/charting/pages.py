"""The page of an enterprise's charts: it asks the sitting, makes views, and renders one template."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from serving.web.asked_for import Library
from serving.web.asking import Details
from serving.web.charting.query import (
    BYS,
    RULES,
    PageQuery,
    asked_of,
    kinds_of,
    span_of,
    subject_of,
)
from serving.web.charting.sitting import Catalogue, Sitting, Span, sitting
from serving.web.charting.views import (
    capability_view,
    chart_view,
    named,
    overview_view,
    pareto_view,
    steps_view,
)
from serving.web.html import language_of, render
from serving.web.language import Language
from serving.web.pages import heading

router = APIRouter(include_in_schema=False)
Subject = tuple[str, str]


@router.get("/charts/{enterprise_id:path}")
def charts(
    request: Request, library: Library, row: Details, query: Annotated[PageQuery, Query()]
) -> Response:
    """Show control charts, capability, losses by kind and yield by process of one enterprise."""
    t, enterprise_id = language_of(request), str(row["enterprise_id"])
    span = span_of(query, library.grade(enterprise_id, None))
    with sitting(request, enterprise_id) as sat:
        listed = sat.catalogue()
        overview = sat.overview(span, query.rules if query.rules in RULES else RULES[0])
        subject = subject_of(query, listed, overview)
        query = query.model_copy(update={"subject": ":".join(subject)})
        context = {
            "e": heading(t, row),
            "id": enterprise_id,
            "enterprise_url": f"/enterprises/{quote(enterprise_id, safe='')}",
            "span": _span_text(t, span),
            "form": _form(t, query, listed, subject, span),
            "overview": overview_view(
                t, overview, sat.capability(span), listed, _urls(query, listed, enterprise_id)
            ),
            "chart": _chart(t, sat, query, subject, span, listed),
            "capability": _capability(t, sat, subject, span, listed),
            **_losses(t, sat, subject, span, listed),
            **_steps(t, sat, query, span, listed),
        }
    return render(request, "charts.html", context)


def _span_text(t: Language, span: Span) -> str:
    since, until = (None if day is None else t.period(day.isoformat()) for day in span)
    if since and until:
        return t("period.span", start=since, end=until)
    return (
        t("charts.since", start=since)
        if since
        else t("charts.until", end=until)
        if until
        else t("charts.all")
    )


def _form(t: Language, query: PageQuery, listed: Catalogue, subject: Subject, span: Span) -> dict[str, Any]:
    processes = {row["process_id"]: named(row, "process_id") for row in listed.processes}
    return {
        "subject": ":".join(subject),
        "characteristics": [
            (f"characteristic:{row['characteristic_id']}", named(row, "characteristic_id"))
            for row in listed.characteristics
        ],
        "processes": [(f"process:{name}", shown) for name, shown in processes.items()],
        "kinds": [(name, t(f"charts.kind.{name}")) for name in kinds_of(subject[0])],
        "kind": query.kind if query.kind in kinds_of(subject[0]) else "",
        "misfit": bool(query.kind) and query.kind not in kinds_of(subject[0]),
        "rules": [(name, t(f"charts.rules.{name}")) for name in RULES],
        "rule": query.rules,
        "bys": [(name, t(f"charts.by.{name}")) for name in BYS] if subject[0] == "process" else [],
        "by": query.by,
        "since": query.since or (span[0].isoformat()[:7] if span[0] else ""),
        "until": query.until,
        "baseline": query.baseline,
        "exclude": query.exclude,
        "product": query.product,
    }


def _urls(query: PageQuery, listed: Catalogue, enterprise_id: str) -> dict[str, str]:
    """Return where each characteristic's chart stands."""
    return {
        row["characteristic_id"]: query.url(
            enterprise_id, subject=f"characteristic:{row['characteristic_id']}", kind="", exclude="", by="lot"
        )
        + "#chart"
        for row in listed.characteristics
    }


def _chart(
    t: Language, sat: Sitting, query: PageQuery, subject: Subject, span: Span, listed: Catalogue
) -> dict[str, Any]:
    """Return the chart, or in words why it cannot be drawn."""
    from features.control_charts import ChartError

    name = _subject_name(t, subject, listed)
    try:
        found = sat.chart(asked_of(query, sat.enterprise_id, subject, span))
    except ChartError as error:
        return {"subject": name, "fault": t("charts.fault", what=str(error))}
    return chart_view(t, found, name)


def _subject_name(t: Language, subject: Subject, listed: Catalogue) -> str:
    what, name = subject
    if what == "deliveries":
        return t("charts.deliveries")
    row = listed.characteristic(name) if what == "characteristic" else listed.process(name)
    return named(row, f"{what}_id") if row else name


def _capability(
    t: Language, sat: Sitting, subject: Subject, span: Span, listed: Catalogue
) -> dict[str, Any] | None:
    what, name = subject
    row = listed.characteristic(name) if what == "characteristic" else None
    if row is None:
        return None
    able = next(one for one in sat.capability(span) if one["characteristic_id"] == name)
    return capability_view(t, sat.values(name, span), able, row["unit"])


def _losses(t: Language, sat: Sitting, subject: Subject, span: Span, listed: Catalogue) -> dict[str, Any]:
    process = subject[1] if subject[0] == "process" else None
    losses = sat.losses(span)
    words = {row.name: t.either(f"cost.{row.name}", row.name) for row in losses}
    told = (
        t("charts.defects.all")
        if process is None
        else t("charts.defects.of", name=_subject_name(t, subject, listed))
    )
    return {
        "losses": pareto_view(t, losses, words, money=True),
        "defects": pareto_view(t, sat.defects(process, span), listed.defects, money=False),
        "defects_title": told,
    }


def _steps(t: Language, sat: Sitting, query: PageQuery, span: Span, listed: Catalogue) -> dict[str, Any]:
    products = sat.steps(span)
    if not products:
        return {"steps": None, "products": []}
    shown = next((one for one in products if one.product_id == query.product), products[0])
    urls = {
        row["process_id"]: query.url(
            sat.enterprise_id, subject=f"process:{row['process_id']}", kind="", exclude=""
        )
        + "#chart"
        for row in listed.processes
    }
    tabs = [
        {
            "name": listed.products.get(one.product_id, one.product_id),
            "url": query.url(sat.enterprise_id, product=one.product_id) + "#steps",
            "here": one is shown,
        }
        for one in products
    ]
    return {"steps": steps_view(t, shown, listed, urls), "products": tabs if len(tabs) > 1 else []}
