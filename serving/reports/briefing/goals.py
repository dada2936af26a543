"""Will the targets hold: newly added so far, what the paths give, and which count can be promised."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.briefing.curves import Panel, curves
from serving.reports.briefing.facts import Goal
from serving.reports.briefing.telling import SURE_OF, Telling

HEADING = Words("目标研判", "Will the targets hold")
OWN = Words(
    "本地目标 {count} 项，已达成 {met} 项；其余按现有条件，达成概率不低于八成的 {safe} 项，不足五成的 "
    "{short} 项。",
    "Of {count} local targets, {met} are met; as things are, {safe} of the others have a probability of at "
    "least 80 %, {short} of less than 50 %.",
)
NONE_OWN = Words(
    "本地尚未设定新增目标，下表按文件的时间节点测算本范围新增数，全国目标数仅供对照。",
    "No local target is set. The table counts this group by the document's date; national figures are for "
    "reference only.",
)
EXPECTED = Words(
    "{level}：自{baseline}以来已新增 {achieved} 家，到{by}预计累计 {expected}，八成把握可达 {sure} 家。",
    "{level}: {achieved} newly added since {baseline}, {expected} expected by {by}, {sure} or more with "
    "80 %.",
)
PACE = Words(
    "{level}受管理类评价制约：只看质量绩效维度，预计可达 {count}。",
    "Management holds {level} back: by the performance dimension alone, {count} could be expected.",
)
BEYOND = Words(
    "预测止于{last}，此后的期限只计到该月。",
    "Forecasts end in {last}; later dates are counted to that month only.",
)
HEADS = (
    Words("等级", "Level"),
    Words("期限", "By"),
    Words("目标数", "Wanted"),
    Words("已新增", "So far"),
    Words("预计（90 % 区间）", "Expected (90 %)"),
    Words("达成概率", "Chance"),
    Words("八成把握可达", "Sure at 80 %"),
)
SHARES = (1.2, 1.45, 1.3, 0.8, 1.75, 1.3, 1.3)
NATIONAL = Words("全国 {count}", "(nation {count})")
MET, MISSED = Words("已达成", "met"), Words("未达成", "missed")
NOT_YET = Words("预测期内未达", "not in sight")
AT_LEAST = Words("不低于 {chance}", "at least {chance}")
RANGE = Words("{count}（{low}—{high}）", "{count} ({low}–{high})")
CAPTION = Words(
    "新增企业数：已发生（实线）、预计（虚线）与 90 % 区间（色带）；红色横虚线为目标数",
    "Newly added: so far (steps), expected (dashes), 90 % range (band); red dashes: the count wanted",
)
PANEL = Words("新增{level}（{name}）", "Newly at {level} ({name})")
PANEL_PLAIN = Words("新增{level}", "Newly at {level}")
WORTH_TELLING = 0.5
"""Enterprises that the performance dimension alone must promise more."""
TOLD, MOST_ROWS, PANELS = 2, 5, 2
PROMISED = (3, 4)
"""Levels that are told in words where no target of one's own says which matter."""
SAFE, OPEN = 0.8, 0.5


def own(it: Telling) -> list[Goal]:
    """Return the group's own targets that a level is wanted for."""
    return [goal for goal in it.facts.goals if not goal.national and goal.level is not None]


def chosen(it: Telling) -> list[Goal]:
    """Return the targets that the briefing has room for: its own, else the document's by its last date."""
    mine = [goal for goal in it.facts.goals if not goal.national]
    if mine:
        return sorted(mine, key=lambda goal: (goal.decided, goal.by, -(goal.level or 0)))[:MOST_ROWS]
    levels = [goal for goal in it.facts.goals if goal.level is not None]
    last = max((goal.by for goal in levels), default="")
    return [goal for goal in levels if goal.by == last][:MOST_ROWS]


def told(it: Telling) -> list[Goal]:
    """Return the targets that are told in words and drawn: the hardest of one's own, else two levels."""
    mine = [goal for goal in own(it) if not met(goal) and not goal.decided]
    if own(it):
        return sorted(mine, key=lambda goal: goal.probability or 0.0)[:TOLD]
    return [goal for goal in chosen(it) if goal.level in PROMISED][:TOLD]


