"""A what-if in words: the levers with their places, what the moves bring, and what is not counted and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10
from typing import Any
from urllib.parse import quote, urlencode

from models.recommend.benefit_rows import Money
from models.what_if.rows import Future, Lever, Refused, WhatIfRow
from serving.web import figures_what_if
from serving.web.language import Language
from serving.web.views.action_details import effect_views, money_span
from serving.web.views.actions import parameter_value, reason_text
from serving.web.views.words import Row, level_name, parameter_name

STEPS = 200
SHOWN_MONTHS = (2, 5, 11)


@dataclass(frozen=True)
class Asked:
    """Levers, where they are asked to be, from when on, and fields that were no number."""

    levers: Sequence[Lever]
    to: Mapping[str, float]
    start: str
    faults: Sequence[str] = ()


def page_view(
    t: Language,
    enterprise: Row,
    asked: Asked,
    answer: WhatIfRow,
    parameters: Mapping[str, Row],
    advice: Sequence[Row],
) -> dict[str, Any]:
    """Return what page and answer show."""
    url = f"/what-if/{quote(str(enterprise['enterprise_id']), safe='')}"
    advised = {row["parameter_id"]: row["to"] for row in advice if row.get("rank") is not None}
    return {
        "url": url,
        "enterprise_url": f"/enterprises/{quote(str(enterprise['enterprise_id']), safe='')}",
        "levers": [
            _lever(t, lever, asked, advised, parameters)
            for lever in sorted(asked.levers, key=lambda one: one.parameter_id not in advised)
            if lever.confidence != "none" and lever.now is not None
        ],
        "withheld": [_withheld(t, lever, parameters) for lever in asked.levers if lever.confidence == "none"],
        "starts": [
            {"value": month.period, "text": t.period(month.period), "chosen": month.period == answer.start}
            for month in answer.futures[0].before
        ],
        "advised_url": _address(url, asked, advised) if advised else "",
        "answer": _answer(t, answer, asked, parameters),
    }


def _address(url: str, asked: Asked, advised: Mapping[str, float]) -> str:
    """Return the address at which all that is advised is asked."""
    levers = [one for one in asked.levers if one.parameter_id in advised]
    fields = {f"to.{one.parameter_id}": _rounded(one, advised[one.parameter_id]) for one in levers}
    start = asked.start
    return f"{url}?{urlencode(fields | ({'start': start} if start else {}))}"


def _lever(
    t: Language, lever: Lever, asked: Asked, advised: Mapping[str, float], parameters: Mapping[str, Row]
) -> dict[str, Any]:
    now, low, high, least, most = (
        float(x or 0.0) for x in (lever.now, lever.low, lever.high, lever.least, lever.most)
    )
    step = _step(high - low)
    to = asked.to.get(lever.parameter_id)
    named = lever.model_dump()
    value = {name: parameter_value(t, x, named, parameters) for name, x in (("now", now),)}
    return {
        "id": lever.parameter_id,
        "name": parameter_name(lever.parameter_id, parameters, lever.name),
        "unit": (parameters.get(lever.parameter_id) or {}).get("unit") or lever.unit or "",
        "now": _plain(_near(now, step)),
        "value": "" if to is None else _plain(to),
        "at": _plain(_near(now if to is None else to, step)),
        "low": _plain(_near(low, step)),
        "high": _plain(_near(high, step)),
        "least": _plain(least),
        "most": _plain(most),
        "step": _plain(step),
        "stands": t("whatif.stands", now=value["now"]),
        "shown": t("whatif.shown", low=t.short(low), high=parameter_value(t, high, named, parameters)),
        "may": t("whatif.may", low=t.short(least), high=parameter_value(t, most, named, parameters)),
        "cost": _unit_cost(t, lever),
        "advised": _advised(t, lever, advised, parameters),
        "confidence": t(f"confidence.{lever.confidence}"),
        "fault": t("whatif.fault") if lever.parameter_id in asked.faults else "",
    }


def _advised(
    t: Language, lever: Lever, advised: Mapping[str, float], parameters: Mapping[str, Row]
) -> dict[str, str] | None:
    if lever.parameter_id not in advised:
        return None
    to = advised[lever.parameter_id]
    shown = parameter_value(t, to, lever.model_dump(), parameters)
    return {"value": _rounded(lever, to), "text": t("whatif.advised", value=shown)}


def _rounded(lever: Lever, to: float) -> str:
    """Return a place as a field shows it: to a fifth of the slider's step."""
    return _plain(_near(to, _step((lever.high or 0.0) - (lever.low or 0.0)) / 5))


def _unit_cost(t: Language, lever: Lever) -> str:
    if lever.cost_per_unit is None:
        return t("whatif.cost.unknown")
    return t("whatif.cost.unit", amount=t.money(lever.cost_per_unit), unit=lever.unit or t("whatif.unit"))


def _withheld(t: Language, lever: Lever, parameters: Mapping[str, Row]) -> dict[str, str]:
    name = parameter_name(lever.parameter_id, parameters, lever.name)
    key = f"reason.next.{lever.reason_code}"
    return {
        "name": name,
        "reason": _capital(reason_text(t, str(lever.reason_code), lever.parameter_id, parameters)),
        "next": t(key, name=name) if t.has(key) else "",
    }


