"""The proposed moves, each on half a page: what, what for, what it brings, how sure, how to go about it."""

from __future__ import annotations

from collections.abc import Iterable

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import EffectOn, Move
from serving.reports.proposal.telling import Telling, capital
from serving.reports.speech import NONE

HEADING = Words("建议的调整", "What should be done")
ABOUT = Words(
    "以下建议来自效应模型：它估计“如果改变这个参数会怎样”。影响均与不调整相比，为调整后十二期的平均；区"
    "间为 90 %。",
    "These moves come from an effect model, which estimates what changing a parameter would do. Effects "
    "are against leaving it "
    "alone, mean of the twelve periods after the move; intervals are at 90 %.",
)
EFFECTS = (
    Words("指标", "Indicator"), Words("不调整时", "If left alone"), Words("变化", "Change"), Words(
        "90 % 区间",
        "90 % interval",
    ),
)  # fmt: skip
HEAD = Words("第 {rank} 项 {title}", "Move {rank}. {title}")
AT = Words("（{process}）", " ({process})")
LEVEL, WORTH = Words("指标与等级", "Indicator and level"), Words("每年的收益与费用", "Worth a year")
COSTS = Words(
    "收益 {benefit}；费用 {cost}；净收益 {net}；回收期 {payback}",
    "benefit {benefit}; cost {cost}; net {net}; payback {payback}",
)
SURE, MEASURE = Words("把握与依据", "How sure, and why"), Words("同时记录", "Record meanwhile")
METHOD = Words("方法与任务", "Method, task served")
NO_MEASURE = Words(
    "未公布；至少记录该参数和上表各指标。",
    "Not published; at least the parameter itself and the indicators above.",
)
NO_MONEY = Words(
    "记录中没有质量损失金额，无法折算", "the records hold no amounts of quality loss: not to be told"
)
NO_LEVEL = Words("未公布是否改变指标等级。", "Whether a level moves was not published.")
NO_GROUNDS = Words("未公布依据。", "What it rests on was not published.")
SURELY = Words("{confidence}。", "{confidence}.")


def actions(it: Telling) -> list[Block]:
    """Return every proposed move under its own heading; nothing where there is none."""
    if not it.moves:
        return []
    blocks: list[Block] = [Heading(it.say(HEADING)), Text(it.say(ABOUT), "note")]
    for move in it.moves:
        blocks += [Heading(_title(it, move), 2), _effects(it, move.effects), _facts(it, move)]
    return blocks


def _title(it: Telling, move: Move) -> str:
    process = it.known.process(move)
    place = it.say.fill(AT, process=process) if process else ""
    return it.say.fill(HEAD, rank=move.rank, title=it.title(move)) + place


def _effects(it: Telling, effects: Iterable[EffectOn]) -> Table:
    shares = ((2.4, "left"), (1.1, "right"), (1.4, "right"), (2.0, "right"))
    columns = tuple(
        Column(it.say(head), share, align)  # type: ignore[arg-type]
        for head, (share, align) in zip(EFFECTS, shares, strict=True)
    )
    return Table(columns, tuple(_effect(it, one) for one in effects), with_next=True)


def _effect(it: Telling, one: EffectOn) -> tuple[Cell, ...]:
    base = NONE if one.base is None else estimates.level_of(one.target, one.base)
    return (
        Cell(it.target(one.target)),
        Cell(base),
        Cell(estimates.change(one.target, one.change.estimate, it.say), strong=True),
        Cell(estimates.change_span(one.target, one.change.low, one.change.high, it.say)),
    )


def _facts(it: Telling, move: Move) -> Table:
    parameters = it.known.parameters
    measures = it.phrases.measures(move.row, parameters) or [it.say(NO_MEASURE)]
    rows = (
        (LEVEL, it.phrases.level(move.row) or it.say(NO_LEVEL)),
        (WORTH, _worth(it, move)),
        (SURE, _sure(it, move)),
        (MEASURE, it.sentences(*measures)),
        (METHOD, it.sentences(*it.phrases.method(move.row)) or NONE),
    )
    cells = tuple((Cell(it.say(name)), Cell(text)) for name, text in rows)
    return Table((Column("", 1), Column("", 5.6)), cells)


def _worth(it: Telling, move: Move) -> str:
    if move.benefit is None:
        return it.say(NO_MONEY)
    return it.say.fill(
        COSTS,
        benefit=it.money(move.benefit),
        cost=estimates.money(move.cost, it.say),
        net=it.money(move.net),
        payback=estimates.payback(move.payback, it.say),
    )


def _sure(it: Telling, move: Move) -> str:
    confidence = it.confidence(move)
    why = it.phrases.why(move.row, it.known.parameters) or [it.say(NO_GROUNDS)]
    return it.sentences(it.say.fill(SURELY, confidence=capital(confidence)), *why)
