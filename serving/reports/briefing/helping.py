"""Where help works: who hangs in the balance, what holds them back, and what money would do."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.briefing.facts import Near, Offer
from serving.reports.briefing.telling import Telling

HEADING = Words("帮扶方向", "Where help works")
OPEN = Words(
    "有上升空间且可预测的企业 {open} 家，今后十二个月预计 {expected} 家升级。",
    "{open} enterprises have a next level and a forecast; {expected} of them are expected to rise within "
    "twelve "
    "months.",
)
BALANCED = Words(
    "其中 {balanced} 家升级概率在 {low}至 {high}之间，是帮扶最能改变结果的一批；",
    "{balanced} have a chance between {low} and {high}, where help changes most;",
)
ALONE = Words("{alone} 家离上一级只差一项。", "{alone} lack a single item for the next level.")
BINDING = Words(
    "短板最集中在{item}，涉及 {count} 家；只差一项的企业中，以{first}居多（{alone} 家）。",
    "Most often lacking is {item} ({count} enterprises); of those that lack one item alone, {first} comes "
    "first "
    "({alone}).",
)
WORST = Words("短板最集中在{item}，涉及 {count} 家。", "Most often lacking is {item} ({count} enterprises).")
OFFER = Words(
    "测算：在 {enterprises} 家企业实施 {actions} 项改进{spent}，到{by}新增{level} {wanted} 家的概率由{before}"
    "变为{after}（效果按区间下限计为{weak}）。",
    "By calculation, {actions} actions in {enterprises} enterprises{spent} take the probability of "
    "{wanted} newly at "
    "{level} by {by} from {before} to {after} ({weak} with effects at the weak end).",
)
SPENT = Words("、每年投入 {cost}", " at {cost} a year")
UNPRICED = Words("（部分费用未登记）", " (some costs are not on record)")
NO_OFFER = Words(
    "现有改进建议尚不足以可信地测算投入与成效，本期不报金额。",
    "No recommendation is trustworthy enough yet to tell what money would do; no amount is given.",
)
HEADS = (
    Words("企业", "Enterprise"),
    Words("地区", "Region"),
    Words("现等级 → 上一级", "Level → next"),
    Words("一年内概率", "In a year"),
    Words("尚差", "Lacking"),
)
SHARES = (2.3, 0.95, 1.75, 0.9, 2.1)
MOVE = Words("{now} → {following}", "{now} → {following}")
MORE = Words("{item}等 {count} 项", "{item}, {count} in all")
NOTHING = Words("各项已达标，看能否保持", "nothing today: it must hold")
MOST_ROWS, MOST_ITEMS = 5, 2
NAME = 14
"""Characters of a name in a table."""


def helping(it: Telling) -> list[Block]:
    """Return the section; it begins the second page."""
    blocks: list[Block] = [Heading(it.say(HEADING), new_page=True), Text(_said(it))]
    if it.facts.reach.nearest:
        blocks.append(_table(it))
    return blocks


def _said(it: Telling) -> str:
    found, say = it.facts.reach, it.say
    low, high = (say.percent(Decimal(str(bound)), 0) for bound in found.bounds)
    told = [say.fill(OPEN, open=it.count(found.open), expected=it.count(found.expected))]
    if found.balanced:
        told.append(say.fill(BALANCED, balanced=it.count(found.balanced), low=low, high=high))
    told.append(say.fill(ALONE, alone=it.count(found.alone)))
    if found.binding:
        told.append(_binding(it))
    told += [_offer(it, offer) for offer in it.facts.offers[:1]] or [say(NO_OFFER)]
    return it.sentences(*told)


def _binding(it: Telling) -> str:
    worst = it.facts.reach.binding[0]
    first = max(it.facts.reach.binding, key=lambda own: own.alone)
    named = {"item": quoted(it, worst.item), "count": it.count(worst.enterprises)}
    if not first.alone:
        return it.say.fill(WORST, **named)
    return it.say.fill(BINDING, **named, first=quoted(it, first.item), alone=it.count(first.alone))


def quoted(it: Telling, item: str) -> str:
    """Return the name of an item, as it is quoted in a sentence."""
    name = it.say.name(item)
    return f"“{name}”" if it.say.language == "zh" else name


def _offer(it: Telling, offer: Offer) -> str:
    say = it.say
    spent = say(UNPRICED) if offer.cost is None else say.fill(SPENT, cost=money(it, offer.cost))
    return say.fill(
        OFFER,
        spent=spent,
        enterprises=it.count(offer.enterprises),
        actions=it.count(offer.actions),
        by=say.month(offer.by),
        level=it.level(offer.level),
        wanted=it.count(offer.wanted),
        before=it.chance(offer.before),
        after=it.chance(offer.after),
        weak=it.chance(offer.weak),
    )


def money(it: Telling, amount: float) -> str:
    """Return CNY as people say it."""
    return it.say.short_money(Decimal(str(round(amount, 2))))


def _table(it: Telling) -> Table:
    columns = tuple(
        Column(it.say(head), share, "right" if at == 3 else "left")
        for at, (head, share) in enumerate(zip(HEADS, SHARES, strict=True))
    )
    return Table(columns, tuple(_row(it, near) for near in it.facts.reach.nearest[:MOST_ROWS]))


def _row(it: Telling, near: Near) -> tuple[Cell, ...]:
    move = it.say.fill(MOVE, now=it.level(near.level), following=it.level(near.level + 1))
    return (
        Cell(short(near.name or near.id), strong=True),
        Cell(it.names.region(near.region)),
        Cell(move),
        Cell(it.chance(near.chance), strong=True),
        Cell(_blocking(it, near.blocking)),
    )


def _blocking(it: Telling, items: tuple[str, ...]) -> str:
    if not items:
        return it.say(NOTHING)
    if len(items) > MOST_ITEMS:
        return it.say.fill(MORE, item=it.say.name(items[0]), count=len(items))
    return it.listed([it.say.name(item) for item in items])


def short(name: str) -> str:
    """Return a name that fits into one line of a table."""
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
