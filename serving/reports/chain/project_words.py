"""A project of the 重点攻关项目清单 in words: who, what, with what effect, worth what, when, how sure."""

from __future__ import annotations

from typing import NamedTuple

from models.chains.projects import Project
from qm_rules.words import Words, label
from serving.reports.chain.telling import Telling
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import EffectOn, read_effects
from serving.reports.proposal.telling import CONFIDENCE
from serving.reports.speech import NONE

STEP = Words("{process}{name}：{start} → {end}", "{process}{name}: {start} → {end}")
HIDDEN = Words(
    "一项可信的工艺调整（参数仅对企业自身及其授权者公开）",
    "a trustworthy move (its lever is told to the enterprise alone)",
)
SUPPLY = Words(
    "使交付不合格率由 {now} 恢复到自身最好的 {best}；措施待诊断",
    "back from {now} nonconforming deliveries to its own best, {best}; the measure is to be found",
)
METHODS = {
    "SPC": Words("统计过程控制(SPC)", "statistical process control (SPC)"),
    "DOE": Words("试验设计(DOE)", "designed experiments (DOE)"),
    "FMEA": Words("失效模式与影响分析(FMEA)", "failure mode and effects analysis (FMEA)"),
    "MSA": Words("测量系统分析(MSA)", "measurement system analysis (MSA)"),
    "maintenance": Words("预防性维护", "preventive maintenance"),
    "supplier_development": Words("供应商质量提升", "supplier development"),
    "inspection_plan": Words("检验策划", "inspection planning"),
    "training": Words("培训与标准作业", "training and standard work"),
}
EFFECT = Words("{name} {change}（{span}）", "{name} {change} ({span})")
EASED = Words(
    "客户内部损失平均减少 {share}（{span}）", "customers' internal loss down by {share} on average ({span})"
)
MONTH, MONTHS = Words("1 个月", "1 month"), Words("{count} 个月", "{count} months")
DOWNSTREAM = Words("其中下游 {amount}", "of which downstream {amount}")
WITH = Words("配合：{names}", "with {names}")
LEVEL = Words("{name}可升至{level}（{period}）", "{name} up to {level} ({period})")
NOT_KNOWN = Words("待诊断", "to be found")
SHOWN = ("ftq", "ppm", "internal_loss", "external_loss")
MOST_EFFECTS = 2


class Told(NamedTuple):
    """A project in words; `source` says where its figures come from."""

    lead: str
    others: str
    what: str
    method: str
    effect: str
    worth: str
    downstream: str
    cost: str
    months: str
    confidence: str
    source: str


def project_words(it: Telling, project: Project) -> Told:
    """Return a project in words."""
    supply = project.kind == "supply"
    method = "supplier_development" if supply else project.move.get("method")
    worth = project.net or (project.downstream if supply else None)
    return Told(
        it.name(project.enterprise_id),
        it.say.fill(WITH, names=it.names(project.customers)) if project.customers else "",
        _supply(it, project) if supply else _step(it, project),
        it.say(METHODS[method]) if method in METHODS else "",
        _effect(it, project),
        it.brief(worth),
        it.say.fill(DOWNSTREAM, amount=it.cny(project.downstream.estimate)) if project.downstream else "",
        it.say(NOT_KNOWN) if supply else it.cny(project.cost),
        "" if supply else months_text(it, project.months),
        it.say(CONFIDENCE.get(str(project.move.get("confidence")), CONFIDENCE["none"]))
        if not supply
        else NONE,
        it.source("slope" if supply else "effect_model", it.study.period),
    )


def months_text(it: Telling, months: int | None) -> str:
    """Return months until the effect is in force."""
    return NONE if months is None else it.say.fill(MONTH if months == 1 else MONTHS, count=months)


def _step(it: Telling, project: Project) -> str:
    row = project.move
    if "parameter_id" not in row:
        return it.say(HIDDEN)
    start, end = estimates.places((row.get("from"), row.get("to")), label(str(row.get("unit") or "")))
    process = label(str(row.get("process_name") or ""))
    name = label(str(row.get("parameter_name") or row["parameter_id"]))
    return it.say.fill(STEP, process=f"{process} " if process else "", name=name, start=start, end=end)


def _supply(it: Telling, project: Project) -> str:
    plant = it.study.chains.plants.get(project.enterprise_id, {})
    now, best = (
        NONE if plant.get(key) is None else estimates.level_of("ppm", plant[key])
        for key in ("ppm", "best_ppm")
    )
    return it.say.fill(SUPPLY, now=now, best=best)


def _effect(it: Telling, project: Project) -> str:
    """Return what it does: to the enterprise's indicators, and whether a level follows; else to customers."""
    said = [_one(it, effect) for effect in _shown(project)]
    if project.kind == "supply" and project.mended and project.mended.eased:
        found = project.mended.eased
        share, low, high = (f"{100 * part:.1f} %" for part in found)
        said.append(it.say.fill(EASED, share=share, span=it.say.fill(estimates.BETWEEN, low=low, high=high)))
    if level := project.move.get("moves_level"):
        words, period = it.say(it.say.pack.level_words(level["to_level"])), it.say.month(level["period"])
        said.append(it.say.fill(LEVEL, name=it.indicator(level["indicator"]), level=words, period=period))
    return "\n".join(said) or NONE


def _shown(project: Project) -> list[EffectOn]:
    by_target = {effect.target: effect for effect in read_effects(project.move)}
    return [by_target[target] for target in SHOWN if target in by_target][:MOST_EFFECTS]


def _one(it: Telling, effect: EffectOn) -> str:
    found = effect.change
    return it.say.fill(
        EFFECT,
        name=it.indicator(effect.target),
        change=estimates.change(effect.target, found.estimate, it.say),
        span=estimates.change_span(effect.target, found.low, found.high, it.say),
    )