def goals(it: Telling) -> list[Block]:
    """Return the section."""
    rows = chosen(it)
    blocks: list[Block] = [Heading(it.say(HEADING)), Text(_said(it))]
    if rows:
        blocks.append(_table(it, rows))
    drawn = [goal for goal in told(it) or rows if any(point.forecast for point in goal.curve)][:PANELS]
    if drawn:
        alt = it.sentences(*(_expected(it, goal) for goal in drawn))
        blocks.append(Figure(curves([_panel(it, goal) for goal in drawn]), it.say(CAPTION), alt))
    return blocks


def _said(it: Telling) -> str:
    mine = own(it)
    left = [goal for goal in mine if not met(goal)]
    lead = it.say(NONE_OWN)
    if mine:
        safe = sum((goal.probability or 0.0) >= SAFE for goal in left)
        short = sum((goal.probability or 0.0) < OPEN for goal in left)
        lead = it.say.fill(OWN, count=len(mine), met=len(mine) - len(left), safe=safe, short=short)
    beyond = [goal for goal in told(it) if goal.beyond]
    last = it.say.fill(BEYOND, last=it.say.month(beyond[0].curve[-1].month)) if beyond else ""
    each = [
        _pace(it, goal) if mine else it.sentences(_expected(it, goal), _pace(it, goal)) for goal in told(it)
    ]
    return it.sentences(lead, *each, last)


def met(goal: Goal) -> bool:
    """Say whether a target is met already."""
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


def _pace(it: Telling, goal: Goal) -> str:
    if goal.pace is None or goal.pace[0] < goal.expected + WORTH_TELLING:
        return ""
    return it.say.fill(PACE, level=it.goal(goal), count=it.between(*goal.pace))


def chance_of(it: Telling, goal: Goal) -> str:
    """Return a target's probability in words: met, missed, a bound, or a probability; a dash for national."""
    if goal.national or goal.probability is None:
        return "—"
    if met(goal):
        return it.say(MET)
    if goal.decided:
        return it.say(MISSED)
    if beyond_reach(goal):
        return it.say(NOT_YET)
    said = it.chance(goal.probability)
    return it.say.fill(AT_LEAST, chance=said) if goal.beyond else said


def beyond_reach(goal: Goal) -> bool:
    """Say whether forecasts end before a target's month, and do not reach it until then."""
    return goal.beyond and (goal.probability or 0.0) < SURE_OF


def _table(it: Telling, rows: list[Goal]) -> Table:
    columns = tuple(
        Column(it.say(head), share, "left" if at < 2 else "right")
        for at, (head, share) in enumerate(zip(HEADS, SHARES, strict=True))
    )
    return Table(columns, tuple(_row(it, goal) for goal in rows))


def _row(it: Telling, goal: Goal) -> tuple[Cell, ...]:
    wanted, expected = it.count(goal.wanted), it.count(goal.expected)
    plain = goal.level is None or goal.decided
    if goal.low != goal.high:
        expected = it.say.fill(RANGE, count=expected, low=goal.low, high=goal.high)
    return (
        Cell(it.goal(goal), strong=True),
        Cell(it.short_month(goal.by)),
        Cell(it.say.fill(NATIONAL, count=wanted) if goal.national else wanted),
        Cell(it.count(goal.achieved), strong=True),
        Cell("—" if plain else expected),
        Cell(chance_of(it, goal), strong=True),
        Cell("—" if plain else it.count(goal.sure)),
    )


def _panel(it: Telling, goal: Goal) -> Panel:
    title = it.say.fill(PANEL_PLAIN, level=it.goal(goal))
    if goal.name:
        title = it.say.fill(PANEL, level=it.goal(goal), name=goal.name)
    months = (goal.curve[0].month, it.facts.as_of, goal.curve[-1].month)
    return Panel(title, goal.curve, None if goal.national else goal.wanted, goal.by, months)
