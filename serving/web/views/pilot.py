"""A pilot in words: what is done where and when, what it can hear, what it is worth, when to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from serving.web.language import Language
from serving.web.views.words import Row, parameter_name

SHOWN_POWER = (-0.05, -0.1, -0.2, -0.3, -0.4, -0.5)


def pilot_view(
    t: Language, design: Row | None, enterprise_id: str, advice: Sequence[Row], parameters: Mapping[str, Row]
) -> dict[str, Any]:
    """Return what the page shows of the pilot on record, or how to get one where advice keeps silent."""
    silent = any(row.get("rank") is None for row in advice)
    view: dict[str, Any] = {"url": f"/enterprises/{quote(enterprise_id, safe='')}#pilot", "silent": silent}
    if design is None or not design.get("parameter_id"):
        none = t("pilot.none.here") if design is None else t(f"pilot.none.{design['reason_code']}")
        command = f"zhuoyue pilot --enterprise {enterprise_id} --keep"
        return view | {"design": None, "none": none, "how": t("pilot.how"), "command": command}
    return view | {
        "design": True,
        "said": said(t, design, parameters),
        "power": [
            (t.percent(p["change"], 0), t.chance(p["power"]))
            for p in design["power_curve"]
            if p["change"] in SHOWN_POWER
        ],
        "rows": [_placed(t, row) for row in design["schedule"]],
        "several": len(design["lines"]) > 1,
    }


def said(t: Language, d: Row, parameters: Mapping[str, Row]) -> list[str]:
    """Return a design in sentences, in the order in which somebody would act on them."""
    if not d["parameter_id"]:
        return [t(f"pilot.none.{d['reason_code']}")]
    unit = d["unit"] or ""
    start, end = (f"{t.short(d[side])} {unit}".strip() for side in ("from_", "to"))
    name = parameter_name(d["parameter_id"], parameters, d["parameter_name"])
    sentences = [t("pilot.what", name=name, start=start, end=end), _schedule(t, d), _reading(t, d)]
    sentences += [_power(t, d), _worth(t, d), *_stops(t, d), t("pilot.analysis")]
    return [s for s in sentences if s]


def _schedule(t: Language, d: Row) -> str:
    facts = {"lines": t.listing(list(d["lines"])), "periods": d["periods"], "seed": d["seed"]}
    if d["kind"] == "stepped_wedge":
        return t("pilot.wedge", **facts)
    text = t("pilot.switchback", pairs=d["pairs"], block=d["block"], **facts)
    return f"{text} {t('pilot.washout', washout=d['washout'])}" if d["washout"] else text


def _reading(t: Language, d: Row) -> str:
    if d["target"] == "escape":
        text = t("pilot.read.escape")
    elif d["process_id"]:
        text = t("pilot.read.step", process=d["process_id"])
    else:
        text = t("pilot.read.plant")
    return f"{text} {t('pilot.lead', lead=d['lead_periods'])}" if d["lead_periods"] else text


def _power(t: Language, d: Row) -> str:
    believed, low, high = (t.percent(x, 0) for x in d["believed"])
    played = d["rehearsal"]
    text = t(
        "pilot.power",
        detectable=t.percent(d["detectable"], 0),
        power=t.chance(d["power_wanted"]),
        found=t.chance(played["power"]),
        false=t.percent(played["size"], 0),
        plays=played["plays"],
        believed=believed,
        low=low,
        high=high,
    )
    return text if d["reaches"] else f"{text} {t('pilot.short', plausible=t.percent(d['plausible'], 0))}"


def _worth(t: Language, d: Row) -> str:
    w = d["worth"]
    if w is None:
        return t("pilot.worth.unknown")
    amounts = {name: t.money(w[name]) for name in ("information", "cost", "risk", "net")}
    return t("pilot.worth" if w["net"] > 0 else "pilot.worth.not", years=t.number(w["years"]), **amounts)


def _stops(t: Language, d: Row) -> list[str]:
    looks = [t("pilot.stop.look", periods=h["periods"], change=t.percent(h["change"], 0)) for h in d["stop"]]
    return [t("pilot.stop", looks=t.listing(looks))] if looks else []


def _placed(t: Language, row: Row) -> dict[str, str]:
    return {
        "period": t.period(row["period"]),
        "line": row["enterprise_id"],
        "arm": row["arm"],
        "value": t.short(row["value"]),
        "counted": t("pilot.counted.yes" if row["counted"] else "pilot.counted.no"),
    }
