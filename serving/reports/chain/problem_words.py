"""A problem of the 质量问题清单 in words: what it is, its figure, what it holds back, cost and source."""

from __future__ import annotations

from typing import NamedTuple

from models.chains.problems import Problem
from qm_rules.words import Words, label
from serving.reports.chain.telling import Telling, soft
from serving.reports.proposal import estimates
from serving.reports.speech import NONE

KINDS = {
    "indicator": Words("{name}未达到{level}", "{name} below {level}"),
    "evidence": Words("{name}{status}", "{name} {status}"),
    "items": Words("管理项制约等级：{names}", "management items hold the level: {names}"),
    "deliveries": Words("交付质量低于自身已达到的水平", "delivers worse than its own best"),
    "lots": Words(
        "供{customer}的{material}批次不合格偏多", "lots of {material} for {customer} fail more often"
    ),
    "falling": Words("一年内可能跌落{level}", "may fall from {level} within a year"),
}
LACKING = {
    "not_supplied": Words("未提供", "not supplied"),
    "not_tracked": Words("未做统计", "not tracked"),
    "inadmissible": Words("不予采信", "not admissible"),
}
FIGURES = {
    "indicator": Words("{value}（要求 {operator} {needs}）", "{value} (needed {operator} {needs})"),
    "items": Words("现为{level}，质量绩效已达{performance}", "at {level}; performance is at {performance}"),
    "deliveries": Words("{value}（最好十二个月 {needs}）", "{value} (best twelve months {needs})"),
    "lots": Words("{value} 倍（90 % 区间 {span}）", "{value} times (90 % interval {span})"),
    "falling": Words("可能性 {value}", "chance {value}"),
}
COSTS = {
    "loss": Words("损失 {cost}", "loss {cost}"),
    "excess": Words(
        "损失 {cost}，其中超出要求 {excess}", "loss {cost}, of which {excess} beyond what is allowed"
    ),
    "downstream": Words("客户多损失 {cost}", "customers lose {cost}"),
    "units": Words("{count} 件", "{count} units"),
}
OPERATORS = {">=": "≥", "<=": "≤", "<": "<", ">": ">"}
TARGETS = {"sigma": "ppm"}


class Told(NamedTuple):
    """A problem in words."""

    what: str
    figure: str
    holds: str
    cost: str
    source: str


def problem_words(it: Telling, problem: Problem) -> Told:
    """Return a problem in words."""
    return Told(
        _what(it, problem),
        _figure(it, problem),
        it.say.level(problem.holds) if problem.holds else NONE,
        soft(_cost(it, problem)),
        it.source(problem.source, problem.period),
    )


def _what(it: Telling, problem: Problem) -> str:
    say, kind = it.say, problem.kind
    level = say(say.pack.level_words(problem.holds)) if problem.holds else ""
    if kind == "indicator":
        return say.fill(KINDS[kind], name=it.indicator(problem.what[0]), level=level)
    if kind == "evidence":
        status = LACKING.get(problem.what[1], Words(problem.what[1], problem.what[1]))
        return say.fill(KINDS[kind], name=it.indicator(problem.what[0]), status=say(status))
    if kind == "items":
        return say.fill(KINDS[kind], names=say.names(problem.what))
    if kind == "lots":
        return say.fill(KINDS[kind], customer=it.name(problem.other), material=label(problem.what[0]))
    return say.fill(KINDS[kind], level=level)


def _figure(it: Telling, problem: Problem) -> str:
    say, kind = it.say, problem.kind
    if problem.value is None or kind == "evidence":
        return NONE
    if kind == "items":
        performance = it.study.members[problem.enterprise_id].performance
        return say.fill(
            FIGURES[kind], level=say.level(int(problem.value)), performance=say.level(performance)
        )
    if kind == "falling":
        return say.fill(FIGURES[kind], value=estimates.chance(problem.value))
    if kind == "lots":
        span = estimates.BETWEEN
        ends = say.fill(
            span, low=estimates.short(problem.low or 0.0), high=estimates.short(problem.high or 0.0)
        )
        return say.fill(FIGURES[kind], value=estimates.short(problem.value), span=ends)
    target = TARGETS.get(problem.what[0], problem.what[0])
    value, needs = (
        NONE if v is None else estimates.level_of(target, v) for v in (problem.value, problem.needs)
    )
    operator = OPERATORS.get(problem.operator, problem.operator)
    return say.fill(FIGURES[kind], value=value, needs=needs, operator=operator)


def _cost(it: Telling, problem: Problem) -> str:
    if problem.kind == "deliveries":
        return it.say.fill(COSTS["downstream"], cost=it.brief(problem.cost)) if problem.cost else NONE
    if problem.cost is not None:
        key = "loss" if problem.excess is None else "excess"
        return it.say.fill(COSTS[key], cost=it.money(problem.cost), excess=it.cny(problem.excess))
    if problem.units is not None:
        return it.say.fill(COSTS["units"], count=f"{problem.units:,.0f}")
    return NONE
