"""Who is open and who came, by hand."""

import numpy as np
import pandas as pd

from models.attainment.official import State
from models.portfolio.backtest.past import STEPS, from_rows
from models.portfolio.firsts import NEVER
from models.rules_numpy import ArrayRules

BEGIN = 24_000


def past(**levels):
    """`levels`: grades by month of each enterprise; the performance level is one better, at most 5."""
    rows = [
        (name, BEGIN + at, level, min(level + 1, 5))
        for name, own in levels.items()
        for at, level in enumerate(own)
        if level
    ]
    return from_rows(pd.DataFrame(rows, columns=["enterprise_id", "month", "grade", "performance"]))


def came(found, month, name):
    row = found.enterprise_ids.index(name)
    return found.came("grade", BEGIN + month, [None] * len(found.enterprise_ids))[:, row].tolist()


def test_a_jump_counts_at_every_level_passed():
    found = past(A=[1, 1, 4, 4])
    assert found.open("grade", BEGIN + 1)[:, 0].all()
    assert came(found, 1, "A") == [1, 1, 1, NEVER]


def test_who_falls_and_returns_is_not_open():
    found = past(A=[1, 3, 1, 1, 3])
    assert found.open("grade", BEGIN + 2)[:, 0].tolist() == [False, False, True, True]
    assert found.newly("grade", BEGIN + 2, BEGIN + 4)[:, 0].tolist() == [False] * 4


def test_who_has_no_level_yet_is_not_known():
    found = past(A=[0, 0, 2], B=[1, 1, 1])
    assert found.known("grade", BEGIN + 1).tolist() == [False, True]
    assert not found.open("grade", BEGIN + 1)[:, 0].any()
    assert not found.newly("grade", BEGIN + 1, BEGIN + 2).any()


def test_the_latest_level_is_the_last_that_there_was():
    assert past(A=[2, 3, 0, 0], B=[1, 1, 1, 1]).latest("grade", BEGIN + 3).tolist() == [3, 1]


def test_a_passage_after_the_records_is_none():
    assert came(past(A=[1, 1, 2]), 2, "A") == [NEVER] * 4


def state(level):
    items = ArrayRules().book.items
    return State({}, {}, {}, dict.fromkeys(items, level))


def test_held_is_the_grade_with_the_management_of_the_origin():
    # Performance is 2, 2, 4, 5; management was at 3 at the origin, and the grade came to 3 and 4.
    found = past(A=[1, 1, 3, 4])
    held = found.came("held", BEGIN + 1, [state(3)])
    assert held[:, 0].tolist() == [1, 1, NEVER, NEVER]
    assert found.came("performance", BEGIN + 1, [state(3)])[:, 0].tolist() == [1, 1, 1, 2]


def test_who_has_no_state_at_the_origin_comes_to_nothing_that_is_held():
    found = past(A=[1, 1, 3, 4])
    assert (found.came("held", BEGIN + 1, [None]) == NEVER).all()


def test_steps_are_the_levels_above_the_first():
    assert np.array_equal(STEPS, [2, 3, 4, 5])
