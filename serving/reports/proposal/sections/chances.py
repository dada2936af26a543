"""What is forecast: the chance of the next level, and one indicator's way with and without the first move."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qm_rules.words import Words
from serving.reports.blocks import Block, Figure, Heading, Text
from serving.reports.drawing.course import Course, course
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import Amount, Row
from serving.reports.proposal.telling import INDICATOR_OF, Telling, capital

HEADING = Words("预测(不是官方等级)", "Forecast (not an official grade)")
NONE_PUBLISHED = Words("没有已发布的预测", "no forecast is published")
CHANCE = Words(
    "若一切照旧，{period}的{basis}达到{level}或更高的可能为 {now}，到那时至少有一次达到的可能为 {once}",
    "if things go on as they are, {basis} {period} is at {level} or better with a chance of {now}; once "
    "at least until then: {once}",
)
CHANCE_TOP = Words(
    "若一切照旧，{period}的{basis}仍为{level}的可能为 {now}",
    "if things go on as they are, {basis} {period} is still at {level} with a chance of {now}",
)
BASIS = {
    "window": Words("官方十二个月窗口", "the official twelve months to"),
    "period": Words("当月数据", "the month of"),
}
ABOUT = Words(
    "以下为模型 {version} 于 {created} 发布的预测，依据截至 {until} 的记录；它是概率，不是评价结论，不能用"
    "于声明。",
    "What follows was forecast by model {version}, published on {created}, from records up to {until}. It "
    "is a "
    "probability, not a finding, and nothing that could be declared.",
)
OLD = Words(
    "此后已有新的记录（{end}）,预测和建议未包含它们;zhuoyue train 会重新发布。",
    "Records have come since (up to {end}) that forecast and recommendations do not know; zhuoyue train "
    "publishes again.",
)
SCOPE = Words(
    "管理项未提供，可能性只就绩效指标而言。",
    "Management items were never supplied: the chance is about performance alone.",
)
HELD = Words("管理项按最近一次评定保持不变。", "Management items are held at their latest assessment.")
CAPTION = Words(
    "{target}：已知值、若照旧的预测(90 % 区间)以及未来 {count} 期均值——不调整与实施第 1 项",
    "{target}: known values, the forecast if nothing is moved (90 % interval), and the mean of the next "
    "{count} periods "
    "without and with the first move",
)
CAPTION_PLAIN = Words(
    "{target}：已知值与若照旧的预测(90 % 区间)",
    "{target}: known values and the forecast if nothing is moved (90 % interval)",
)
LEGEND = (
    Words("已知值", "known"), Words("预测(不调整)", "forecast, unmoved"), Words(
        "未来均值，不调整",
        "mean ahead, unmoved",
    ),
    Words("未来均值，实施第 1 项", "mean ahead, first move"),
)  # fmt: skip
ENDS = ("0.05", "0.95")
SHOWN, HIGHEST = 24, 5
ORDER = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")


def chances(it: Telling) -> list[Block]:
    """Return the forecast part: what it is, the chance of the next level, the drawing."""
    published, say = it.known.published, it.say
    if published is None:
        return [Heading(say(HEADING), 2), Text(f"{capital(say(NONE_PUBLISHED))}{_stop(it)}")]
    about = say.fill(
        ABOUT,
        version=published.model_version,
        created=published.created_at[:10],
        until=it.period(published.until) if published.until else "—",
    )
    end = it.facts.grade.evidence.document["window"]["end"]
    old = say.fill(OLD, end=say.month(end)) if published.until and published.until[:7] < end else ""
    sentence = f"{capital(chance_sentence(it))}{_stop(it)}"
    blocks: list[Block] = [Heading(say(HEADING), 2), Text(it.sentences(about, old), "note")]
    return [*blocks, Text(it.sentences(sentence, _scope(it))), *_figure(it)]


def chance_sentence(it: Telling) -> str:
    """Return the chance of the next level at the end of the forecast, without a full stop."""
    row = last_chance(it)
    if row is None:
        return it.say(NONE_PUBLISHED)
    reached = it.facts.grade.at_most
    aim = min(reached + 1, HIGHEST)
    now = sum(float(p) for name, p in row["probabilities"].items() if int(name) >= aim)
    told = {
        "period": it.period(str(row["period"])),
        "basis": it.say(BASIS[row["basis"]]),
        "level": it.say(it.say.pack.level_words(aim)),
        "now": estimates.chance(now),
    }
    if reached == HIGHEST:
        return it.say.fill(CHANCE_TOP, **told)
    return it.say.fill(CHANCE, once=estimates.chance(float(row["reached_by"].get(str(aim), 0.0))), **told)


def last_chance(it: Telling) -> Row | None:
    """Return the attainment row furthest ahead, on the official window if there is one."""
    rows = it.known.published.attainment if it.known.published else ()
    basis = "window" if any(row["basis"] == "window" for row in rows) else "period"
    return max(
        (row for row in rows if row["basis"] == basis), key=lambda row: int(row["horizon"]), default=None
    )


def _scope(it: Telling) -> str:
    row = last_chance(it)
    if row is None:
        return ""
    held = set(row.get("held") or ()) & set(it.say.pack.items)
    return it.say(SCOPE if row["scope"] == "performance" else HELD) if held or row["scope"] != "grade" else ""


def _figure(it: Telling) -> list[Block]:
    """Draw the indicator that the first move is about, else the first that there is a forecast of."""
    published = it.known.published
    by_target = {name: _rows(it, name) for name in ORDER} if published else {}
    target, added = _first_effect(it)
    target = target if by_target.get(target) else next((name for name, rows in by_target.items() if rows), "")
    if not target:
        return []
    rows, added = by_target[target], added if target == _first_effect(it)[0] else None
    known = [(str(row["period"]), float(row[target])) for row in it.known.history][-SHOWN:]
    words = CAPTION if added else CAPTION_PLAIN
    caption = it.say.fill(words, target=it.target(target), count=len(rows))
    return [Figure(course(_course(it, target, known, rows, added)), caption, caption)]


def _rows(it: Telling, target: str) -> list[Row]:
    published = it.known.published
    found = (row for row in (published.forecasts if published else ()) if row["target"] == target)
    return sorted(found, key=lambda row: int(row["horizon"]))


def _first_effect(it: Telling) -> tuple[str, Amount | None]:
    """Return the indicator that the first move is recommended for, with its effect."""
    move = it.moves[0] if it.moves else None
    found = next((e for e in move.effects if e.target == move.target), None) if move else None
    return (found.target, found.change) if found else ("", None)


def _course(
    it: Telling, target: str, known: Sequence[tuple[str, float]], rows: Sequence[Row], added: Amount | None
) -> Course:
    means = [float(row["mean"]) for row in rows]
    without = math.fsum(means) / len(means)
    ends = (None, None) if added is None else (added.low, added.high)
    low, high = (None if end is None else without + end for end in ends)
    return Course(
        known=[value for _, value in known],
        mean=means,
        low=[float(row["quantiles"][ENDS[0]]) for row in rows],
        high=[float(row["quantiles"][ENDS[1]]) for row in rows],
        without=without,
        with_=None if added is None else (without + added.estimate, low, high),
        bounds=_bounds(it, target),
        first=known[0][0] if known else "",
        split=str(rows[0]["period"]),
        last=str(rows[-1]["period"]),
        words=(it.say(LEGEND[0]), it.say(LEGEND[1]), it.say(LEGEND[2]), it.say(LEGEND[3])),
        label=lambda value: estimates.level_of(target, value),
    )


def _bounds(it: Telling, target: str) -> list[tuple[float, str]]:
    """Return the official thresholds with the name of the level that each opens."""
    asked = it.facts.grade.book.ladders[INDICATOR_OF.get(target, target)].asked
    return [
        (step.numerator / step.denominator, it.say(it.say.pack.level_words(level)))
        for level, step in asked.items()
        if step.numerator
    ]


def _stop(it: Telling) -> str:
    return "." if it.say.language == "en" else "。"