def _answer(t: Language, answer: WhatIfRow, asked: Asked, parameters: Mapping[str, Row]) -> dict[str, Any]:
    future = _of(answer, answer.scope_of_records if answer.scope_of_records == "grade" else "performance")
    performance = _of(answer, "performance")
    aim = min(5, performance.now + 1)
    beyond = [parameter_name(move.parameter_id, parameters) for move in answer.moves if move.beyond]
    return {
        "sentence": _sentence(t, answer, performance, aim),
        "net": _money(t, answer.net),
        "benefit": _money(t, answer.benefit),
        "cost": t.money(answer.cost)
        if answer.cost_known
        else t("whatif.cost.at_least", amount=t.money(answer.cost)),
        "positive": "" if answer.positive is None else t("whatif.positive", chance=t.chance(answer.positive)),
        "moves": [_move(t, move, parameters) for move in answer.moves],
        "refused": [_refused(t, one, parameters) for one in answer.refused],
        "beyond": t("whatif.beyond", names=t.listing(beyond)) if beyond else "",
        "effects": effect_views(t, [effect.model_dump() for effect in answer.effects]),
        "figure": figures_what_if.chances(t, performance, aim),
        "figure_title": t("whatif.figure", level=level_name(t, aim)),
        "legend": [t("whatif.alone"), t("whatif.moved")],
        "months": [t.period(performance.before[h].period) for h in SHOWN_MONTHS],
        "levels": _levels(t, performance),
        "grade": _grade(t, future) if answer.scope_of_records == "grade" else t("whatif.grade.none"),
        "rests": [t(f"plan.assume.{code}") for code in answer.assumptions],
        "made": t(
            "whatif.made", as_of=t.period(answer.as_of), start=t.period(answer.start), paths=answer.paths
        ),
        "any": bool(answer.moves),
        "faults": bool(asked.faults),
    }


def _of(answer: WhatIfRow, scope: str) -> Future:
    return next(future for future in answer.futures if future.scope == scope)


def _sentence(t: Language, answer: WhatIfRow, future: Future, aim: int) -> str:
    last = [months[-1].reached_by[str(aim)] for months in (future.before, future.after)]
    alone, moved = (t.chance(chance) for chance in last)
    by, level = t.period(future.before[-1].period), t("level.or_better", level=level_name(t, aim))
    if not answer.moves:
        return t("whatif.sentence.none", level=level, by=by, alone=alone)
    worth = t("whatif.sentence.unknown")
    if answer.net is not None:
        key = "gain" if answer.net.estimate >= 0 else "loss"
        worth = t(f"whatif.sentence.{key}", net=t.money(abs(answer.net.estimate)))
    chance = t("whatif.sentence.chance", level=level, by=by, alone=alone, moved=moved)
    return f"{worth} {chance}" if t.code == "en" else f"{worth}{chance}"


def _money(t: Language, money: Money | None) -> dict[str, str]:
    if money is None:
        return {"text": t("none.dash"), "span": t("whatif.no_losses")}
    return {
        "text": t.money(money.estimate),
        "span": t("actions.effect.interval", interval=money_span(t, money.low, money.high)),
    }


def _move(t: Language, move: Any, parameters: Mapping[str, Row]) -> dict[str, str]:  # noqa: ANN401 - a Made
    told = move.model_dump()
    return {
        "name": parameter_name(move.parameter_id, parameters),
        "start": parameter_value(t, move.from_, told, parameters),
        "end": parameter_value(t, move.to, told, parameters),
        "cost": t("whatif.cost.unknown") if move.cost is None else t.money(move.cost),
        "in_force": t("whatif.in_force.later")
        if move.in_force is None
        else t("whatif.in_force", months=move.in_force),
        "confidence": t(f"confidence.{move.confidence}"),
    }


def _refused(t: Language, one: Refused, parameters: Mapping[str, Row]) -> str:
    if one.reason_code == "out_of_reach" and one.allowed is not None:
        name = parameter_name(one.parameter_id, parameters)
        low, high = (t.short(x) for x in one.allowed)
        return t("whatif.out_of_reach", name=name, to=t.short(one.to), low=low, high=high)
    return _capital(reason_text(t, one.reason_code, one.parameter_id, parameters))


def _levels(t: Language, future: Future) -> list[dict[str, Any]]:
    """Return the chance of every level from the second on, or a better one, at the end of some months."""
    return [
        {
            "name": level_name(t, level),
            "cells": [
                {
                    "alone": t.chance(_at_least(future.before[h].probabilities, level)),
                    "moved": t.chance(_at_least(future.after[h].probabilities, level)),
                    "better": _turn(t, future, h, level),
                }
                for h in SHOWN_MONTHS
            ],
        }
        for level in (5, 4, 3, 2)
    ]


def _turn(t: Language, future: Future, h: int, level: int) -> str:
    """Return which way a chance goes; empty where nobody could tell the two apart in words."""
    alone, moved = (_at_least(months[h].probabilities, level) for months in (future.before, future.after))
    if t.chance(alone) == t.chance(moved):
        return ""
    return "up" if moved > alone else "down"


def _at_least(probabilities: Mapping[str, float], level: int) -> float:
    return sum(p for name, p in probabilities.items() if int(name) >= level)


def _grade(t: Language, future: Future) -> str:
    aim = min(5, future.now + 1)
    alone, moved = (t.chance(m[-1].reached_by[str(aim)]) for m in (future.before, future.after))
    level = t("level.or_better", level=level_name(t, aim))
    if alone == moved:
        return t("whatif.grade.same", level=level, alone=alone)
    return t("whatif.grade", level=level, alone=alone, moved=moved)


def _step(width: float) -> float:
    """Return a round step, some two hundred of which make the range."""
    if width <= 0:
        return 1e-6
    power = 10.0 ** floor(log10(width / STEPS))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= width / STEPS)


def _near(value: float, step: float) -> float:
    return round(value / step) * step


def _plain(value: float) -> str:
    """Return a number as a form field takes it."""
    text = format(Decimal(f"{value:.10g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
