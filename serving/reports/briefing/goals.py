"""Will the targets hold: newly added so far, what the paths give, and which count can be promised."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.briefing.curves import Panel, curves
from serving.reports.briefing.facts import Goal
from serving.reports.briefing.telling import Telling

HEADING = Words("目标研判", "Will the targets hold")
OWN = Words(
    "本地目标 {count} 项：已达成 {met} 项；其余按现有条件，达成概率不低于 80 % 的 {safe} 项，低于 50 % 的 "
    "{short} 项。",
    "Of {count} local targets {met} are met; of the others {safe} will be with a probability of at least "
    "80 % "
    "if nothing changes, {short} with less than 50 %.",
)
EXPECTED = Words(
    "自{baseline}以来已新增{level} {achieved} 家，到{by}预计累计 {expected}，有八成把握的是 {sure} 家。",
    "{level}: {achieved} newly added since {baseline}, {expected} expected by {by}; {sure} can be counted "
    "on with "
    "80 %.",
)
SHORT = Words(
    "其中{level}目标 {wanted} 家（{by}），预计 {expected}，达成概率 {chance}。",
    "{level}, {wanted} by {by}: {expected} expected, probability {chance}.",
)
NONE_OWN = Words(
    "本地尚未设定新增目标，下表按文件的时间节点给出本范围的预计数；全国目标数仅供对照。",
    "No local target is set. The table takes the document's dates and counts this group; the national "
    "figures "
    "are for reference only.",
)
HEADS = (
    Words("等级", "Level"),
    Words("期限", "By"),
    Words("目标数", "Wanted"),
    Words("已新增", "So far"),
    Words("预计（90 % 区间）", "Expected (90 % range)"),
    Words("达成概率", "Probability"),
    Words("八成把握可达", "Sure at 80 %"),
)
SHARES = (1.7, 1.3, 1.2, 0.9, 1.9, 1.2, 1.2)
NATIONAL = Words("全国 {count}", "{count} nationwide")
MET, MISSED = Words("已达成", "met"), Words("未达成", "missed")
AT_LEAST = Words("至少 {chance}", "at least {chance}")
RANGE = Words("{count}（{low}—{high}）", "{count} ({low}–{high})")
CAPTION = Words(
    "新增企业数：已发生（阶梯线）、预计（虚线）与 90 % 区间（色带）；横虚线为目标数",
    "Newly added enterprises: so far (steps), expected (dashes), 90 % range (band); the level dashes are the "
    "count wanted",
)
PANEL = Words("{level}：{name}", "{level}: {name}")
PANEL_PLAIN = Words("新增{level}", "Newly at {level}")
MOST_ROWS, PANELS = 5, 2
SAFE, OPEN = 0.8, 0.5


def own(it: Telling) -> list[Goal]:
    """Return the group's own targets that a level is wanted for."""
    return [goal for goal in it.facts.goals if not goal.national and goal.level is not None]


def chosen(it: Telling) -> list[Goal]:
    """Return the targets that the briefing has room for: its own, else the document's by the last date."""
    mine = [goal for goal in it.facts.goals if not goal.national]
    if mine:
        return sorted(mine, key=lambda goal: (goal.decided, goal.by, -(goal.level or 0)))[:MOST_ROWS]
    ahead = [goal for goal in it.facts.goals if not goal.decided and goal.level is not None]
    return ahead[:MOST_ROWS]


def goals(it: Telling) -> list[Block]:
    """Return the section."""
    rows = chosen(it)
    blocks: list[Block] = [Heading(it.say(HEADING)), Text(_said(it, rows))]
    if rows:
        blocks.append(_table(it, rows))
    drawn = [goal for goal in rows if any(point.forecast for point in goal.curve)][-PANELS:]
    if drawn:
        panels = [_panel(it, goal) for goal in drawn]
        alt = "; ".join(_expected(it, goal) for goal in drawn)
        blocks.append(Figure(curves(panels), it.say(CAPTION), alt))
    return blocks


def _said(it: Telling, rows: list[Goal]) -> str:
    mine = own(it)
    if not mine:
        told = [_expected(it, goal) for goal in rows if goal.level in (3, 4)]
        return it.sentences(it.say(NONE_OWN), *told)
    left = [goal for goal in mine if not _met(goal)]
    summary = it.say.fill(
        OWN,
        count=len(mine),
        met=len(mine) - len(left),
        safe=sum((goal.probability or 0.0) >= SAFE for goal in left),
        short=sum((goal.probability or 0.0) < OPEN for goal in left),
    )
    hardest = sorted(left, key=lambda goal: goal.probability or 0.0)[:2]
    return it.sentences(summary, *(_short(it, goal) for goal in hardest))


def _met(goal: Goal) -> bool:
    return goal.achieved >= goal.wanted


def _expected(it: Telling, goal: Goal) -> str:
    return it.say.fill(
        EXPECTED,
        level=it.goal(goal),
        achieved=it.count(goal.achieved),
        baseline=it.say.month(goal.baseline),
        by=it.say.month(goal.by),
        expected=it.between(goal.expected, goal.low, goal.high),
        sure=it.count(goal.sure),
    )


def _short(it: Telling, goal: Goal) -> str:
    return it.say.fill(
        SHORT,
        level=it.goal(goal),
        wanted=it.count(goal.wanted),
        by=it.say.month(goal.by),
        expected=it.between(goal.expected, goal.low, goal.high),
        chance=chance_of(it, goal),
    )


def chance_of(it: Telling, goal: Goal) -> str:
    """Return a target's probability in words: met, missed, a bound, or a probability; a dash for national."""
    if goal.national or goal.probability is None:
        return "—"
    if _met(goal):
        return it.say(MET)
    if goal.decided:
        return it.say(MISSED)
    told = it.chance(goal.probability)
    return it.say.fill(AT_LEAST, chance=told) if goal.beyond else told


def _table(it: Telling, rows: list[Goal]) -> Table:
    columns = tuple(
        Column(it.say(head), share, "left" if at < 2 else "right")
        for at, (head, share) in enumerate(zip(HEADS, SHARES, strict=True))
    )
    return Table(columns, tuple(_row(it, goal) for goal in rows))


def _row(it: Telling, goal: Goal) -> tuple[Cell, ...]:
    wanted = it.count(goal.wanted)
    plain = goal.level is None or goal.decided
    told = it.say.fill(RANGE, count=it.count(goal.expected), low=goal.low, high=goal.high)
    return (
        Cell(it.goal(goal), strong=True),
        Cell(it.say.month(goal.by)),
        Cell(it.say.fill(NATIONAL, count=wanted) if goal.national else wanted),
        Cell(it.count(goal.achieved), strong=True),
        Cell("—" if plain else told),
        Cell(chance_of(it, goal), strong=True),
        Cell("—" if plain else it.count(goal.sure)),
    )


def _panel(it: Telling, goal: Goal) -> Panel:
    title = it.say.fill(PANEL_PLAIN, level=it.goal(goal))
    if goal.name:
        title = it.say.fill(PANEL, level=it.goal(goal), name=goal.name)
    wanted = None if goal.national else goal.wanted
    months = (goal.curve[0].month, it.facts.as_of, goal.curve[-1].month)
    return Panel(title, goal.curve, wanted, goal.by, tuple(_short_month(month) for month in months))


def _short_month(label: str) -> str:
    return label.replace("-", ".")
