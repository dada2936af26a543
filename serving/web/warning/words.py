"""Warnings in sentences: what happened, how sure that is, where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from serving.web.language import Language
from serving.web.views.words import level_name, target_name

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """A warning in words: a line, what stands behind it, and the page that shows more."""

    title: str
    detail: str
    url: str


def said(t: Language, kind: str, enterprise_id: str | None, facts: Row, chance: float) -> Said:
    """Return a warning in words; `chance` is the probability that this reader chose."""
    return _SAYERS[kind](t, enterprise_id or "", facts, chance)


def _chart(t: Language, enterprise_id: str, facts: Row, _: float) -> Said:
    name = facts.get("name") or facts["subject"] or enterprise_id
    subject = name if name == facts["subject"] else f"{name} ({facts['subject']})"
    way = "apart" if facts["test"] == "apart" else "up" if facts["up"] else "down"
    title = t(f"warn.chart.{facts['chart']}.{way}", subject=subject)
    values = {"points": t.number(facts["points"]), "beyond": t.number(facts["beyond"])}
    marks = t("warn.chart.beyond" if facts["beyond"] else "warn.chart.within", **values)
    names = [t(f"spc.rule.{name}") for name in _rule_names(facts["rules"])]
    rules = t("warn.chart.rules", rules=t.listing(names)) if names else ""
    odds = t("warn.chart.odds", odds=_odds(t, float(facts["adjusted"])))
    detail = _joined(t, [marks, rules, odds])
    what = {"process": "process", "delivery": "deliveries"}.get(facts["chart"], "characteristic")
    asked = {"subject": f"{what}:{'' if what == 'deliveries' else facts['subject']}"}
    return Said(title, detail, f"/charts/{quote(enterprise_id, safe='')}?{urlencode(asked)}")


RULES = {
    1: "beyond_limits",
    2: "two_of_three_beyond_2",
    3: "four_of_five_beyond_1",
    4: "eight_on_one_side",
}
"""Western Electric's rules by number, as `features.control_charts.rules` has them (a test compares)."""


def _rule_names(numbers: Sequence[int]) -> list[str]:
    return [RULES[number] for number in numbers if number in RULES and number != 1]


def _odds(t: Language, p: float) -> str:
    """Return a p-value as one in so many, rounded down to two digits: nobody feels 0.0006."""
    many = 1 / max(p, 1e-6)
    return t("warn.one_in", count=t.number(int(float(f"{many:.2g}"))))


def _forecast(t: Language, enterprise_id: str, facts: Row, chance: float) -> Said:
    target, level = str(facts["target"]), int(facts["level"])
    period, p = _when(facts["chances"], chance)
    title = t("warn.forecast.title", target=target_name(t, target), level=level_name(t, level))
    way = "below" if facts["rising"] else "above"
    detail = t(
        f"warn.forecast.{way}",
        chance=t.chance(p),
        period=t.period(period),
        threshold=t.target(target, facts["threshold"]),
        value=t.target(target, float(facts["value"])) if facts.get("value") else t("none.dash"),
    )
    return Said(title, detail, f"/enterprises/{quote(enterprise_id, safe='')}#forecast")


def _level(t: Language, enterprise_id: str, facts: Row, chance: float) -> Said:
    period, p = _when(facts["chances"], chance)
    level = level_name(t, int(facts["level"]))
    title = t("warn.level.title", level=level)
    key = "warn.level.detail" if facts["scope"] == "grade" else "warn.level.performance"
    detail = t(key, chance=t.chance(p), period=t.period(period), level=level)
    return Said(title, detail, f"/enterprises/{quote(enterprise_id, safe='')}#attainment")


def _when(chances: Sequence[Sequence[Any]], chance: float) -> tuple[str, float]:
    """Return the first period whose probability reaches the chosen one, the likeliest where none does."""
    found = [(str(period), float(p)) for period, p in chances]
    return next((pair for pair in found if pair[1] >= chance), max(found, key=lambda pair: pair[1]))


def _drift(t: Language, _enterprise: str, facts: Row, _: float) -> Said:
    what, kind = str(facts["what"]), str(facts["kind"])
    name = target_name(t, what.split(" ")[0])
    title = t(f"warn.drift.{kind}", what=name)
    way = "higher" if float(facts["shift"]) > 0 else "lower"
    detail = t(f"warn.drift.{way}", what=what, since=facts["since"], shift=t.number(abs(facts["shift"]), 1))
    return Said(title, detail, "/models")


def _stale(t: Language, enterprise_id: str, facts: Row, _: float) -> Said:
    if facts["what"] == "outlook":
        made = t.period(str(facts["created_at"])[:10])
        return Said(t("warn.stale.outlook"), t("warn.stale.outlook.detail", date=made), "/jobs")
    values = {"last": t.period(facts["last"]), "count": t.number(facts["behind"])}
    if not enterprise_id:
        return Said(t("warn.stale.store"), t("warn.stale.store.detail", **values), "/import")
    url = f"/enterprises/{quote(enterprise_id, safe='')}"
    return Said(t("warn.stale.enterprise"), t("warn.stale.enterprise.detail", **values), url)


def _joined(t: Language, sentences: list[str]) -> str:
    return ("" if t.code == "zh" else " ").join(filter(None, sentences))


_SAYERS = {"chart": _chart, "forecast": _forecast, "level": _level, "drift": _drift, "stale": _stale}
