"""A simple schedule: what follows what, counted from approval; names and days are filled in by hand."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Column, Heading, Table, Text, cells
from serving.reports.proposal.telling import Telling

HEADING = Words("进度安排", "Schedule")
ABOUT = Words(
    "各项错开实施，前一项的效果到位九成后再做下一项：同时改动时，事后无法分清是哪一项起了作用。时间自批准"
    "之日起，以企业自己的记录期计。",
    "One move after the other, the next when nine tenths of the last one's effect are there: made at "
    "once, nobody can tell which of "
    "them worked. Times count the enterprise's own periods from approval.",
)
COLUMNS = (
    Words("序", "#"), Words("内容", "What"), Words("时间", "When"), Words("负责人", "Who"), Words(
        "日期",
        "Date",
    ),
)  # fmt: skip
PREPARE = Words(
    "确认量具与记录、冻结当前基线、约定停止条件",
    "Confirm gauges and records, freeze the present baseline, agree when to stop",
)
MAKE = Words("实施第 {rank} 项：{title}", "Make move {rank}: {title}")
VERIFY = Words(
    "最后一项满十二期：前后对比验证，与承诺比较",
    "Twelve periods after the last move: verify, hold it against the promise",
)
SETTLE = Words(
    "有效则写入作业标准，无效则恢复原值", "If it worked, write it into the standard; if not, go back"
)
START, ONE = Words("第 1 期", "period 1"), Words("第 {at} 期", "period {at}")
SPAN = Words("第 {at} 至 {end} 期", "periods {at} to {end}")
FROM, END = Words("第 {at} 期起", "from period {at}"), Words("第 {at} 期末", "end of period {at}")
OPEN = Words("待定(到位时间未公布)", "open (time to effect not published)")
AFTER = Words("此后", "thereafter")
FULL = 12


def schedule(it: Telling) -> list[Block]:
    """Return the steps as a table; nothing where nothing is proposed."""
    if not it.moves:
        return []
    rows = [cells(str(index), what, when, "", "") for index, (what, when) in enumerate(_steps(it), 1)]
    shares = (0.45, 4.2, 1.6, 1.1, 1.1)
    columns = tuple(
        Column(it.say(head), share, "center" if index == 0 else "left")
        for index, (head, share) in enumerate(zip(COLUMNS, shares, strict=True))
    )
    return [Heading(it.say(HEADING)), Text(it.say(ABOUT)), Table(columns, tuple(rows))]


def _steps(it: Telling) -> list[tuple[str, str]]:
    """Return what is done and when; what follows a move of unknown arrival stays open."""
    say, found = it.say, [(it.say(PREPARE), it.say(START))]
    at: int | None = 2
    started = at
    for move in it.moves:
        found.append((say.fill(MAKE, rank=move.rank, title=it.title(move)), _when(it, at, move.arrival)))
        started = at
        at = None if at is None or move.arrival is None else at + max(move.arrival, 1)
    verified = say(OPEN) if started is None else say.fill(END, at=started + FULL - 1)
    return [*found, (say(VERIFY), verified), (say(SETTLE), say(AFTER))]


def _when(it: Telling, at: int | None, arrival: int | None) -> str:
    if at is None:
        return it.say(OPEN)
    if arrival is None:
        return it.say.fill(FROM, at=at)
    end = at + max(arrival, 1) - 1
    return it.say.fill(SPAN, at=at, end=end) if end > at else it.say.fill(ONE, at=at)
