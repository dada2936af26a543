"""The one screen that sums the demonstration up, in the words of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from serving.web.language import Language
from serving.web.scales import LEVELS
from serving.web.views.actions import action_views, no_action_reason
from serving.web.views.outlook import whole
from serving.web.views.words import feature_name, item_names, level_name, target_name, window_text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from serving.demo.path import Outcome

Row = Mapping[str, Any]
FEWEST_SHOWN = 0.005
"""A chance below this is not worth its place on the screen."""
MOST_DRIVERS = 3


def show(outcome: Outcome, console: Console, t: Language) -> None:
    """Print the screen in language `t`."""
    from rich.panel import Panel

    p = outcome.province
    size = t("demo.size", plants=t.number(p.enterprises), months=p.months, records=t.number(outcome.records))
    console.print()
    console.print(
        Panel(_ladder(t, outcome.grades), title="[bold]卓越 Zhuoyue[/]", subtitle=size, padding=(1, 2))
    )
    console.print(_one_plant(t, outcome, pick(outcome)))


def pick(outcome: Outcome) -> Row:
    """Choose the plant to show: one with advice if any has it, graded finally, its future least decided."""
    trusted = {r["enterprise_id"] for r in outcome.outlook.recommendations() if r["confidence"] != "none"}
    surest = {r["enterprise_id"]: max(r["probabilities"].values()) for r in outcome.outlook.attainment()}

    def worth(grade: Row) -> tuple[bool, bool, float]:
        enterprise = grade["enterprise_id"]
        return enterprise in trusted, grade["status"] == "final", -surest.get(enterprise, 1.0)

    return max(outcome.grades, key=worth)


def _ladder(t: Language, grades: Sequence[Row]) -> RenderableType:
    from rich.table import Table

    counts = Counter(grade["level"] for grade in grades)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(f"{t('tag.official')} 工信部联科〔2023〕249号")
    table.add_column(t("demo.plants"), justify="right")
    table.add_column("")
    for level in (*sorted(LEVELS, reverse=True), None):
        table.add_row(level_name(t, level), str(counts[level]), "█" * counts[level])
    return table


def _one_plant(t: Language, outcome: Outcome, grade: Row) -> RenderableType:
    from rich.panel import Panel
    from rich.table import Table

    enterprise = str(grade["enterprise_id"])
    outlook, parameters = outcome.outlook, outcome.parameters.get(enterprise, {})
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for question, answer in (
        ("where", f"{level_name(t, grade['level'])}, {window_text(t, grade['window'])}"),
        ("binding", item_names(t, list(grade["binding"]), 6)),
        ("heading", _forecast_lines(t, outlook.forecasts(enterprise))),
        ("odds", _odds_line(t, outlook.attainment(enterprise))),
        ("why", _driver_line(t, outlook.drivers(enterprise, "ftq"), parameters)),
        ("change", _advice_lines(t, outlook.recommendations(enterprise), parameters)),
    ):
        table.add_row(t(f"demo.{question}"), answer)
    return Panel(table, title=f"[bold]{t('demo.one', plant=enterprise)}[/]", padding=(1, 2))


def _forecast_lines(t: Language, rows: Sequence[Row]) -> str:
    lines = [
        t(
            "demo.forecast",
            target=target_name(t, row["target"]),
            period=t.period(row["period"]),
            value=t.target(row["target"], row["mean"]),
            span=t.span(row["target"], row["quantiles"]["0.05"], row["quantiles"]["0.95"]),
        )
        for row in whole(rows)
        if row["horizon"] == 1
    ]
    return "\n".join(lines) or t("demo.nothing")


def _odds_line(t: Language, rows: Sequence[Row]) -> str:
    last = max(
        (row for row in rows if row["basis"] == "window"), key=lambda row: row["horizon"], default=None
    )
    if last is None:
        return t("demo.nothing")
    shares = [
        f"{level_name(t, int(level))} {t.chance(chance)}"
        for level, chance in last["probabilities"].items()
        if chance >= FEWEST_SHOWN
    ]
    return t("demo.chance", period=t.period(last["period"]), shares=t.listing(shares))


def _driver_line(t: Language, rows: Sequence[Row], parameters: Mapping[str, Row]) -> str:
    first = [row for row in whole(rows) if row["horizon"] == 1][:3]
    shares = [
        f"{feature_name(t, row['feature'], parameters)} {t.signed('ftq', row['contribution'])}"
        for row in first
    ]
    return t("demo.drivers", shares=t.listing(shares)) if shares else t("demo.nothing")


def _advice_lines(t: Language, rows: Sequence[Row], parameters: Mapping[str, Row]) -> str:
    moves = [t("demo.move", **view) for view in action_views(t, rows, parameters)]
    return "\n".join(moves) or no_action_reason(t, rows, parameters, published=True)
