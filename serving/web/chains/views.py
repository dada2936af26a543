"""Chains in words, tables and one drawing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from serving.reports.chain.layout import HIGH, MOST_DRAWN, WIDE, Box, picture
from serving.web.chains.seen import Seen
from serving.web.language import Language
from serving.web.reading import Row

if TYPE_CHECKING:
    from models.chains import Carry, Mended

Cells = dict[str, tuple[str, str]]
WORSE = 0.18
"""A fifth more or less than usual is told as a change; the number stands beside it."""
TOP = 3
NAME_WIDTH = 24
MOST_ROWS = 100
OUTCOMES = ("ftq", "internal_loss", "ppm")


def _row(
    head: str, url: str = "", mark: tuple[str, str] = ("", ""), **cells: str | tuple[str, str]
) -> dict[str, Any]:
    """Return a row of a table: its head (linked, with rank and id), cells with a note where they have one."""
    told: Cells = {name: cell if isinstance(cell, tuple) else (cell, "") for name, cell in cells.items()}
    return {"head": head, "url": url, "rank": mark[0], "id": mark[1], "cells": told}


def carry_view(t: Language, carry: Mapping[str, Carry]) -> dict[str, Any]:
    """Return what the records show of suppliers' quality arriving, an outcome a row."""
    rows = [_carried(t, carry[name]) for name in OUTCOMES if name in carry]
    shown = any(one.shown for one in carry.values())
    return {"rows": rows, "sentence": t("chains.carry.shown" if shown else "chains.carry.none")}


def _carried(t: Language, one: Carry) -> dict[str, Any]:
    """Say what a doubling of a sole supplier's rate does."""
    name = t(f"chains.outcome.{one.outcome}")
    if not one.shown:
        least = t("chains.reason.few_customers", count=one.customers)
        said = least if one.reason == "few_customers" else t(f"chains.reason.{one.reason}")
        return _row(name, effect=t("none.dash"), rests=said)
    effect = t("chains.more", value=_more(t, one.slope), low=_more(t, one.low), high=_more(t, one.high))
    rests = t("chains.rests", customers=t.number(one.customers), months=t.number(one.months))
    return _row(name, effect=effect, rests=rests)


def _more(t: Language, slope: float) -> str:
    return t.percent(math.expm1(slope * math.log(2)), 0)


def weak_view(t: Language, seen: Seen) -> list[dict[str, Any]]:
    """Return the suppliers by what mending them gives downstream."""
    return [_weak(t, seen, name, rank) for rank, name in enumerate(seen.weak()[:MOST_ROWS], 1)]


def _weak(t: Language, seen: Seen, name: str, rank: int) -> dict[str, Any]:
    plant = seen.plants.get(name, {})
    halved, best = seen.halved[name], seen.best[name]
    at_best = t("chains.at_best") if best.change == 0 else _saved(t, best)
    return _row(
        seen.name_of(name),
        f"/enterprises/{quote(name, safe='')}",
        (t.number(rank), name),
        ppm=_ppm(t, plant.get("ppm")),
        now=now_text(t, plant.get("deviation")),
        customers=t.number(halved.customers),
        halved=_saved(t, halved),
        best=(at_best, t("chains.best_ppm", ppm=_ppm(t, plant.get("best_ppm")))),
    )


def _ppm(t: Language, value: float | None) -> str:
    return t("none.dash") if value is None else t.target("ppm", value)


def _saved(t: Language, mended: Mended) -> str:
    if mended.saved and mended.saved.estimate > 0:
        found = mended.saved
        return t(
            "chains.saved", value=t.money(found.estimate), low=t.money(found.low), high=t.money(found.high)
        )
    if mended.rejects and mended.rejects.estimate > 0:
        return t("chains.spared", count=t.number(round(mended.rejects.estimate)))
    if mended.eased and mended.eased.estimate > 0:
        share, low, high = (t.percent(part, 1) for part in mended.eased)
        return t("chains.eased", share=share, low=low, high=high)
    return t("none.dash")


def now_text(t: Language, deviation: float | None) -> str:
    """Say how the latest month's rate stands to the supplier's usual one."""
    if deviation is None:
        return t("chains.now.unknown")
    times = t.number(math.exp(deviation), 2)
    return t(f"chains.now.{state(deviation)}", times=times)


def state(deviation: float | None) -> str:
    """Return `worse`, `better`, `usual` or `unknown`."""
    if deviation is None:
        return "unknown"
    return "worse" if deviation > WORSE else "better" if deviation < -WORSE else "usual"


def links_view(t: Language, seen: Seen) -> list[dict[str, Any]]:
    """Return the links with their share, and what lots that name their supplier say."""
    rows = sorted(seen.links, key=lambda link: -(link["share"] or 0.0))[:MOST_ROWS]
    return [
        _row(
            seen.name_of(link["supplier_id"]),
            customer=seen.name_of(link["customer_id"]),
            material=str(link["material"]),
            share=_share(t, link["share"]),
            lots=_lots(t, link["lots"]),
        )
        for link in rows
    ]


def _lots(t: Language, lots: Row | None) -> str:
    if lots is None:
        return t("none.dash")
    share = t.percent(lots["failed"] / lots["submitted"], 2)
    told = t("chains.lots", lots=t.number(lots["lots"]), share=share)
    if lots["ratio"] is None:
        return told
    key = "more" if lots["low"] > 1 else "less" if lots["high"] < 1 else "same"
    span = {name: t.number(lots[name], 2) for name in ("ratio", "low", "high")}
    return f"{told} {t(f'chains.lots.{key}', **span)}"


