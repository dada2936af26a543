"""质量效益测算表: what failure costs now, what each move avoids of it, what that costs, what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qm_rules.trace import phrases as official
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import Amount, Move, Row, amount, part
from serving.reports.proposal.sections.together import bounds, joint, together_text
from serving.reports.proposal.telling import Telling
from serving.reports.speech import NONE

HEADING = Words("质量效益测算表", "Costs and benefits of quality (质量效益测算表)")
NO_MONEY = Words(
    "记录中没有质量损失金额，不能折算为金额。",
    "The records hold no amounts of quality loss: nothing can be told in money.",
)
UNIT = Words(
    "单位：万元/年。“现状”为最近十二期质量成本记录；“减少”为与不调整相比、调整后十二期的平均；负数为增加。",
    "CNY thousand a year. Now: the last twelve statements of quality costs. Avoided: against leaving alone, "
    "mean of the twelve periods after the move; a negative amount is added cost.",
)
ITEM, NOW = Words("项目", "Item"), Words("现状", "Now")
AVOIDED = Words("第 {rank} 项减少", "Move {rank} avoids")
JOINT = Words("同时实施", "All together")
SIDES = {"internal": Words("内部损失小计", "Inside, sum"), "external": Words("外部损失小计", "Outside, sum")}
ROWS = {
    "avoided": Words("减少的质量损失", "Loss avoided"),
    "avoided_span": Words("  90 % 区间", "  90 % interval"),
    "cost": Words("每年费用", "Cost a year"),
    "one_off": Words("一次性费用", "One-off cost"),
    "net": Words("每年净收益", "Net a year"),
    "net_span": Words("  90 % 区间", "  90 % interval"),
    "first_year": Words("  其中第一年", "  first year"),
    "payback": Words("回收期", "Payback"),
    "positive": Words("净收益大于零的可能", "Chance that net is above zero"),
}
TO = Words("{first} 至 {last}", "{first} to {last}")
ASSUMPTIONS = Words("测算依据与假定：", "What this rests on:")
OF_MOVES = Words("第 {ranks} 项：{text}", "Move {ranks}: {text}")
MOST = 4
UNITS = {"zh": 1e4, "en": 1e3}
"""CNY in one unit of the table: 万元, thousand."""
Tell = Callable[[Move], str]


def benefit(it: Telling) -> list[Block]:
    """Return the table, what moves are worth together, and the assumptions; nothing without a move."""
    moves = it.moves[:MOST]
    if not moves:
        return []
    blocks: list[Block] = [Heading(it.say(HEADING))]
    if all(move.benefit is None for move in moves):
        return [*blocks, Text(it.say(NO_MONEY))]
    blocks += [Text(it.say(UNIT), "note"), _table(it, moves)]
    if len(moves) > 1:
        blocks.append(Text(together_text(it, moves)))
    return [*blocks, *_assumptions(it, moves)]


def _table(it: Telling, moves: Sequence[Move]) -> Table:
    columns = [Column(it.say(ITEM), 1.35), Column(it.say(NOW), 0.85, "right")]
    columns += [Column(it.say.fill(AVOIDED, rank=move.rank), 1.35, "right") for move in moves]
    if len(moves) > 1:
        columns.append(Column(it.say(JOINT), 1.35, "right"))
    return Table(tuple(columns), (*_categories(it, moves), *_totals(it, moves)))


def _categories(it: Telling, moves: Sequence[Move]) -> list[tuple[Cell, ...]]:
    """Return a row per category of cost, and one per side, as far as the records tell them."""
    table = next((move.table for move in moves if move.table), {})
    found: list[tuple[Cell, ...]] = []
    for side, words in SIDES.items():
        lines = [line for line in table.get("lines") or () if line["side"] == side]
        for line in lines:
            each = [_of_line(move, side, str(line["category"])) for move in moves]
            found.append(_money_row(it, _category(it, str(line["category"])), line.get("now"), each, moves))
        now = table.get(f"{side}_now")
        each = [amount(part(move.table, f"avoided_{side}")) for move in moves]
        if now is not None:
            found.append(_money_row(it, it.say(words), now, each, moves, strong=True))
    return found


def _of_line(move: Move, side: str, category: str) -> Amount | None:
    lines = move.table.get("lines") or ()
    found = (line for line in lines if (line["side"], line["category"]) == (side, category))
    return next((amount(part(line, "avoided")) for line in found), None)


def _money_row(
    it: Telling,
    name: str,
    now: object,
    each: Sequence[Amount | None],
    moves: Sequence[Move],
    *,
    strong: bool = False,
) -> tuple[Cell, ...]:
    amounts = [_yuan(it, one.estimate if one else None) for one in each]
    cells = [Cell(text, strong=strong) for text in (name, _yuan(it, estimates.known(now)), *amounts)]
    return (*cells, Cell("")) if len(moves) > 1 else tuple(cells)


def _totals(it: Telling, moves: Sequence[Move]) -> list[tuple[Cell, ...]]:
    """Return the rows under the categories; those of which nothing was published are left out."""
    tells: dict[str, Tell] = {
        "avoided": lambda move: _estimate(it, move.benefit),
        "avoided_span": lambda move: _span(it, move.benefit),
        "cost": lambda move: _yuan(it, move.cost),
        "one_off": lambda move: _yuan(it, estimates.known(move.table.get("one_off_cost"))),
        "net": lambda move: _estimate(it, move.net),
        "net_span": lambda move: _span(it, move.net),
        "first_year": lambda move: _yuan(it, _first_year(move.table)),
        "payback": lambda move: estimates.payback(move.payback, it.say),
        "positive": lambda move: _positive(move),
    }
    beside = _together(it, moves) if len(moves) > 1 else None
    rows = []
    for name, tell in tells.items():
        told = [tell(move) for move in moves]
        if any(text != NONE for text in told):
            last = () if beside is None else (Cell(beside.get(name, "")),)
            strong = name in ("avoided", "net")
            texts = (Cell(text, strong=strong) for text in told)
            rows.append((Cell(it.say(ROWS[name]), strong=strong), Cell(""), *texts, *last))
    return rows


def _together(it: Telling, moves: Sequence[Move]) -> dict[str, str]:
    """Return what stands in the last column: the joint effect, or the bounds where it was not published."""
    cost = sum(move.cost or 0.0 for move in moves)
    found = joint(it)
    if found is None:
        low, high = bounds(moves)
        ends = it.say.fill(TO, first=_yuan(it, low), last=_yuan(it, high))
        return {"avoided": ends, "cost": _yuan(it, cost)}
    net = Amount(
        found.estimate - cost, *(None if end is None else end - cost for end in (found.low, found.high))
    )
    return {
        "avoided": _yuan(it, found.estimate),
        "avoided_span": _span(it, found),
        "cost": _yuan(it, cost),
        "net": _yuan(it, net.estimate),
        "net_span": _span(it, net),
    }


def _yuan(it: Telling, value: float | None) -> str:
    """Return CNY as a number of three digits in the unit that stands above the table."""
    return NONE if value is None else estimates.short(value / UNITS[it.say.language])


def _estimate(it: Telling, found: Amount | None) -> str:
    return _yuan(it, found.estimate if found else None)


def _span(it: Telling, found: Amount | None) -> str:
    if found is None or found.low is None or found.high is None:
        return NONE
    return it.say.fill(TO, first=_yuan(it, found.low), last=_yuan(it, found.high))


def _first_year(table: Row) -> float | None:
    years = table.get("years") or ()
    return estimates.known(years[0].get("net")) if years else None


def _positive(move: Move) -> str:
    found = estimates.known(move.table.get("positive"))
    return NONE if found is None else estimates.chance(found)


def _category(it: Telling, name: str) -> str:
    return it.say(official.CATEGORIES[name]) if name in official.CATEGORIES else label(name)


def _assumptions(it: Telling, moves: Sequence[Move]) -> list[Block]:
    """Return every assumption once; where moves differ in it, what it is for each of them."""
    told: dict[str, dict[int, str]] = {}
    for move in moves:
        for row in move.table.get("assumptions") or ():
            told.setdefault(str(row.get("code")), {})[move.rank] = it.phrases.assumption(row)
    texts = [text for each in told.values() for text in _each(it, each, len(moves))]
    if not texts:
        return []
    numbered = (f"({index}) {text}" for index, text in enumerate(texts, 1))
    return [Text(it.sentences(it.say(ASSUMPTIONS), *numbered), "note")]


def _each(it: Telling, texts: Mapping[int, str], moves: int) -> list[str]:
    """Return one text where all moves share it, else those that differ with the numbers of their moves."""
    by_text: dict[str, list[int]] = {}
    for rank, text in texts.items():
        by_text.setdefault(text, []).append(rank)
    if len(by_text) == 1 and len(texts) == moves:
        return list(by_text)
    joined = ", " if it.say.language == "en" else "、"
    return [
        it.say.fill(OF_MOVES, ranks=joined.join(map(str, ranks)), text=text)
        for text, ranks in by_text.items()
    ]
