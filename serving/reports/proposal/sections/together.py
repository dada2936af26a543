"""What several moves are worth at once: as published, else between which bounds it lies and why."""

from __future__ import annotations

from collections.abc import Sequence

from qm_rules.words import Words
from serving.reports.proposal import estimates
from serving.reports.proposal.moves import Amount, Move, Row
from serving.reports.proposal.telling import Telling

PUBLISHED = Words(
    "几项同时实施，预计每年少损失 {benefit}；各项之和为 {sum}。合计不等于之和：损失只能减少一次，参数之间"
    "也会相互影响。",
    "All of them together are expected to avoid {benefit} a year; their sum would be {sum}. The whole is "
    "not the sum: a loss can be "
    "avoided only once, and parameters act on each other.",
)
BOUND = Words(
    "各项收益不能相加：损失只能减少一次。若参数互不影响，同时实施每年少损失的金额在最大一项 {low} 与各项之"
    "和 {high} 之间；参数相互影响的部分尚未公布。",
    "The benefits do not add up: a loss can be avoided only once. If the parameters do not act on each "
    "other, all together "
    "avoid between the largest alone, {low}, and the sum, {high}, a year; how they act on each other was "
    "not published.",
)


def joint(it: Telling) -> Amount | None:
    """Return the published benefit of all moves at once, CNY a year; None where it was not published."""
    published = it.known.published
    rows: Sequence[Row] = published.recommendations if published else ()
    found = next((row["together"] for row in rows if row.get("together")), None)
    if found is None or set(found.get("parameter_ids") or ()) != {move.parameter_id for move in it.moves}:
        return None
    ends = (estimates.known(found.get(name)) for name in ("benefit_low", "benefit_high"))
    benefit = estimates.known(found.get("benefit"))
    return None if benefit is None else Amount(benefit, *ends)


def bounds(moves: Sequence[Move]) -> tuple[float, float]:
    """Return the largest benefit alone and the sum of all.

    Avoided losses are shares of what is left, so that moves that do not act on each other avoid
    1 − Π(1 − share) of it: at least the largest share, at most the sum.
    """
    found = [move.benefit.estimate for move in moves if move.benefit is not None]
    return max(found, default=0.0), sum(found)


def together_text(it: Telling, moves: Sequence[Move]) -> str:
    """Return the sentence under the table."""
    found, (low, high) = joint(it), bounds(moves)
    if found is not None:
        return it.say.fill(PUBLISHED, benefit=it.money(found), sum=estimates.money(high, it.say))
    return it.say.fill(BOUND, low=estimates.money(low, it.say), high=estimates.money(high, it.say))
