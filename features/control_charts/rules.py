"""Run rules for control charts, over many series at once, and which points each rule marks.

| set | rules |
|---|---|
| `western_electric` | Western Electric, Statistical Quality Control Handbook (1956): 1 … 4 |
| `nelson` | Nelson (1984), Journal of Quality Technology 16(4), as in GB/T 4091: 1 … 8 |
| `shewhart` | R's qcc 2.7: 1 beyond a limit, 2 a run of seven on one side |
| `none` | no rule: only the limits speak |

Zone rules work on the distance to the centre line in standard errors, so they hold where limits vary. A
pattern needs neighbours within the same series; a point without a number fits no pattern. `k of m` rules
signal at the point that makes the pattern certain, so two points beyond 2σ at the start of a series do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple, get_args

import numpy as np

from features.capability.samples import Flags
from features.control_charts.lines import Lines

RuleSet = Literal["western_electric", "nelson", "shewhart", "none"]
RULE_SETS: tuple[RuleSet, ...] = get_args(RuleSet)

Pattern = tuple[Flags, Flags]
"""The points that complete a pattern, and the points that may be part of it."""


class Rule(NamedTuple):
    """One rule: its number in the set, the name of the pattern, and how long the pattern is in points."""

    number: int
    name: str
    window: int
    find: Callable[[Lines], list[Pattern]]


@dataclass(frozen=True)
class Signals:
    """Which points complete a rule's pattern, and which make it up: (points × rules) each."""

    rules: tuple[Rule, ...]
    completes: Flags
    members: Flags


@np.errstate(all="ignore")
def signals(lines: Lines, rule_set: RuleSet = "western_electric") -> Signals:
    """Apply a set of rules to every series."""
    rules = RULES[rule_set]
    shape = (len(lines.series.values), len(rules))
    completes, members = np.zeros(shape, bool, order="F"), np.zeros(shape, bool, order="F")
    for column, rule in enumerate(rules):
        for ends, eligible in rule.find(lines):
            completes[:, column] |= ends
            members[:, column] |= lines.series.leading_to(ends, rule.window) & eligible
    return Signals(rules, completes, members)


def _beyond(lines: Lines) -> list[Pattern]:
    return [(lines.beyond, lines.beyond)]


def _one_side(lines: Lines, length: int) -> list[Pattern]:
    return [_in_a_row(lines, side, length) for side in (lines.z > 0, lines.z < 0)]


def _zone(lines: Lines, needed: int, of: int, sigmas: float) -> list[Pattern]:
    """`needed` of `of` points beyond `sigmas` on the same side, the last one among them."""
    sides = (lines.z > sigmas, lines.z < -sigmas)
    return [(side & (lines.series.among(side, of) >= needed), side) for side in sides]


def _trend(lines: Lines, length: int) -> list[Pattern]:
    steps = lines.series.steps()
    anything = np.ones(len(steps), dtype=bool)
    return [(lines.series.run(side) >= length - 1, anything) for side in (steps > 0, steps < 0)]


def _alternating(lines: Lines, length: int) -> list[Pattern]:
    steps = lines.series.having(lines.series.steps())
    turns = steps.having(steps.values * np.where(steps.order > 0, np.roll(steps.values, 1), np.nan))
    ends: Flags = turns.run(turns.values < 0) >= length - 2
    return [(ends, np.ones(len(ends), dtype=bool))]


def _within(lines: Lines, length: int) -> list[Pattern]:
    return [_in_a_row(lines, np.abs(lines.z) <= 1, length)]


def _both_sides(lines: Lines, length: int) -> list[Pattern]:
    """`length` points in a row, none of them within 1σ, some above and some below."""
    ends, outside = _in_a_row(lines, np.abs(lines.z) > 1, length)
    above, below = (lines.series.among(side, length) > 0 for side in (lines.z > 1, lines.z < -1))
    return [(ends & above & below, outside)]


def _in_a_row(lines: Lines, flags: Flags, length: int) -> Pattern:
    return lines.series.run(flags) >= length, flags


def _rule(number: int, name: str, window: int, find: Callable[..., list[Pattern]], **more: float) -> Rule:
    return Rule(number, name, window, partial(find, **more))


RULES: dict[RuleSet, tuple[Rule, ...]] = {
    "western_electric": (
        _rule(1, "beyond_limits", 1, _beyond),
        _rule(2, "two_of_three_beyond_2", 3, _zone, needed=2, of=3, sigmas=2),
        _rule(3, "four_of_five_beyond_1", 5, _zone, needed=4, of=5, sigmas=1),
        _rule(4, "eight_on_one_side", 8, _one_side, length=8),
    ),
    "nelson": (
        _rule(1, "beyond_limits", 1, _beyond),
        _rule(2, "nine_on_one_side", 9, _one_side, length=9),
        _rule(3, "six_rising_or_falling", 6, _trend, length=6),
        _rule(4, "fourteen_alternating", 14, _alternating, length=14),
        _rule(5, "two_of_three_beyond_2", 3, _zone, needed=2, of=3, sigmas=2),
        _rule(6, "four_of_five_beyond_1", 5, _zone, needed=4, of=5, sigmas=1),
        _rule(7, "fifteen_within_1", 15, _within, length=15),
        _rule(8, "eight_beyond_1_both_sides", 8, _both_sides, length=8),
    ),
    "shewhart": (
        _rule(1, "beyond_limits", 1, _beyond),
        _rule(2, "seven_on_one_side", 7, _one_side, length=7),
    ),
    "none": (),
}
