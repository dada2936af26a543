"""The details of one recommendation in words: every indicator, level, money, evidence, what to record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from serving.web.language import Language
from serving.web.views.indicators import honest_digits, threshold_text
from serving.web.views.words import Row, item_name, level_name, parameter_name, target_name

SIDES = ("internal", "external")
SMALL = 0.0005


def money_span(t: Language, low: float, high: float) -> str:
    """Return an interval of money."""
    return t("money.span", low=t.money(low), high=t.money(high))


def effect_views(t: Language, effects: Sequence[Row]) -> list[dict[str, str]]:
    """Return every official indicator that the move touches: as it stands, with the move, and the change."""
    return [
        {
            "name": target_name(t, effect["target"]),
            "now": t.target(effect["target"], effect["base"]),
            "then": t.target(effect["target"], effect["base"] + effect["estimate"]),
            "change": t.signed(effect["target"], effect["estimate"], _digits(effect)),
            "interval": t.signed_span(effect["target"], effect["low"], effect["high"], _digits(effect)),
        }
        for effect in effects
    ]


def _digits(effect: Row) -> int:
    """Return how many decimals a change needs, so that a small one is not told as none."""
    return 2 if max(abs(effect["low"]), abs(effect["high"])) >= SMALL else 4


def level_view(t: Language, row: Row) -> dict[str, str] | None:
    """Return which official level the move changes and when, or what is missing for one: a `head`, a `note`
    and the `basis`; None where nobody could say.
    """
    move, gap = row.get("moves_level"), row.get("level_gap")
    if not move:
        return {"head": t("actions.level.none"), "note": _gap(t, gap), "basis": ""} if gap else None
    also = [item_name(t, other["indicator"]) for other in row.get("also_moves") or ()]
    more = [t("actions.level.also", names=t.listing(also))] if also else []
    when = t(
        "actions.level.when",
        period=t.period(move["period"]),
        chance=t.chance(move["probability"]),
        year=t.chance(move["after_a_year"]),
        without=t.chance(move["without"]),
    )
    head = t(
        "actions.level",
        indicator=item_name(t, move["indicator"]),
        start=level_name(t, move["from_level"]),
        end=level_name(t, move["to_level"]),
    )
    basis = t(f"actions.level.basis.{move['basis']}")
    return {"head": head, "note": _joined(t, [when, *more]), "basis": basis}


def level_sentence(t: Language, row: Row) -> str:
    """Return the same as running text, for a report; empty where nobody could say."""
    shown = level_view(t, row)
    if shown is None:
        return ""
    stop = "。" if t.code == "zh" else "."
    return _joined(
        t, [f"{shown['head']}{stop}", shown["note"], *([shown["basis"]] if shown["basis"] else [])]
    )


def _gap(t: Language, gap: Row) -> str:
    indicator = gap["indicator"]
    return t(
        "actions.level.nearest",
        indicator=item_name(t, indicator),
        value=_honest(t, indicator, gap["value"]),
        level=level_name(t, gap["level"]),
        needs=threshold_text(t, indicator, gap["level"]),
        chance=t.chance(gap["probability"]),
    )


def _honest(t: Language, indicator: str, value: float) -> str:
    """Return a value that is never rounded across a threshold."""
    exact, rate = Decimal(str(value)), indicator != "sigma"
    if not rate:
        return t.target("ppm", value)
    return t.percent(exact, honest_digits(indicator, exact, Decimal(100)))


def benefit_view(t: Language, table: Row | None) -> dict[str, Any] | None:
    """Return 质量效益测算表: lines by side and category, the sums, the years and the assumptions."""
    if not table:
        return None
    return {
        "lines": [line for side in SIDES for line in _side(t, table, side)],
        "sums": [
            _sum(t, "avoided", table["avoided"]),
            {"name": t("benefit.holding"), "now": "", "avoided": t.money(-table["holding_cost"]), "span": ""},
            _sum(t, "net", table["net"]),
        ],
        "years": [_year(t, year) for year in table["years"]],
        "facts": _facts(t, table),
        "assumptions": [assumption_text(t, one) for one in table["assumptions"]],
    }


def _side(t: Language, table: Row, side: str) -> list[dict[str, Any]]:
    now, avoided = table[f"{side}_now"], table[f"avoided_{side}"]
    if now is None or avoided is None:
        return []
    whole = {"name": t(f"benefit.{side}"), "now": t.money(now), "whole": True, **_amount(t, avoided)}
    own = [
        {
            "name": t.either(f"cost.{line['category']}", line["category"]),
            "now": t.money(line["now"]),
            "whole": False,
            **_amount(t, line["avoided"]),
        }
        for line in table["lines"]
        if line["side"] == side
    ]
    return [whole, *own]


def _amount(t: Language, amount: Row) -> dict[str, str]:
    return {"avoided": t.money(amount["estimate"]), "span": money_span(t, amount["low"], amount["high"])}


def _sum(t: Language, name: str, amount: Row) -> dict[str, str]:
    return {"name": t(f"benefit.{name}"), "now": "", **_amount(t, amount)}


def _year(t: Language, year: Row) -> str:
    first = t.period(year["first"])
    values = {"avoided": t.money(year["avoided"]), "cost": t.money(year["cost"]), "net": t.money(year["net"])}
    if year["last"] is None:
        return t("benefit.year.later", first=first, **values)
    span = t("period.span", start=first, end=t.period(year["last"]))
    return t("benefit.year.first", span=span, **values)


def _facts(t: Language, table: Row) -> list[str]:
    """Return the chance that it pays, and what the change costs once where that is known."""
    said = [t("benefit.positive", chance=t.chance(table["positive"]))]
    if table["one_off_cost"] is not None:
        said.append(t("benefit.one_off", amount=t.money(table["one_off_cost"])))
    return said


def assumption_text(t: Language, one: Row) -> str:
    """Return something that the table takes for granted."""
    values = {name: _figure(t, value) for name, value in one["values"].items()}
    key = f"benefit.assume.{one['code']}"
    return t(key, **values) if t.has(key) else str(one["text"])


def _figure(t: Language, value: float) -> str:
    return t.number(value) if value == int(value) else t.short(value)


def evidence_lines(t: Language, row: Row, parameters: Mapping[str, Row]) -> list[str]:
    """Return how sure the advice is and why, a line for each attempt to break it."""
    e = row.get("evidence") or {}
    said = []
    if "history_periods" in e and "sector_periods" in e:
        own, sector = (t.number(e[name]) for name in ("history_periods", "sector_periods"))
        said.append(t("actions.why", own=own, sector=sector))
    if "placebo_p" in e:
        said.append(t("evidence.placebo", share=t.chance(e["placebo_p"])))
    if "random_common_cause" in e:
        said.append(t("evidence.random_cause", errors=t.number(e["random_common_cause"], 2)))
    if "subset_same_sign" in e:
        said.append(t("evidence.subsets", share=t.chance(e["subset_same_sign"])))
    if "robustness_value" in e:
        said.append(_hidden_cause(t, e, parameters))
    if "gauge_reliability" in e:
        said.append(t("evidence.gauge", share=t.percent(e["gauge_reliability"], 0)))
    if (row.get("arrival_periods") or 0) > 1:
        said.append(t("evidence.arrival", periods=t.number(row["arrival_periods"])))
    return said


def _hidden_cause(t: Language, e: Row, parameters: Mapping[str, Row]) -> str:
    said = t("evidence.hidden", share=t.percent(e["robustness_value"], 0))
    if "benchmark_times" not in e:
        return _joined(t, [said, t("evidence.hidden.alone")])
    name = parameter_name(e["benchmark_parameter_id"], parameters)
    times = t.short(e["benchmark_times"]) if e["benchmark_times"] < 100 else t.number(e["benchmark_times"])
    return _joined(t, [said, t("evidence.hidden.benchmark", times=times, name=name)])


def measure_lines(t: Language, row: Row, parameters: Mapping[str, Row]) -> list[str]:
    """Return what to record while the move is made."""
    return [_measure(t, one, row, parameters) for one in row.get("measure") or ()]


def _measure(t: Language, one: Row, row: Row, parameters: Mapping[str, Row]) -> str:
    what = one.get("what")
    if one["code"] == "first_pass":
        name = row.get("process_name") or what or t("measure.every_process")
    else:
        name = parameter_name(what or "", parameters, row.get("parameter_name"))
    readings = one.get("readings")
    return t(f"measure.{one['code']}", name=name, readings="" if readings is None else t.number(readings))


def method_lines(t: Language, row: Row) -> list[str]:
    """Return the method that fits, why, and the official task that it serves."""
    said = []
    if row.get("method"):
        why = t.either(f"method.why.{row.get('method_why')}", "")
        named = t("actions.method", method=t.either(f"method.{row['method']}", row["method"]))
        said.append(_joined(t, [named, *([why] if why else [])]))
    if row.get("task"):
        said.append(t.either(f"task.{row.get('task_number')}", row["task"]))
    return said


def _joined(t: Language, sentences: list[str]) -> str:
    return ("" if t.code == "zh" else " ").join(sentences)
