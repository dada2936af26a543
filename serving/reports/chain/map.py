"""质量图谱 on paper: tiers from left to right, each enterprise with its level and what it delivers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from qm_rules.words import Words
from serving.reports.blocks import Figure
from serving.reports.chain.layout import Box, Measures, Pair, picture
from serving.reports.chain.telling import Telling
from serving.reports.drawing.canvas import Canvas, Point, fitted
from serving.reports.proposal import estimates
from serving.reports.speech import NONE

WIDTH, TOP, FOOT, HIGH, GAP = 470.0, 16.0, 16.0, 22.0, 5.0
MOST_ROWS, MOST_TIERS = 19, 4
"""Boxes in a column, and columns; a page has no room for more."""
STEPS = 14
SIDE = 12.0
CAPTION = Words("{name}质量图谱（{period}）", "Quality map of {name} ({period})")
TIER = Words("第 {number} 层", "Tier {number}")
MAKERS = Words("第 {number} 层（终端）", "Tier {number} (last)")
ALT = Words("{boxes} 家企业、{links} 条供应关系", "{boxes} enterprises and {links} supply links")
LEGEND = {
    "worse": Words("交付差于自身常态", "delivers worse than usual"),
    "better": Words("交付好于自身常态", "delivers better than usual"),
    "usual": Words("与常态相当或未知", "as usual, or not known"),
}
COLOURS = {"worse": "bad", "better": "good", "usual": "faint"}
WORSE = 0.18


def map_figure(it: Telling) -> Figure | None:
    """Return the map; None where no link may be seen. What does not fit is left to the list of links."""
    ids, links = _drawn(it)
    by = _measures(ids, links)
    made = picture(ids, links, by, MOST_TIERS)
    if not made.boxes:
        return None
    canvas, wide = Canvas(WIDTH, made.height + TOP + FOOT), by.wide
    _tiers(it, canvas, made.boxes, wide)
    places = {box.id: box for box in made.boxes}
    for supplier, customer in dict.fromkeys(links):
        if supplier in places and customer in places:
            colour = COLOURS[_state(it, supplier)]
            canvas.path(_curve(places[supplier], places[customer], wide), colour, 0.5)
    for box in made.boxes:
        _box(it, canvas, box, wide)
    _legend(it, canvas, made.height + TOP + 11)
    caption = it.say.fill(CAPTION, name=it.study.name, period=it.say.month(it.study.period))
    return Figure(canvas.done(), caption, it.say.fill(ALT, boxes=len(made.boxes), links=len(made.curves)))


def _drawn(it: Telling) -> tuple[list[str], list[Pair]]:
    """Return who is drawn: those with most links first, as many as a page holds."""
    known = {*it.study.ids, *it.study.suppliers}
    links = [
        (link["supplier_id"], link["customer_id"])
        for link in it.study.chains.links
        if {link["supplier_id"], link["customer_id"]} <= known
    ]
    ids, links = _busiest(links, MOST_ROWS * MOST_TIERS)
    while ids and _tallest(ids, links) > MOST_ROWS:
        ids, links = _busiest(links, len(ids) - 1)
    return sorted(ids), links


def _busiest(links: list[Pair], most: int) -> tuple[list[str], list[Pair]]:
    """Return so many enterprises, those with most links, and the links between them."""
    degree = Counter(end for pair in links for end in pair)
    kept = set(sorted(degree, key=lambda one: (-degree[one], one))[:most])
    left = [pair for pair in links if set(pair) <= kept]
    return sorted({end for pair in left for end in pair}), left


def _tallest(ids: Sequence[str], links: Sequence[Pair]) -> int:
    tiers = [box.tier for box in picture(ids, links, most_tiers=MOST_TIERS).boxes]
    return max((tiers.count(tier) for tier in set(tiers)), default=0)


def _measures(ids: Sequence[str], links: Sequence[Pair]) -> Measures:
    boxes = picture(ids, links, most_tiers=MOST_TIERS).boxes
    tiers = max((box.tier for box in boxes), default=0) + 1
    wide = 88.0 if tiers >= MOST_TIERS else 125.0
    # The last column leaves room for links between two of its own.
    gap = min((WIDTH - SIDE - wide * tiers) / max(tiers - 1, 1), 90.0)
    return Measures(wide, HIGH, gap, GAP, 0.0)


def _tiers(it: Telling, canvas: Canvas, boxes: Sequence[Box], wide: float) -> None:
    last = max(box.tier for box in boxes)
    for tier in range(last + 1):
        x = next(box.x for box in boxes if box.tier == tier)
        words = MAKERS if tier == last and last else TIER
        canvas.text((x + wide / 2, 8), it.say.fill(words, number=tier + 1), 7.5, "middle", "soft", True)


def _box(it: Telling, canvas: Canvas, box: Box, wide: float) -> None:
    member, plant = it.study.members.get(box.id), it.study.chains.plants.get(box.id, {})
    level = member.level if member else None
    y = box.y + TOP
    canvas.box((box.x, y), (wide, HIGH), "card", "line")
    fill = f"level-{level}" if level else "sunken"
    canvas.box((box.x, y), (15, HIGH), fill)
    ink = f"level-{level}-ink" if level else "soft"
    canvas.text((box.x + 7.5, y + HIGH / 2 + 3), str(level or NONE), 8, "middle", ink, True)
    canvas.box((box.x + 15, y), (2, HIGH), COLOURS[_state(it, box.id)])
    canvas.text((box.x + 20, y + 9), fitted(it.name(box.id), wide - 22, 6.5), 6.5)
    ppm = plant.get("ppm")
    line = NONE if ppm is None else estimates.level_of("ppm", ppm)
    canvas.text((box.x + 20, y + 18), line, 6.5, colour="soft")


def _state(it: Telling, name: str) -> str:
    deviation = it.study.chains.plants.get(name, {}).get("deviation") or 0.0
    return "worse" if deviation > WORSE else "better" if deviation < -WORSE else "usual"


def _curve(supplier: Box, customer: Box, wide: float) -> list[Point]:
    """Return points of a cubic curve from box to box; within a column it goes round on the right."""
    start = (supplier.x + wide, supplier.y + TOP + HIGH / 2)
    if supplier.tier == customer.tier:
        end = (customer.x + wide, customer.y + TOP + HIGH / 2)
        controls = (start, (start[0] + SIDE, start[1]), (end[0] + SIDE, end[1]), end)
    else:
        end = (customer.x, customer.y + TOP + HIGH / 2)
        bend = max(abs(end[0] - start[0]) / 2, SIDE)
        controls = (start, (start[0] + bend, start[1]), (end[0] - bend, end[1]), end)
    return [_at(controls, step / STEPS) for step in range(STEPS + 1)]


def _at(controls: Sequence[Point], t: float) -> Point:
    weights = [math.comb(3, k) * t**k * (1 - t) ** (3 - k) for k in range(4)]
    x, y = (sum(w * point[axis] for w, point in zip(weights, controls, strict=True)) for axis in (0, 1))
    return x, y


def _legend(it: Telling, canvas: Canvas, y: float) -> None:
    x = 0.0
    for state, words in LEGEND.items():
        canvas.box((x, y - 6), (10, 6), COLOURS[state])
        canvas.text((x + 14, y), it.say(words), 7, colour="soft")
        x += 150
