"""What holds us back: where quality money goes, where units fail, and what drives the forecast."""

from __future__ import annotations

from collections.abc import Sequence

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import Row
from serving.reports.proposal.telling import INDICATOR_OF, Telling
from serving.reports.sections.losses import losses

HEADING = Words("损失在哪里", "What holds us back")
DRIVERS = Words("什么在推动预测", "What drives the forecast")
CAUTION = Words(
    "下表说明模型为何把 {period} 的{target}预测为 {forecast}（同类平均 {baseline}）。它解释的是预测，不是"
    "原因:"
    "没有一项建议由此得出，建议来自效应模型。",
    "The table says why the model forecasts {target} of {period} at {forecast} (average of its kind: "
    "{baseline}). It explains a "
    "forecast and not a cause: no move was chosen by it; moves come from an effect model.",
)
COLUMNS = (
    Words("预测的驱动因素", "Driver of the forecast"), Words("取值", "Its value"),
    Words("对预测的贡献", "Contribution to the forecast"),
)  # fmt: skip
OTHERS = Words("其余所有因素", "All others")
NOTHING = Words(
    "记录中没有可供绘图的质量损失或一次交验数据。",
    "The records hold no losses and no first submissions to draw.",
)
TOP, REST = 5, "(others)"
ORDER = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")


def holding(it: Telling) -> list[Block]:
    """Return losses and first submissions as drawings, and the drivers of one forecast as a table."""
    drawn, driven = losses(it.facts, it.say), _drivers(it)
    nothing: list[Block] = [] if drawn else [Text(it.say(NOTHING))]
    return [Heading(it.say(HEADING)), *drawn, *nothing, *driven]


def _drivers(it: Telling) -> list[Block]:
    rows = _chosen(it)
    if not rows:
        return []
    first, target = rows[0], str(rows[0]["target"])
    caution = it.say.fill(
        CAUTION,
        period=it.period(str(first["period"])),
        target=it.target(target),
        forecast=estimates.level_of(target, float(first["forecast"])),
        baseline=estimates.level_of(target, float(first["baseline"])),
    )
    shares = ((2.6, "left"), (1.2, "right"), (1.4, "right"))
    columns = tuple(
        Column(it.say(head), share, align)  # type: ignore[arg-type]
        for head, (share, align) in zip(COLUMNS, shares, strict=True)
    )
    return [Heading(it.say(DRIVERS), 2), Text(caution), Table(columns, _table_rows(it, target, rows))]


def _chosen(it: Telling) -> list[Row]:
    """Return the drivers of the binding indicator furthest ahead, else of the first that has any."""
    published, binding = it.known.published, it.facts.grade.binding
    order = sorted(ORDER, key=lambda target: INDICATOR_OF.get(target, target) not in binding)
    for target in order:
        rows = [row for row in (published.drivers if published else ()) if row["target"] == target]
        if rows:
            furthest = max(int(row["horizon"]) for row in rows)
            return sorted(
                (r for r in rows if int(r["horizon"]) == furthest), key=lambda row: int(row["rank"])
            )
    return []


def _table_rows(it: Telling, target: str, rows: Sequence[Row]) -> tuple[tuple[Cell, ...], ...]:
    named = [row for row in rows if row["feature"] != REST][:TOP]
    rest = sum(float(row["contribution"]) for row in rows) - sum(float(row["contribution"]) for row in named)
    found = []
    for row in named:
        name, value = it.phrases.driver(row, it.known.parameters)
        found.append(
            (Cell(name), Cell(value), Cell(estimates.change(target, float(row["contribution"]), it.say)))
        )
    return (*found, (Cell(it.say(OTHERS)), Cell(""), Cell(estimates.change(target, rest, it.say))))
