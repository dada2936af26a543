"""The one paragraph that is read if nothing else is."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.words import Words
from serving.reports.blocks import Block, Text
from serving.reports.briefing.facts import Goal
from serving.reports.briefing.goals import beyond_reach, own, told
from serving.reports.briefing.telling import Telling

STANDS = Words(
    "保证级及以上企业 {count} 家，占已定级的 {share}",
    "{count} enterprises stand at Assurance or above, {share} of those graded",
)
TARGET = Words(
    "{level}目标 {wanted} 家（{by}）达成概率{chance}，八成把握可达 {sure} 家",
    "{wanted} newly at {level} by {by}: probability {chance}, {sure} sure at 80 %",
)
OPEN = Words(
    "{level}目标 {wanted} 家（{by}）在预测期内达不到，八成把握可达 {sure} 家",
    "{wanted} newly at {level} by {by}: not within the forecast, {sure} sure at 80 %",
)
AHEAD = Words("到{by}预计累计新增{counts}", "expected newly added by {by}: {counts}")
COUNT = Words("{level} {expected}", "{expected} at {level}")
BALANCED = Words("{count} 家企业处在升级关口", "{count} on the verge of the next level")
SLIP = Words(
    "{count} 家半年内退级概率不低于 {least}",
    "{count} at risk of falling back within six months ({least} or more)",
)
ASSURANCE = 3


def headline(it: Telling) -> list[Block]:
    """Return the paragraph."""
    facts, say = it.facts, it.say
    parts = []
    if facts.standing.graded:
        above = next(row.above for row in facts.standing.levels if row.level == ASSURANCE)
        parts.append(say.fill(STANDS, count=it.count(above), share=it.share(above, facts.standing.graded)))
    parts += [_goal(it, goal) for goal in told(it)] if own(it) else _ahead(it)
    if facts.reach.balanced:
        parts.append(say.fill(BALANCED, count=it.count(facts.reach.balanced)))
    if facts.risks.likely:
        least = say.percent(Decimal(str(facts.risks.least)), 0)
        parts.append(say.fill(SLIP, count=it.count(facts.risks.likely), least=least))
    if not parts:
        return []
    chinese = say.language == "zh"
    return [Text(("；" if chinese else "; ").join(parts) + ("。" if chinese else "."), "lead")]


def _ahead(it: Telling) -> list[str]:
    """Return what is expected where no target is set, all levels by the same date."""
    goals, say = told(it), it.say
    counts = [
        say.fill(COUNT, level=it.goal(goal), expected=it.between(goal.expected, goal.low, goal.high))
        for goal in goals
    ]
    return [say.fill(AHEAD, by=say.month(goals[0].by), counts=it.listed(counts))] if goals else []


def _goal(it: Telling, goal: Goal) -> str:
    say = it.say
    named = {"level": it.goal(goal), "wanted": it.count(goal.wanted), "by": say.month(goal.by)}
    if beyond_reach(goal):
        return say.fill(OPEN, **named, sure=it.count(goal.sure))
    return say.fill(TARGET, **named, chance=it.chance(goal.probability or 0.0), sure=it.count(goal.sure))
