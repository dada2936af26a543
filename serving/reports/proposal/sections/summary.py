"""The first page: where we are, what is proposed, what it brings, and what is to be decided."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Figure, Heading, Table, Text
from serving.reports.drawing.whiskers import Whisker, ticks, whiskers
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import Move
from serving.reports.proposal.sections.chances import chance_sentence
from serving.reports.proposal.sections.standing import lacking, official_losses
from serving.reports.proposal.telling import Telling
from serving.reports.speech import NONE

HEADING = Words("一页看懂", "On one page")
MOVES = Words(
    "建议调整 {count} 项参数。单独实施第 1 项，预计每年少损失 {benefit}，每年费用 {cost}。",
    "{count} parameters should be moved. The first alone is expected to save {benefit} a year and costs "
    "{cost} a year.",
)
MOVE = Words(
    "建议调整 1 项参数，预计每年少损失 {benefit}，每年费用 {cost}。",
    "One parameter should be moved. It is expected to save {benefit} a year and costs {cost} a year.",
)
NO_MONEY = Words(
    "建议调整 {count} 项参数。记录中没有质量损失金额，因此只说对指标的影响，不说收益。",
    "{count} parameters are proposed to be moved. The records hold no amounts of quality loss, so that "
    "effects on indicators "
    "can be told and benefits in money cannot.",
)
NO_MOVE = Words(
    "目前没有一项调整能凭记录负责任地提出；本建议书报告现状、损失所在、未提出建议的原因和下一步。",
    "At present the records support no move that could responsibly be proposed; this proposal tells where "
    "we are, "
    "where the losses are, why nothing is proposed, and what would help.",
)
NOT_PUBLISHED = Words(
    "尚未发布预测与建议，本建议书只含官方评价部分。运行 zhuoyue train 之后重新生成。",
    "No forecast and no recommendation has been published yet: only the official part is here. Run "
    "zhuoyue train and "
    "make the proposal again.",
)
NOW, BINDING = Words("官方等级(现状)", "Official level (now)"), Words("制约项", "What holds it")
TO_NEXT = Words("到{level}还差", "Still lacking for {level}")
TOP = Words("已达到最高等级", "the highest level is reached")
LOSSES = Words("质量损失(窗口内)", "Quality losses (window)")
AHEAD = Words("预测(不是等级)", "Forecast (not a grade)")
STANDING = Words("{level}，{status}；{span}", "{level}, {status}; {span}")
POSSIBLE = Words("证据不完整，最高可能{level}；{span}", "incomplete evidence, at most {level}; {span}")
STATUS = {
    "final": Words("最终结论", "final"),
    "provisional": Words("暂定结论", "provisional"),
    "incomplete": Words("不完整", "incomplete"),
}
COLUMNS = (
    Words("序", "#"), Words("调整", "Move"), Words("每年收益(90 % 区间)", "Benefit a year (90 % interval)"),
    Words("每年费用", "Cost a year"), Words("回收期", "Payback"), Words("把握", "Support"),
)  # fmt: skip
ADVICE = Words(
    "本建议书由记录和模型得出，供企业决策参考；它不是官方评价，也不改变官方等级。",
    "This proposal follows from records and models and is advice to the enterprise; it is not an official "
    "assessment and changes no "
    "grade.",
)
NOT_SUMS = Words(
    "各项收益不能直接相加，见《质量效益测算表》。收益是与“不调整”相比，调整后十二个月内平均每年少发生的"
    "内外部质量损失。",
    "Benefits do not add up: see the table of costs and benefits. A benefit is the internal and external "
    "quality loss avoided a year against "
    "leaving the parameter alone, mean of the twelve months after the move.",
)
BARS = Words("每项建议的年收益与费用(单独实施)", "Benefit and cost a year of each move, made alone")
LEGEND = (
    Words("年收益(估计)", "benefit a year (estimate)"),
    Words("90 % 区间", "90 % interval"),
    Words("年费用", "cost a year"),
)
DECIDE = Words("请决定", "To be decided")
CHOICES = Words(
    "□ 同意实施   □ 修改后实施   □ 先做试验   □ 暂缓",
    "□ approve   □ approve with changes   □ pilot first   □ defer",
)
IN_ALL = Words("等 {count} 项", " and others, {count} in all")
NAMED = 5
SIGNED = Words("签字", "Signed")
LINES = Words(
    "编制 ______________   审核 ______________   批准 ______________   日期 ______________",
    "prepared ____________   checked ____________   decided ____________   date ____________",
)


def summary(it: Telling) -> list[Block]:
    """Return the first page."""
    lead = Text(_lead(it), "lead")
    blocks: list[Block] = [Heading(it.say(HEADING)), lead, _standing(it)]
    if it.moves:
        blocks += [_table(it), Text(it.say(NOT_SUMS), "note"), *_bars(it)]
    return [*blocks, _signing(it), Text(it.say(ADVICE), "note")]


def _signing(it: Telling) -> Table:
    """Return what is to be decided, and the lines to sign: filled in by hand."""
    choices = (Cell(it.say(DECIDE), strong=True), Cell(it.say(CHOICES)))
    signed = (Cell(it.say(SIGNED), strong=True), Cell(it.say(LINES)))
    return Table((Column("", 1), Column("", 4)), (choices, signed) if it.moves else (signed,))


def _lead(it: Telling) -> str:
    say, moves = it.say, it.moves
    if it.known.published is None:
        return say(NOT_PUBLISHED)
    if not moves:
        return say(NO_MOVE)
    first = moves[0]
    if first.benefit is None:
        return say.fill(NO_MONEY, count=len(moves))
    told = {"benefit": it.money(first.benefit), "cost": estimates.money(first.cost, say)}
    return say.fill(MOVES, count=len(moves), **told) if len(moves) > 1 else say.fill(MOVE, **told)


def _standing(it: Telling) -> Table:
    say, grade = it.say, it.facts.grade
    window = grade.evidence.document["window"]
    words = STANDING if grade.level is not None else POSSIBLE
    told = {"level": say.level(grade.at_most), "span": say.span(window["start"], window["end"])}
    rows = [
        (say(NOW), say.fill(words, status=say(STATUS[grade.status]), **told)),
        (say(BINDING), _binding(it)),
        (_next_name(it), lacking(it, most=NAMED)),
        (say(LOSSES), official_losses(it)),
        (say(AHEAD), chance_sentence(it)),
    ]
    table = tuple((Cell(name), Cell(text, strong=index == 0)) for index, (name, text) in enumerate(rows))
    return Table((Column("", 1), Column("", 4)), table)


def _binding(it: Telling) -> str:
    binding = it.facts.grade.binding
    names = it.say.names(binding[:NAMED]) or NONE
    return names + (it.say.fill(IN_ALL, count=len(binding)) if len(binding) > NAMED else "")


def _next_name(it: Telling) -> str:
    grade, levels = it.facts.grade, it.say.pack.levels
    if grade.at_most == len(levels):
        return it.say(TOP)
    return it.say.fill(TO_NEXT, level=it.say(it.say.pack.level_words(grade.at_most + 1)))


def _table(it: Telling) -> Table:
    shares, aligns = (0.45, 2.4, 2.2, 1.1, 0.95, 1.0), ("center", "left", "left", "right", "right", "center")
    columns = tuple(
        Column(it.say(head), share, align)  # type: ignore[arg-type]
        for head, share, align in zip(COLUMNS, shares, aligns, strict=True)
    )
    return Table(columns, tuple(_row(it, move) for move in it.moves))


def _row(it: Telling, move: Move) -> tuple[Cell, ...]:
    cost = estimates.money(move.cost, it.say)
    return (
        Cell(str(move.rank)),
        Cell(it.title(move), strong=True),
        Cell(it.money(move.benefit)),
        Cell(cost),
        Cell(estimates.payback(move.payback, it.say)),
        Cell(it.confidence(move)),
    )


def _bars(it: Telling) -> list[Block]:
    rows = [_whisker(it, move) for move in it.moves if move.benefit is not None]
    if not rows:
        return []
    marks = [estimates.money(value, it.say) for value in ticks(rows)]
    drawing = whiskers(rows, (it.say(LEGEND[0]), it.say(LEGEND[1]), it.say(LEGEND[2])), marks)
    alt = "; ".join(f"{row.name}: {row.value}" for row in rows)
    return [Figure(drawing, it.say(BARS), alt)]


def _whisker(it: Telling, move: Move) -> Whisker:
    found = move.benefit
    assert found is not None  # noqa: S101 - asked before
    value = estimates.money(found.estimate, it.say)
    return Whisker(f"{move.rank} {it.lever(move)}", found.estimate, found.low, found.high, move.cost, value)
