"""The one screen that sums the demonstration up, in the words of a quality engineer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from serving.demo.path import Outcome

Row = Mapping[str, Any]
LEVEL_NAMES = {1: "经验级", 2: "检验级", 3: "保证级", 4: "预防级", 5: "卓越级"}
TARGET_NAMES = {
    "ftq": "全过程一次交验合格率 first-pass yield",
    "internal_loss": "内部质量损失率 internal loss",
    "external_loss": "外部质量损失率 external loss",
    "ppm": "产品质量水平 delivered ppm",
    "cpk": "过程能力指数 Cpk",
}
PERCENT = ("ftq", "internal_loss", "external_loss")


def show(outcome: Outcome, console: Console) -> None:
    """Print the screen."""
    from rich.panel import Panel

    example = pick(outcome)
    p = outcome.province
    size = f"{p.enterprises} plants, {p.months} months, {outcome.records:,} records"
    head = f"A simulated province: {size} (seed {p.seed})"
    console.print()
    console.print(
        Panel(_ladder(outcome.grades), title="[bold]卓越 Zhuoyue[/]", subtitle=head, padding=(1, 2))
    )
    console.print(_one_plant(outcome, example))


def pick(outcome: Outcome) -> Row:
    """Choose the plant to show: one with advice if any has it, and a final grade below the top."""
    trusted = {r["enterprise_id"] for r in outcome.outlook.recommendations() if r["confidence"] != "none"}
    open_to_gain = [g for g in outcome.grades if g["level"] is not None and g["level"] < len(LEVEL_NAMES)]
    pool = open_to_gain or list(outcome.grades)
    return max(pool, key=lambda g: (g["enterprise_id"] in trusted, g["status"] == "final", g["level"] or 0))


def _ladder(grades: Sequence[Row]) -> RenderableType:
    from rich.table import Table

    counts = Counter(grade["level"] for grade in grades)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("official grade 工信部联科〔2023〕249号")
    table.add_column("plants", justify="right")
    table.add_column("")
    for level in (*reversed(LEVEL_NAMES), None):
        name = f"{LEVEL_NAMES[level]}" if level else "incomplete (something was not supplied)"
        table.add_row(name, str(counts[level]), "█" * counts[level])
    return table


def _one_plant(outcome: Outcome, grade: Row) -> RenderableType:
    from rich.panel import Panel
    from rich.table import Table

    enterprise = str(grade["enterprise_id"])
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for label, text in (
        ("Where are we", _grade_line(grade)),
        ("What holds us back", ", ".join(grade["binding"])),
        ("Where is it heading", _forecast_line(outcome.outlook.forecasts(enterprise))),
        ("Odds of each level", _attainment_line(outcome.outlook.attainment(enterprise))),
        ("Why (the forecast)", _driver_line(outcome.outlook.drivers(enterprise, "ftq"))),
        ("What to change first", _advice_line(outcome.outlook.recommendations(enterprise))),
    ):
        table.add_row(label, text)
    return Panel(table, title=f"[bold]One plant: {enterprise}[/]", padding=(1, 2))


def _grade_line(grade: Row) -> str:
    window = grade["window"]
    name = grade["level_name"] or f"incomplete, at most {LEVEL_NAMES[grade['at_most']]}"
    return f"{name} ({grade['status']}), {window['start']} to {window['end']}"


def _forecast_line(rows: Sequence[Row]) -> str:
    lines = []
    for row in rows:
        if row["horizon"] == 1 and row["product_id"] is None:
            low, high = row["quantiles"]["0.05"], row["quantiles"]["0.95"]
            value, low, high = (amount(row["target"], x) for x in (row["mean"], low, high))
            lines.append(f"{TARGET_NAMES[row['target']]}: {value} in {row['period']} (90 %: {low} to {high})")
    return "\n".join(lines) or "too little history for a forecast"


def amount(target: str, value: float) -> str:
    """Return a target's value as people write it: rates in per cent, ppm whole, Cpk with two decimals."""
    if target in PERCENT:
        return f"{value:.2%}"
    return f"{value:,.0f} ppm" if target == "ppm" else f"{value:.2f}"


def _attainment_line(rows: Sequence[Row]) -> str:
    last = max(
        (row for row in rows if row["basis"] == "window"), key=lambda row: row["horizon"], default=None
    )
    if last is None:
        return "not forecast: too little is known"
    shares = [f"{LEVEL_NAMES[int(n)]} {p:.0%}" for n, p in last["probabilities"].items() if p >= 0.005]
    return f"{', '.join(shares)} in {last['period']} (a forecast, not a grade)"


def _driver_line(rows: Sequence[Row]) -> str:
    first = [row for row in rows if row["horizon"] == 1 and row["product_id"] is None][:3]
    parts = [f"{row['feature']} {row['contribution'] * 100:+.2f} points" for row in first]
    return ", ".join(parts) + " (SHAP explains the forecast; it is not advice)" if parts else "no forecast"


def _advice_line(rows: Sequence[Row]) -> str:
    if not rows:
        return "no advice was computed"
    return "\n".join(_one_advice(row) for row in rows)


def _one_advice(row: Row) -> str:
    if row["confidence"] == "none":
        return f"nothing trustworthy here: {row['reason']}"
    effect = row["effect"]
    moved = (amount(row["target"], abs(effect[k])) for k in ("estimate", "low", "high"))
    estimate, low, high = moved
    unit = row.get("unit") or ""
    return (
        f"{row['parameter_id']} from {row['from']:.4g} to {row['to']:.4g} {unit}: "
        f"{TARGET_NAMES[row['target']]} better by {estimate} (90 %: {low} to {high}), "
        f"saves CNY {row['benefit']:,.0f} a year at a cost of {row['cost']:,.0f}; "
        f"confidence {row['confidence']}"
    )
