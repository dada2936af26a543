"""Process capability: every graded characteristic, and charts of those that decide."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from qm_rules.words import Words, listed, same
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.drawing import spc
from serving.reports.facts import Facts
from serving.reports.speech import NONE, Speech
from serving.reports.studies import Study, graded_rows

if TYPE_CHECKING:
    from features.control_charts import Chart

HEADING = Words("过程能力与过程稳定", "Process capability and stability")
CHARACTERISTIC = Words("特性", "Characteristic")
COUNT, STABLE = Words("n", "n"), Words("过程稳定", "Stable")
YES, NO = Words("是", "yes"), Words("否", "no")
METHOD = Words("方法", "Method")
METHODS = {"normal": Words("正态", "normal"), "percentile": Words("分位数法", "percentiles")}
NO_BECAUSE = Words("否({reasons})", "no ({reasons})")
REASONS = {
    "between": Words("子组间差异", "subgroups differ"),
    "outliers": Words("离群值", "values apart"),
    "excursion": Words("偏离中心", "excursion"),
    "drift": Words("漂移", "drift"),
    "autocorrelation": Words("自相关", "neighbours alike"),
}
"""What speaks against stability (`features.capability.stability.REASONS`)."""
INTERVAL = Words("95 % 区间", "95 % interval")
KINDS = {
    "xbar": Words("均值 X̄", "Mean X̄"),
    "R": Words("极差 R", "Range R"),
    "S": Words("标准差 s", "Standard deviation s"),
    "I": Words("单值", "Individual values"),
    "MR": Words("移动极差", "Moving range"),
}
VALUES = Words("{n} 个测量值", "{n} values")
LIMITS = (Words("下限", "LSL"), Words("目标", "nominal"), Words("上限", "USL"))
CAPTION = Words("{name}:控制图与测量值分布({facts})", "{name}: control chart and values ({facts})")
SIGNALS = Words("红色方块为判异点。", "Red squares mark points that signal.")
UNDRAWN = Words(
    "证据文件只有 Cpk 结果,不含测量值,故不绘控制图。",
    "The evidence file has the Cpk only and no measured values, so no control chart is drawn.",
)
MOST_POINTS = 200
MOST_ROWS = 60
MORE = Words(
    "另有 {more} 个特性未列,见附录 A 与工作簿。",
    "{more} more characteristics are in annex A and the workbook.",
)


def studies(facts: Facts, say: Speech) -> list[Block]:
    """Return the table of graded characteristics and the drawings of those that decide."""
    rows = graded_rows(facts.grade)
    if not rows:
        return []
    figures = [_figure(facts, study, say) for study in facts.studies]
    told = [say.fill(MORE, more=len(rows) - MOST_ROWS)] if len(rows) > MOST_ROWS else []
    if figures or facts.capability is None:
        told.append(say(SIGNALS if figures else UNDRAWN))
    table = _table(facts, dict(list(rows.items())[:MOST_ROWS]), say)
    return [Heading(say(HEADING), 2), table, *figures, *(Text(text, "note") for text in told)]


def _table(facts: Facts, rows: Mapping[str, Mapping[str, Any]], say: Speech) -> Table:
    measured = _measured(facts)
    columns = [
        Column(say(CHARACTERISTIC), 2.2), Column("Cpk", 1, "right"), Column(say(COUNT), 0.7, "right"),
        Column(say(STABLE), 1.1, "center"),
    ]  # fmt: skip
    if measured:
        columns += [
            Column(say(METHOD), 0.9, "center"), Column(say(INTERVAL), 1.4, "center"),
            Column("Ppk", 0.75, "right"), Column("Cpm", 0.75, "right"),
        ]  # fmt: skip
    return Table(
        tuple(columns),
        tuple(_row(facts, row, measured.get(key) if measured else None, say) for key, row in rows.items()),
    )


def _measured(facts: Facts) -> dict[str, Mapping[str, Any]]:
    if facts.capability is None:
        return {}
    rows = facts.capability.to_dict("records")
    return {row["characteristic_id"]: {str(key): value for key, value in row.items()} for row in rows}


def _row(
    facts: Facts, row: Mapping[str, Any], measured: Mapping[str, Any] | None, say: Speech
) -> tuple[Cell, ...]:
    stable, known = row.get("stable"), measured or {}
    own = (
        Cell(facts.names.characteristic(row["characteristic_id"])),
        Cell(row["cpk"] or NONE, strong=True),
        Cell(f"{row['n']:,}" if "n" in row else NONE),
        Cell(_stable(stable, known.get("reasons") or (), say)),
    )
    if facts.capability is None:
        return own
    low, high = (_number(known.get(name)) for name in ("cpk_low", "cpk_high"))
    method = METHODS.get(known.get("method", ""))
    return (
        *own,
        Cell(say(method) if method else NONE),
        Cell(f"{low} – {high}"),
        Cell(_number(known.get("ppk"))),
        Cell(_number(known.get("cpm"))),
    )


def _stable(stable: bool | None, reasons: tuple[str, ...], say: Speech) -> str:
    """Return whether the process is stable, and what speaks against it."""
    if stable is None or stable:
        return NONE if stable is None else say(YES)
    named = say(listed(REASONS.get(reason, same(reason)) for reason in reasons))
    return say.fill(NO_BECAUSE, reasons=named) if named else say(NO)


def _number(value: Any) -> str:  # noqa: ANN401 - a float or None
    return f"{value:.3f}" if isinstance(value, float) and isfinite(value) else NONE


def _figure(facts: Facts, study: Study, say: Speech) -> Figure:
    chart, row = study.chart, study.row
    name = facts.names.characteristic(row["characteristic_id"])
    last = slice(-MOST_POINTS, None)
    drawing = spc.study(
        _track(chart, last, study.unit, say),
        _track(chart.beside, last, study.unit, say) if chart.beside else None,
        _spread(study, say),
        chart.labels[last][0][:10] if chart.labels else "",
        chart.labels[-1][:10] if chart.labels else "",
    )
    facts_text = f"Cpk {_number(row.get('cpk'))}, n = {row['n']:,}"
    return Figure(drawing, say.fill(CAPTION, name=name, facts=facts_text), f"{name}: {facts_text}")


def _spread(study: Study, say: Speech) -> spc.Spread:
    return spc.Spread(
        title=say.fill(VALUES, n=f"{len(study.values):,}"),
        values=study.values,
        lower=_limit(study.row.get("lsl")),
        upper=_limit(study.row.get("usl")),
        nominal=_limit(study.row.get("nominal")),
        words=(say(LIMITS[0]), say(LIMITS[1]), say(LIMITS[2])),
    )


def _track(chart: Chart, last: slice, unit: str | None, say: Speech) -> spc.Track:
    title = say(KINDS[chart.kind]) if chart.kind in KINDS else chart.kind
    signals = chart.beyond | chart.completes.any(axis=1)
    return spc.Track(
        f"{title} ({unit})" if unit else title,
        *(line[last].tolist() for line in (chart.statistic, chart.centre, chart.lcl, chart.ucl, signals)),
    )


def _limit(value: Any) -> float | None:  # noqa: ANN401 - a float, NaN or None
    return float(value) if isinstance(value, float) and isfinite(value) else None
