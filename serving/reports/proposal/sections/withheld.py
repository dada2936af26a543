"""What is not recommended, why, and what would settle it."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.proposal.moves import Row
from serving.reports.proposal.telling import Telling, capital
from serving.reports.speech import NONE

HEADING = Words("没有建议的，以及为什么", "What is not recommended, and why")
ALL = Words("全部可调整参数都已建议调整。", "Every parameter that can be moved is recommended above.")
UNKNOWN = Words(
    "下列可调整参数没有建议，原因未公布(zhuoyue train 会重新发布)：{names}。",
    "These parameters are not recommended, and why was not published (zhuoyue train publishes again): "
    "{names}.",
)
NOT_PUBLISHED = Words(
    "尚未发布任何建议，因此也没有可报告的原因。",
    "Nothing was published yet, so that there are no reasons to tell either.",
)
NOTHING = Words(
    "对整个企业没有建议：{reason}", "For the enterprise as a whole nothing is recommended: {reason}"
)
SILENCE = Words(
    "“没有建议”不等于“没有作用”：它表示记录不足以判断。有计划的试验比等待更快：zhuoyue pilot 给出参数"
    "、产线、时长和把握。",
    "Not recommended does not mean useless: it means that the records cannot tell. A planned pilot "
    "settles sooner than waiting: "
    "zhuoyue pilot says which parameter, which lines, how long and with what power.",
)
COLUMNS = (Words("参数", "Parameter"), Words("为什么没有建议", "Why not"), Words("下一步", "Next"))
MORE = Words("另有 {count} 项参数因同样的原因未列。", "{count} more parameters are not listed.")
MOST, SEVERAL = 12, "*"
THESE = Words("这些参数", "these parameters")
SHARED = frozenset(
    {
        "no_room",
        "too_costly",
        "not_among_top",
        "covers_zero",
        "placebo",
        "noisy_gauge",
        "sign",
        "random_cause",
    }
)
"""Reasons that read well of several levers."""


def withheld(it: Telling) -> list[Block]:
    """Return the levers without a recommendation, with the reasons that were published."""
    heading = Heading(it.say(HEADING))
    if it.known.published is None:
        return [heading, Text(it.say(NOT_PUBLISHED))]
    rows, whole = _rows(it), _whole(it)
    blocks: list[Block] = [heading, *([Text(whole)] if whole else [])]
    if rows:
        more = [Text(it.say.fill(MORE, count=len(rows) - MOST), "note")] if len(rows) > MOST else []
        return [*blocks, Text(it.say(SILENCE)), _table(it, rows[:MOST]), *more]
    return [*blocks, *_untold(it, said=bool(whole))]


def _rows(it: Telling) -> list[Row]:
    """Return `{parameter_id, reason_code}` of every lever that was held back."""
    published = it.known.published
    found = (row.get("withheld") or () for row in (published.recommendations if published else ()))
    return [one for several in found for one in several if one.get("parameter_id")]


def _whole(it: Telling) -> str:
    """Return why the enterprise got no recommendation at all, empty where it got one."""
    published = it.known.published
    row = next(
        (row for row in (published.recommendations if published else ()) if row.get("rank") is None), None
    )
    if row is None:
        return ""
    about = {**row, "parameter_id": row.get("reason_parameter_id")}
    return it.say.fill(NOTHING, reason=it.phrases.reason(about, it.known.parameters))


def _table(it: Telling, rows: list[Row]) -> Table:
    columns = tuple(Column(it.say(head), share) for head, share in zip(COLUMNS, (1.3, 2.4, 2.6), strict=True))
    return Table(columns, tuple(_row(it, group) for group in _groups(rows)))


def _row(it: Telling, group: list[Row]) -> tuple[Cell, ...]:
    names = [it.known.lever(str(row["parameter_id"])) for row in group]
    parameters, about = it.known.parameters, group[0]
    if len(group) > 1:
        parameters, about = {SEVERAL: {"name": it.say(THESE)}}, {**about, "parameter_id": SEVERAL}
    return (
        Cell((", " if it.say.language == "en" else "、").join(names), strong=True),
        Cell(capital(it.phrases.reason(about, parameters))),
        Cell(it.phrases.next_step(about, parameters) or NONE),
    )


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Return the levers that share a reason together, where its sentence reads well of several."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        code = str(row.get("reason_code"))
        found.setdefault(code if code in SHARED else str(row["parameter_id"]), []).append(row)
    return list(found.values())


def _untold(it: Telling, *, said: bool) -> list[Block]:
    """Return the actionable levers that neither a recommendation nor a reason speaks of."""
    moved = {move.parameter_id for move in it.moves}
    left = [
        it.known.lever(name)
        for name, row in sorted(it.known.parameters.items())
        if row.get("kind") == "actionable" and name not in moved
    ]
    if not left:
        return [] if said else [Text(it.say(ALL))]
    joined = ", " if it.say.language == "en" else "、"
    return [Text(it.say.fill(UNKNOWN, names=joined.join(left[:MOST])))]
