"""What is to be decided, as it follows from the figures, and what they rest on."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.words import Words
from serving.reports.blocks import Block, Heading, Text
from serving.reports.briefing.facts import Goal, Offer
from serving.reports.briefing.goals import OPEN, PROMISED, chosen, own
from serving.reports.briefing.helping import SPENT, money, quoted
from serving.reports.briefing.telling import Telling

HEADING = Words("提请决策事项", "What is to be decided")
SET = Words(
    "设定本地目标。建议到{by}新增{level}以 {sure} 家为底线（八成把握），以 {likely} 家为争取数（五成把握）。",
    "Set local targets. By {by}, {sure} newly at {level} can be counted on (80 %); {likely} are within "
    "reach (50 %).",
)
SHORT = Words(
    "{goals}达成概率不足五成：请决定加大帮扶力度，或调整目标数（八成把握可达 {sure} 家）。",
    "{goals} will more likely be missed than met: help more, or change the count ({sure} sure at 80 %).",
)
GOAL = Words("{level} {wanted} 家（{by}）", "{wanted} newly at {level} by {by}")
SPEND = Words(
    "审定帮扶方案：{enterprises} 家企业 {actions} 项改进{spent}，达成概率可升至{after}；"
    "名单见工作簿“帮扶”表。",
    "Approve the programme of {actions} actions in {enterprises} enterprises{spent}: probability {after} "
    "(workbook, sheet Assistance).",
)
ENOUGH = Words(
    "按现有条件，到{by}再有企业新达{level}的可能性不足五成；要设更高目标，须以帮扶和管理评价提升为前提。",
    "As things are, one more at {level} by {by} is less likely than not: a higher target needs help and "
    "better management first.",
)
EVEN = Words(
    "设定本地目标。建议到{by}累计新增{level} {sure} 家（八成把握）。",
    "Set local targets: by {by}, {sure} newly at {level} can be counted on (80 %).",
)
ALONE = Words(
    "对只差一项的 {alone} 家企业一企一策，先补{item}。",
    "Help the {alone} enterprises that lack a single item one by one, first with {item}.",
)
WATCH = Words(
    "将退级概率不低于 {least} 的 {likely} 家列入预警名单，按月调度。",
    "Put the {likely} with a chance of at least {least} of falling back on the watch list, and review it "
    "monthly.",
)
RECORDS = Words(
    "{count} 家企业记录不足、无法预测，督促其补报。",
    "Have the {count} enterprises without a forecast complete their records.",
)
HOLD = Words("维持现有安排，下月复核。", "Keep to the present course; review next month.")
RULE = Words(
    "口径：等级是官方评价结果（{document}），不受模型影响；概率与预计数是预测，由模型 {model} 的 {paths} 条"
    "联合路径得出（各企业经历相同的月度冲击），向后 {months} 个月，十八个月以后的预计偏保守。{reading}"
    "“新增”指基准月份已有等级、此后首次达到该级或更高等级，越级者逐级计数，退级后再达到的不重复计。{held}"
    "全国目标不与本地数比较。",
    "Terms: levels are official findings ({document}), untouched by any model. Probabilities and "
    "expectations are forecasts on {paths} joint paths of model {model}, {months} months ahead, and cautious "
    "beyond eighteen. {reading}“Newly”: had a level at the baseline and first reaches this one or a better "
    "one later; a jump counts at every level, a return does not. {held}",
)
HELD = {
    "grade": Words(
        "管理类评价保持最近一次结果，不作预测。",
        "Management items stay as last assessed and are not forecast. ",
    ),
    "performance": Words("", ""),
}
READING = {
    "grade": Words("", ""),
    "performance": Words(
        "本期只看质量绩效维度，它不是官方整体等级。",
        "This issue looks at the performance dimension alone, which is not the official grade. ",
    ),
}
SOURCE = Words(
    "出处：各数均见同一发布（{outlook}）的规划工作簿——第一节见“等级”“地区”，第二节见“目标”“路径”，第三、"
    "四节见“企业”。",
    "Source: every figure stands in the planning workbook of the same publication ({outlook}): section 1 "
    "in Levels and "
    "Regions, 2 in Targets and Paths, 3 and 4 in Enterprises.",
)
MOST = 5


def deciding(it: Telling) -> list[Block]:
    """Return the section and the note on terms and sources."""
    points = _points(it)[:MOST] or [it.say(HOLD)]
    told = [Text(_numbered(it, number, point)) for number, point in enumerate(points, 1)]
    return [Heading(it.say(HEADING)), *told, Text(_terms(it), "note")]


def _numbered(it: Telling, number: int, point: str) -> str:
    return f"（{number}）{point}" if it.say.language == "zh" else f"({number}) {point}"


def _points(it: Telling) -> list[str]:
    facts, say = it.facts, it.say
    points = _targets(it)
    if facts.offers:
        points.append(_spend(it, facts.offers[0]))
    if facts.reach.alone:
        first = max(facts.reach.binding, key=lambda own: own.alone)
        points.append(say.fill(ALONE, alone=it.count(facts.reach.alone), item=quoted(it, first.item)))
    if facts.risks.likely:
        least = say.percent(Decimal(str(facts.risks.least)), 0)
        points.append(say.fill(WATCH, likely=it.count(facts.risks.likely), least=least))
    if facts.unforecast:
        points.append(say.fill(RECORDS, count=it.count(facts.unforecast)))
    return points


def _targets(it: Telling) -> list[str]:
    mine = own(it)
    if mine:
        short = [goal for goal in mine if not goal.decided and (goal.probability or 0.0) < OPEN]
        hardest = sorted(short, key=lambda goal: goal.probability or 0.0)[:2]
        return [_short(it, hardest)] if hardest else []
    open_ = [goal for goal in chosen(it) if goal.level in PROMISED]
    return [_set(it, open_[0])] if open_ else []


def _short(it: Telling, short: list[Goal]) -> str:
    named = [
        it.say.fill(GOAL, level=it.goal(goal), wanted=it.count(goal.wanted), by=it.say.month(goal.by))
        for goal in short
    ]
    sure = it.listed([it.count(goal.sure) for goal in short])
    return it.say.fill(SHORT, goals=it.listed(named), sure=sure)


def _spend(it: Telling, offer: Offer) -> str:
    spent = "" if offer.cost is None else it.say.fill(SPENT, cost=money(it, offer.cost))
    told = {"enterprises": it.count(offer.enterprises), "actions": it.count(offer.actions)}
    told["after"] = it.chance(offer.after)
    return it.say.fill(SPEND, spent=spent, **told)


def _set(it: Telling, goal: Goal) -> str:
    words = SET if goal.likely > goal.sure else EVEN if goal.sure > goal.achieved else ENOUGH
    return it.say.fill(
        words,
        by=it.say.month(goal.by),
        level=it.goal(goal),
        sure=it.count(goal.sure),
        likely=it.count(goal.likely),
    )


def _terms(it: Telling) -> str:
    facts, say = it.facts, it.say
    told = say.fill(
        RULE,
        document=say(say.pack.said(say.pack.document)),
        model=facts.model_version,
        paths=it.count(facts.paths),
        months=facts.months,
        reading=say(READING[facts.basis]),
        held=say(HELD[facts.basis]),
    )
    return it.sentences(told, say.fill(SOURCE, outlook=facts.outlook))
