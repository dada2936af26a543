"""The charts of an enterprise in words, tables and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from serving.capability_table import REASONS
from serving.chart_points import chain
from serving.web.charting.sitting import Catalogue, Row
from serving.web.figures_histogram import capability_histogram, decimals
from serving.web.figures_spc import control_chart, value_format
from serving.web.figures_steps import Bar, Step, pareto, waterfall
from serving.web.language import Language
from serving.web.spc_words import kind, note, rules, summary

if TYPE_CHECKING:
    from features.control_charts import Chart, ProductYield
    from features.control_charts.pareto import ParetoRow

FIRST_SIGNALS, MOST_SIGNALS = 6, 60
"""Signals that stand open, and that are told at all."""
MOST_DRAWN = 1500
"""Points beyond which a chart is a smear: then the latest are drawn, the limits rest on all."""
MOST_BARS = 12
Url = Mapping[str, str]


def named(row: Row, column: str) -> str:
    """Return the name of a characteristic or process, its id where it has none."""
    return str(row.get("name") or row[column])


def chart_view(t: Language, chart: Chart, subject: str) -> dict[str, Any]:
    """Return figures, summary, remarks, and the points that signal."""
    shown = latest(chart, MOST_DRAWN)
    parts = [shown] if shown.kind == "cusum" else list(chain(shown))
    remarks = dict.fromkeys(note(t, remark) for part in chain(chart) for remark in part.notes)
    signals = _signals(t, chart)[::-1]
    return {
        "subject": subject,
        "fault": "",
        "summary": summary(t, chart),
        "notes": list(remarks),
        "figures": [
            {
                "id": f"spc-{at}",
                "figure": control_chart(t, part),
                "name": kind(t, part),
                "label": summary(t, part),
            }
            for at, part in enumerate(parts)
        ],
        "cut": t("charts.cut", drawn=t.number(MOST_DRAWN), all=t.number(len(chart.labels)))
        if shown is not chart
        else "",
        "signals": signals[:FIRST_SIGNALS],
        "older": signals[FIRST_SIGNALS:MOST_SIGNALS],
        "signals_more": t("charts.signals.more", shown=MOST_SIGNALS, all=len(signals))
        if len(signals) > MOST_SIGNALS
        else "",
        "limits": _limits(t, chart),
    }


def latest(chart: Chart, most: int) -> Chart:
    """Return the chart with its last `most` points, itself where it has no more."""
    from dataclasses import fields, replace

    if len(chart.labels) <= most:
        return chart
    long = [f.name for f in fields(chart) if hasattr(getattr(chart, f.name), "__len__")]
    whole = {"kind", "subject", "unit", "rule_set", "rule_numbers", "notes"}
    cut = {name: getattr(chart, name)[-most:] for name in long if name not in whole}
    beside = None if chart.beside is None else latest(chart.beside, most)
    return replace(chart, **cut, beside=beside)


def _signals(t: Language, chart: Chart) -> list[dict[str, str]]:
    """Return the points that lie beyond a limit or complete a pattern, in the order of time."""
    rows = []
    for part in chain(chart):
        written = value_format(t, part)
        for at in (part.beyond | part.completes.any(axis=1)).nonzero()[0]:
            said = [t("spc.beyond") if part.beyond[at] else "", rules(t, part, int(at))]
            row = {
                "number": t.number(int(at) + 1),
                "time": moment(t, part.labels[at]),
                "name": part.names[at] or t("none.dash"),
                "chart": kind(t, part),
                "value": written(float(part.statistic[at])),
                "why": t.listing([one for one in said if one]),
            }
            rows.append((int(at), row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def moment(t: Language, label: str) -> str:
    """Return a period, or a moment without its seconds, as a reader says it."""
    day, _, clock = label.partition(" ")
    return f"{t.period(day)} {clock[:5]}".strip() if day[:1].isdigit() and "-" in day else label


def _limits(t: Language, chart: Chart) -> list[dict[str, str]]:
    """Return centre line and limits of the last point, as a table says them."""
    rows = []
    for part in chain(chart):
        if not len(part.labels):
            continue
        written = value_format(t, part)
        values = {name: written(float(getattr(part, name)[-1])) for name in ("lcl", "centre", "ucl")}
        rows.append({"name": kind(t, part), **values})
    return rows


def overview_view(
    t: Language, signals: Sequence[Row], capability: Sequence[Row], listed: Catalogue, urls: Url
) -> list[dict[str, Any]]:
    """Return a row per characteristic: signals beside capability, key characteristics first."""
    by_id = {row["characteristic_id"]: row for row in signals}
    capable = {row["characteristic_id"]: row for row in capability}
    found = []
    for row in listed.characteristics:
        name = row["characteristic_id"]
        charted, able = by_id.get(name), capable.get(name)
        found.append(
            {
                "name": named(row, "characteristic_id"),
                "id": name,
                "key": bool(row["key"]),
                "url": urls[name],
                "points": t.number(int(charted["points"])) if charted else t("none.dash"),
                "signalling": _counted(t, charted, "signalling"),
                "share": int(charted["signalling"]) / max(int(charted["points"]), 1) if charted else 0.0,
                "spread": _counted(t, charted, "spread_beyond"),
                "cpk": _index(t, able, "cpk"),
                "stable": stability_text(t, able),
                "calm": bool(able and able["stable"]),
            }
        )
    return found


def _counted(t: Language, row: Row | None, name: str) -> str:
    return t("none.dash") if row is None or not row["points"] else t.number(int(row[name]))


def _index(t: Language, row: Row | None, name: str) -> str:
    if row is None or row[name] is None:
        return t("none.dash")
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    value = t.number(row[name], 2)
    return (
        value
        if low is None or high is None
        else t("charts.with_interval", value=value, span=_between(t, low, high))
    )


def _between(t: Language, low: float, high: float) -> str:
    return f"{t.number(low, 2)}–{t.number(high, 2)}"


def stability_text(t: Language, row: Row | None) -> str:
    """Return whether the process is stable, and what speaks against it."""
    if row is None or not row["n"]:
        return t("none.dash")
    if row["stable"]:
        return t("charts.stable")
    words = [REASONS[reason].zh if t.code == "zh" else REASONS[reason].en for reason in row["reasons"]]
    return t("charts.unstable", reasons=t.listing(words))


def capability_view(
    t: Language, values: Sequence[float], able: Row, unit: str | None
) -> dict[str, Any] | None:
    """Return histogram and indices of a characteristic; None without a measured value."""
    if not values:
        return None
    limits = {name: able[name] for name in ("lsl", "usl", "nominal")}
    figure = capability_histogram(
        t, values, **limits, sd_within=able["sd_within"], sd_overall=able["sd_overall"]
    )
    digits = decimals([*values, *(float(value) for value in limits.values() if value is not None)]) + 1
    end = "" if not unit else f" {unit}"

    def length(value: float | None) -> str:
        return t("none.dash") if value is None else f"{t.number(value, digits)}{end}"

    def share(value: float | None) -> str:
        if value is None:
            return t("none.dash")
        return f"<{t.target('ppm', 0.1)}" if 0 < value < 1e-7 else t.target("ppm", value * 1e6)

    rows = [(name, _index(t, able, name)) for name in ("cp", "cpk", "pp", "ppk", "cpm")]
    rows += [("n", t.number(able["n"]))]
    rows += [(name, length(able[name])) for name in ("mean", "sd_within", "sd_overall")]
    rows += [(name, share(able[name])) for name in ("observed_outside", "expected_outside")]
    return {
        "figure": figure,
        "rows": [{"name": t(f"charts.index.{name}"), "value": value} for name, value in rows],
        "label": t("charts.capability.label", cpk=_index(t, able, "cpk"), stable=stability_text(t, able)),
        "method": t(f"charts.method.{able['method']}"),
        "stable": bool(able["stable"]),
        "stability": stability_text(t, able),
    }


def pareto_view(
    t: Language, rows: Sequence[ParetoRow], names: Mapping[str, str], *, money: bool
) -> dict[str, Any] | None:
    """Return figure and table of a Pareto; small causes are put together. None without an event."""
    rows = [row for row in rows if row.events > 0]
    if not rows:
        return None

    def told(amount: float) -> str:
        return t.money(amount) if money else t.number(int(amount))

    kept = list(rows[:MOST_BARS])
    bars = [
        Bar(names.get(row.name, row.name), row.events, told(row.events), row.cumulative_share) for row in kept
    ]
    rest = sum(row.events for row in rows[MOST_BARS:])
    if rest > 0:
        bars.append(Bar(t("charts.others", count=len(rows) - len(kept)), rest, told(rest), 1.0))
    whole = sum(row.events for row in rows)
    few = next(at for at, row in enumerate(rows, 1) if row.cumulative_share >= 0.8 - 1e-12)
    return {
        "figure": pareto(t, bars),
        "sentence": t("charts.pareto.few", few=few, all=len(rows), total=told(whole)),
        "rows": [
            {
                "name": bar.name,
                "value": bar.text,
                "share": t.percent(bar.value / whole, 1),
                "cumulative": t.percent(bar.cumulative, 1),
            }
            for bar in bars
        ],
    }


def steps_view(t: Language, product: ProductYield, listed: Catalogue, urls: Url) -> dict[str, Any]:
    """Return figure and table of the yield by process of one product."""
    steps = []
    for step in product.steps:
        names = [_process_name(listed, product.product_id, process) for process in step.process_ids]
        taken = step.before - step.after
        steps.append((step, t.listing(names) or step.stage, taken))
    whole = sum(taken for _, _, taken in steps)
    drawn = [Step(name, step.before, step.after, t.signed("ftq", -taken)) for step, name, taken in steps]
    worst = max(steps, key=lambda found: found[2])
    return {
        "figure": waterfall(t, drawn, t("charts.rolled")),
        "sentence": t(
            "charts.steps.sentence",
            rolled=t.percent(product.rolled, 2),
            started=t.number(product.started),
            worst=worst[1],
            points=t("unit.points", value=t.number(100 * worst[2], 2)),
        ),
        "rows": [
            {
                "name": name,
                "url": urls.get(step.process_ids[0], "") if step.process_ids else "",
                "submitted": t.number(step.submitted),
                "failed": t.number(step.submitted - step.passed),
                "yield": t.percent(step.first_pass, 2),
                "interval": t.span("ftq", *wilson(step.passed, step.submitted)),
                "takes": t.signed("ftq", -taken),
                "share": t.percent(taken / whole, 0) if whole > 0 else t("none.dash"),
            }
            for step, name, taken in steps
        ],
    }


def _process_name(listed: Catalogue, product: str, process: str) -> str:
    rows = [row for row in listed.processes if row["process_id"] == process]
    own = next((row for row in rows if row["product_id"] == product), rows[0] if rows else None)
    return named(own, "process_id") if own else process


def wilson(passed: int, submitted: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (units taken as independent)."""
    share, scale = passed / submitted, 1 + z * z / submitted
    centre = (share + z * z / (2 * submitted)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / submitted + z * z / (4 * submitted**2))
    return max(0.0, centre - half), min(1.0, centre + half)
