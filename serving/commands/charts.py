"""`zhuoyue charts`: control charts of characteristics, processes and deliveries, one row per point."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, cast

import typer

from serving.commands.grade_options import Language
from serving.output import FormatOption

if TYPE_CHECKING:
    from features.control_charts import Basis, Chart
    from features.control_charts.reading import By
    from features.control_charts.rules import RuleSet
    from features.store import Store

PARETO = "pareto"
BAD_INPUT = 2


class Asked(NamedTuple):
    """What the options ask for, periods as days."""

    enterprise: str
    characteristics: tuple[str, ...]
    process: str | None
    product: str | None
    deliveries: bool
    kind: str | None
    by: str
    rules: str
    since: date | None
    until: date | None
    basis: Basis

    @property
    def everything(self) -> bool:
        """Whether no single chart is chosen."""
        return not self.characteristics and self.process is None and not self.deliveries


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
    from serving.chart_rows import OVERVIEW, show, show_list
    from serving.chart_rows import PARETO as CAUSES

    asked = Asked(
        enterprise,
        tuple(characteristic or ()),
        process,
        product,
        deliveries,
        kind,
        by,
        rules,
        _first(since),
        _last(until),
        Basis(_last(baseline_until), tuple(exclude or ()), centre, sigma, Width(sigmas, confidence)),
    )
    _refuse_contradictions(asked)
    codes = ("zh", "en") if language is Language.both else (language.value,)
    with Store.open(Settings()) as store:
        if kind == PARETO:
            show_list(_pareto(store, asked), fmt, CAUSES, codes)
        elif asked.everything:
            show_list(_overview(store, asked), fmt, OVERVIEW, codes)
        else:
            show(_chart(store, asked), fmt, codes)


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


def _first(label: str | None) -> date | None:
    from features.periods import first_day, frequency_of, to_index

    return None if label is None else first_day(to_index(label), frequency_of(label))


def _last(label: str | None) -> date | None:
    from features.periods import period_end

    return None if label is None else period_end(label)


def _chart(store: Store, asked: Asked) -> Chart:
    from features.control_charts import chart, delivery_chart, process_chart, together_chart

    span, rules = (asked.since, asked.until), cast("RuleSet", asked.rules)
    if asked.process is not None:
        return process_chart(
            store,
            asked.enterprise,
            asked.process,
            asked.product,
            asked.kind,
            cast("By", asked.by),
            *span,
            rules,
            asked.basis,
        )
    if asked.deliveries:
        return delivery_chart(store, asked.enterprise, asked.product, asked.kind, *span, rules, asked.basis)
    if len(asked.characteristics) > 1:
        return together_chart(store, asked.enterprise, asked.characteristics, *span, asked.basis)
    (named,) = asked.characteristics
    return chart(store, asked.enterprise, named, asked.kind, *span, rules, asked.basis)


def _overview(store: Store, asked: Asked) -> list[dict[str, Any]]:
    from features.control_charts import overview

    frame = overview(store, asked.enterprise, asked.since, asked.until, cast("RuleSet", asked.rules))
    return cast("list[dict[str, Any]]", frame.to_dict(orient="records"))


def _pareto(store: Store, asked: Asked) -> list[dict[str, Any]]:
    from features.control_charts import defect_pareto

    found = defect_pareto(store, asked.enterprise, asked.process, asked.since, asked.until)
    return [row._asdict() for row in found]
