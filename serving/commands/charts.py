"""`zhuoyue charts`: control charts of characteristics, processes and deliveries, one row per point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from serving.commands.grade_options import Language
from serving.output import FormatOption

if TYPE_CHECKING:
    from features.control_charts.rules import RuleSet
    from features.store import Store
    from serving.chart_asking import Asked

PARETO = "pareto"
BAD_INPUT = 2


def register(app: typer.Typer) -> None:
    """Add the command `charts`."""
    app.command("charts")(charts)


def charts(
    enterprise: Annotated[str, typer.Option(help="The enterprise.")],
    characteristic: Annotated[
        list[str] | None, typer.Option(help="Chart this characteristic; several give one T² chart.")
    ] = None,
    process: Annotated[str | None, typer.Option(help="Chart first submissions of this process.")] = None,
    product: Annotated[str | None, typer.Option(help="With --process or --deliveries: this one.")] = None,
    deliveries: Annotated[bool, typer.Option("--deliveries", help="Chart what was delivered.")] = False,
    kind: Annotated[
        str | None,
        typer.Option(help="xbar_r, xbar_s, i_mr, ewma, cusum; p, np, c, u, p_laney, u_laney; pareto."),
    ] = None,
    by: Annotated[str, typer.Option(help="A point per lot, month, week or day (--process).")] = "lot",
    rules: Annotated[
        str, typer.Option(help="western_electric, nelson, shewhart or none.")
    ] = "western_electric",
    since: Annotated[str | None, typer.Option(help="First period: YYYY-MM, YYYY-Www or a day.")] = None,
    until: Annotated[str | None, typer.Option(help="Last period.")] = None,
    baseline_until: Annotated[
        str | None,
        typer.Option(help="Limits rest on the points up to this period."),
    ] = None,
    exclude: Annotated[
        list[int] | None, typer.Option(help="Number of a point that the limits do not rest on; repeatable.")
    ] = None,
    centre: Annotated[float | None, typer.Option(help="A given centre (of counts: rate per unit).")] = None,
    sigma: Annotated[float | None, typer.Option(help="A given standard deviation of single values.")] = None,
    sigmas: Annotated[float, typer.Option(help="Width of the limits in standard errors.")] = 3.0,
    confidence: Annotated[
        float | None, typer.Option(help="Width of the limits by the probability between them instead.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of tables.")] = Language.zh,
    fmt: FormatOption = None,
) -> None:
    """Control charts: points, limits and rule signals; without a choice, all characteristics, a row each."""
    from features.control_charts import Basis, Width
    from features.settings import Settings
    from features.store import Store
    from serving.chart_asking import Asked, chart_of, first, last
    from serving.chart_rows import OVERVIEW, show, show_list
    from serving.chart_rows import PARETO as CAUSES

    asked = Asked(
        enterprise,
        Basis(last(baseline_until), tuple(exclude or ()), centre, sigma, Width(sigmas, confidence)),
        tuple(characteristic or ()),
        process,
        product,
        deliveries,
        kind,
        by,
        rules,
        first(since),
        last(until),
    )
    _refuse_contradictions(asked)
    codes = ("zh", "en") if language is Language.both else (language.value,)
    with Store.open(Settings()) as store:
        if kind == PARETO:
            show_list(_pareto(store, asked), fmt, CAUSES, codes)
        elif asked.everything:
            show_list(_overview(store, asked), fmt, OVERVIEW, codes)
        else:
            show(chart_of(store, asked), fmt, codes)


def _refuse_contradictions(asked: Asked) -> None:
    """Refuse options that would be passed over in silence."""
    from features.control_charts import Basis

    fault = None
    if sum((bool(asked.characteristics), asked.process is not None, asked.deliveries)) > 1:
        fault = "found several of --characteristic, --process, --deliveries; allowed is one"
    elif asked.kind == PARETO and (asked.characteristics or asked.deliveries):
        fault = "--kind pareto: found --characteristic or --deliveries beside it; allowed is --process"
    elif asked.everything and asked.kind not in (None, PARETO):
        fault = f"--kind {asked.kind}: allowed with --characteristic, --process or --deliveries"
    elif asked.everything and asked.basis != Basis():
        fault = "options of the limits: allowed with --characteristic, --process or --deliveries"
    elif len(asked.characteristics) > 1 and asked.kind is not None:
        fault = f"--kind {asked.kind}: allowed with one --characteristic; several give a T² chart"
    if fault is not None:
        typer.echo(f"charts: {fault}", err=True)
        raise typer.Exit(BAD_INPUT)


def _overview(store: Store, asked: Asked) -> list[dict[str, Any]]:
    from features.control_charts import overview

    frame = overview(store, asked.enterprise, asked.since, asked.until, cast("RuleSet", asked.rules))
    return cast("list[dict[str, Any]]", frame.to_dict(orient="records"))


def _pareto(store: Store, asked: Asked) -> list[dict[str, Any]]:
    from features.control_charts import defect_pareto

    found = defect_pareto(store, asked.enterprise, asked.process, asked.since, asked.until)
    return [row._asdict() for row in found]