def ahead_view(t: Language, seen: Seen) -> list[dict[str, Any]]:
    """Return customers' forecasts with incoming quality carried in, the most harmed first."""
    found = []
    for name, rows in seen.ahead.items():
        first = rows[0]
        worst = min(rows, key=lambda row: row["carried"] - row["mean"])
        row = _row(
            seen.name_of(name),
            f"/enterprises/{quote(name, safe='')}#forecast",
            arrives=t.number(math.exp(first["arrives"]), 2),
            first=_yields(t, first),
            worst=(_yields(t, worst), t.period(worst["period"])),
        )
        found.append((worst["carried"] - worst["mean"], row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])][:MOST_ROWS]


def _yields(t: Language, row: Row) -> str:
    change = row["carried"] - row["mean"]
    ends = (row["low"] - row["mean"], row["high"] - row["mean"])
    return t(
        "chains.ahead.value",
        mean=t.percent(row["mean"], 2),
        carried=t.percent(row["carried"], 2),
        change=t.signed("ftq", change),
        span=t.signed_span("ftq", min(ends), max(ends)),
    )


def picture_view(t: Language, seen: Seen, levels: Mapping[str, int]) -> dict[str, Any]:
    """Return the drawing: boxes with two lines of text, curves as wide as their share."""
    ids = _drawn(seen)
    links = [link for link in seen.links if link["supplier_id"] in ids and link["customer_id"] in ids]
    made = picture(ids, [(link["supplier_id"], link["customer_id"]) for link in links])
    weakest = [name for name in seen.weak()[:TOP] if _counts(seen.halved[name])]
    shares: dict[tuple[str, str], float | None] = {}
    for link in links:
        pair = (link["supplier_id"], link["customer_id"])
        shares[pair] = None if link["share"] is None else (shares.get(pair) or 0.0) + link["share"]
    with_links = {box.id for box in made.boxes}
    return {
        "width": made.width,
        "height": made.height,
        "box": {"width": WIDE, "height": HIGH},
        "tiers": _tiers(t, made.boxes),
        "nodes": [
            {**_node(t, seen, box.id, box.x, box.y, weakest), "level": levels.get(box.id, 0)}
            for box in made.boxes
        ],
        "links": [
            {
                "path": curve.path,
                "width": round(1.2 + 5 * (shares[curve.supplier, curve.customer] or 0.0), 1),
                "state": state(seen.plants.get(curve.supplier, {}).get("deviation")),
                "title": t(
                    "chains.link.title",
                    supplier=seen.name_of(curve.supplier),
                    customer=seen.name_of(curve.customer),
                    share=_share(t, shares[curve.supplier, curve.customer]),
                ),
            }
            for curve in made.curves
        ],
        "alone": t("chains.alone", count=t.number(len(set(seen.members) - with_links)))
        if set(seen.members) - with_links
        else "",
        "cut": t("chains.cut", drawn=MOST_DRAWN) if len(seen.ids) + len(seen.named) > len(ids) else "",
        "label": t("chains.picture.label", nodes=len(made.boxes), links=len(made.curves)),
    }


def _tiers(t: Language, boxes: Sequence[Box]) -> list[dict[str, Any]]:
    """Return the headings of the columns: how far upstream they stand."""
    places = sorted({(box.tier, box.x) for box in boxes})
    return [
        {
            "x": x + WIDE / 2,
            "text": t("chains.tier.last" if tier == places[-1][0] else "chains.tier", number=tier + 1),
        }
        for tier, x in places
    ]


def _share(t: Language, share: float | None) -> str:
    return t("chains.share.none") if share is None else t.percent(share, 0)


def _counts(mended: Mended) -> bool:
    return any(gain and gain.estimate > 0 for gain in (mended.saved, mended.rejects, mended.eased))


def _drawn(seen: Seen) -> list[str]:
    """Return who is drawn: everybody, or the weakest suppliers with their customers."""
    everybody = [*seen.ids, *sorted(seen.named)]
    if len(everybody) <= MOST_DRAWN:
        return everybody
    chosen: dict[str, None] = {}
    for supplier in seen.weak():
        chosen |= dict.fromkeys(
            [supplier, *(link["customer_id"] for link in seen.links if link["supplier_id"] == supplier)]
        )
        if len(chosen) >= MOST_DRAWN:
            break
    return list(chosen)[:MOST_DRAWN]


def _node(t: Language, seen: Seen, name: str, x: float, y: float, weakest: Sequence[str]) -> dict[str, Any]:
    plant = seen.plants.get(name, {})
    known = name not in seen.named
    whole = seen.name_of(name)
    now = now_text(t, plant.get("deviation")) if known else t("chains.not_shared")
    return {
        "x": x,
        "y": y,
        "name": shortened(whole),
        "line": (_ppm(t, plant.get("ppm")) if plant else t("none.dash")) if known else t("chains.not_shared"),
        "state": state(plant.get("deviation")) if known else "named",
        "weak": weakest.index(name) + 1 if name in weakest else 0,
        "url": f"/enterprises/{quote(name, safe='')}" if known else "",
        "title": t("chains.node.title", name=whole, ppm=_ppm(t, plant.get("ppm")), now=now),
    }


def shortened(name: str, most: int = NAME_WIDTH) -> str:
    """Return a name that fits its box; full-width characters count two."""
    width, kept = 0, ""
    for char in name:
        width += 2 if ord(char) > 0x2E7F else 1
        if width > most:
            return f"{kept}…"
        kept += char
    return name
