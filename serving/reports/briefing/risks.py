"""Who may fall back: how many, where, and whom to watch first."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.briefing.facts import Region, Slip
from serving.reports.briefing.helping import short
from serving.reports.briefing.sides import Side, SideBar, sides
from serving.reports.briefing.telling import Telling

HEADING = Words("退级风险", "Who may fall back")
SAID = Words(
    "今后六个月，{likely} 家企业退级概率不低于 {least}；按全部企业合计，预计六个月内 {expected} 家、"
    "十二个月内 "
    "{year} 家的官方等级低于现在。",
    "{likely} enterprises stand below today's level in six months with a probability of at least {least}. "
    "All "
    "chances added up, {expected} are expected to stand lower in six months and {year} in twelve.",
)
PLACES = Words("预计退级较集中的是{places}。", "Most of it is expected in {places}.")
PLACE = Words("{name}（{count} 家）", "{name} ({count})")
NOBODY = Words("没有退级概率达到该值的企业。", "No enterprise has so high a chance.")
HEADS = (
    Words("企业", "Enterprise"),
    Words("地区", "Region"),
    Words("现等级", "Level"),
    Words("六个月后退级概率", "Lower in six months"),
    Words("十二个月后退级概率", "Lower in a year"),
)
SHARES = (2.1, 1.2, 1.2, 1.5, 1.5)
CAPTION = Words(
    "左：升级短板涉及的企业数（深色为只差这一项）；右：六个月内预计退级家数",
    "Left: what keeps enterprises from the next level (dark: that alone); right: expected to fall back "
    "within "
    "six months",
)
LEFT = Words("短板涉及企业数", "Enterprises that lack")
RIGHT = Words("预计退级（家）", "Expected to fall back")
TOLD = 0.05
"""Expected falls below this round to nothing."""
MOST_ROWS, MOST_BARS, MOST_PLACES = 5, 6, 3


def risks(it: Telling) -> list[Block]:
    """Return the section, with the figure of both what holds back and what may fall."""
    found = it.facts.risks
    blocks: list[Block] = [Heading(it.say(HEADING)), Text(_said(it))]
    if found.first:
        blocks.append(_table(it))
    drawing = _figure(it)
    return [*blocks, drawing] if drawing else blocks


def _said(it: Telling) -> str:
    found, say = it.facts.risks, it.say
    told = say.fill(
        SAID,
        likely=it.count(found.likely),
        least=say.percent(Decimal(str(found.least)), 0),
        expected=it.count(found.expected),
        year=it.count(found.expected_year),
    )
    heavy = _heavy(it)[:MOST_PLACES]
    if len(it.facts.regions) < 2 or not heavy:
        return told
    named = [
        say.fill(PLACE, name=it.names.region(place.region), count=it.count(place.fall)) for place in heavy
    ]
    return it.sentences(told, say.fill(PLACES, places=it.listed(named)))


def _heavy(it: Telling) -> list[Region]:
    """Return the regions in which somebody is expected to fall, most first."""
    found = [own for own in it.facts.regions if own.fall >= TOLD]
    return sorted(found, key=lambda own: -own.fall)


def _table(it: Telling) -> Table:
    columns = tuple(
        Column(it.say(head), share, "right" if at > 2 else "left")
        for at, (head, share) in enumerate(zip(HEADS, SHARES, strict=True))
    )
    return Table(columns, tuple(_row(it, slip) for slip in it.facts.risks.first[:MOST_ROWS]))


def _row(it: Telling, slip: Slip) -> tuple[Cell, ...]:
    return (
        Cell(short(slip.name or slip.id), strong=True),
        Cell(it.names.region(slip.region)),
        Cell(it.level(slip.level), level=slip.level),
        Cell(it.chance(slip.half), strong=True),
        Cell(it.chance(slip.year)),
    )


def _figure(it: Telling) -> Figure | None:
    binding = [
        SideBar(it.say.name(own.item), own.enterprises, own.alone, it.count(own.enterprises))
        for own in it.facts.reach.binding[:MOST_BARS]
    ]
    places = [
        SideBar(it.names.region(own.region), own.fall, 0, it.count(own.fall))
        for own in _heavy(it)[:MOST_BARS]
    ]
    if not binding and not places:
        return None
    drawing = sides((Side(it.say(LEFT), binding), Side(it.say(RIGHT), places)))
    alt = "; ".join(f"{bar.name}: {bar.value}" for bar in (*binding, *places))
    return Figure(drawing, it.say(CAPTION), alt)
