"""How it will be known whether a move worked, and what became of those made before."""

from __future__ import annotations

from collections.abc import Sequence

from qm_rules.words import Words, label
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import EffectOn, Row, read_effects
from serving.reports.proposal.telling import Telling
from serving.reports.speech import NONE

HEADING = Words("效果验证", "How results will be verified")
HOW = Words(
    "实施后登记为行动；完成后用未调整的同类产线合成对照，并做安慰剂检验，结果与本建议书承诺的区间并列公布"
    "（zhuoyue actions）。",
    "A move is recorded as an action; when it is finished, its effect is estimated against like lines "
    "that were not moved (synthetic "
    "control, placebo tests) and shown beside what this proposal promises (zhuoyue actions).",
)
FAIR = Words(
    "验证前不改承诺；负的结果同样公布；触发停止条件时恢复原值并记录。",
    "Promises are not changed before the verdict; a bad result is published too; at the agreed stop, go "
    "back and record it.",
)
BEFORE = Words("此前登记的行动", "Actions recorded before")
COLUMNS = (
    Words("行动", "Action"),
    Words("状态", "Status"),
    Words("起止", "From, to"),
    Words("承诺(90 % 区间)", "Promised (90 % interval)"),
    Words("实测(90 % 区间)", "Seen (90 % interval)"),
    Words("判定", "Verdict"),
)
STATUS = {
    "planned": Words("计划", "planned"),
    "doing": Words("实施中", "being done"),
    "checking": Words("验证中", "being checked"),
    "done": Words("完成", "done"),
    "dropped": Words("放弃", "dropped"),
}
VERDICTS = {
    "worked": Words("有效", "worked"),
    "no sign of it": Words("看不出效果", "no sign of it"),
    "too early": Words("为时尚早", "too early"),
    "made worse": Words("变差", "made worse"),
    "cannot be told": Words("无法判断", "cannot be told"),
}
ON = Words("{target} {change}", "{target} {change}")
MOST, SHARES = 8, (2.0, 0.8, 1.5, 2.0, 2.0, 0.9)


def verifying(it: Telling) -> list[Block]:
    """Return the method, the rules, and the actions on record; nothing where there is nothing to verify."""
    if not it.moves and not it.known.actions:
        return []
    return [Heading(it.say(HEADING)), Text(it.sentences(it.say(HOW), it.say(FAIR))), *_before(it)]


def _before(it: Telling) -> list[Block]:
    if not it.known.actions:
        return []
    columns = tuple(Column(it.say(head), share) for head, share in zip(COLUMNS, SHARES, strict=True))
    rows = tuple(_action(it, row) for row in it.known.actions[-MOST:])
    return [Heading(it.say(BEFORE), 2), Table(columns, rows)]


def _action(it: Telling, row: Row) -> tuple[Cell, ...]:
    status, name = str(row.get("status") or ""), str(row["action_id"])
    verdict = it.known.verdicts.get(name, {})
    promised = read_effects(it.known.promises.get(name, {}))
    target = str(verdict.get("target") or (promised[0].target if promised else ""))
    judged = VERDICTS.get(str(verdict.get("verdict")))
    return (
        Cell(label(str(row["title"]))),
        Cell(it.say(STATUS[status]) if status in STATUS else status or NONE),
        Cell(" – ".join(str(row.get(day) or NONE)[:10] for day in ("started_on", "finished_on"))),
        Cell(_on(it, target, promised)),
        Cell(_on(it, target, read_effects(verdict) if verdict.get("effects") else ())),
        Cell(it.say(judged) if judged else NONE, strong=True),
    )


def _on(it: Telling, target: str, effects: Sequence[EffectOn]) -> str:
    """Return what was promised or seen on one indicator, a dash for nothing."""
    found = next((one.change for one in effects if one.target == target), None)
    if found is None:
        return NONE
    change = estimates.change_estimate(target, found.estimate, found.low, found.high, it.say)
    return it.say.fill(ON, target=it.target(target), change=change)
