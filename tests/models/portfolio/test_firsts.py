"""Histograms against comparing every byte, and what a portfolio does with first months."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER, counts, first_months, in_calendar
from models.portfolio.horizon import AHEAD, FAR
from tests.models.portfolio.portfolios import Plant, portfolio, steady


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 1500), st.sampled_from([1, 12, FAR]))
def test_counts_are_those_of_the_first_months(seed, enterprises, months):
    rng = np.random.default_rng(seed)
    first = rng.choice(np.array([1, 3, 6, 11, 12, 13, FAR, NEVER], dtype=np.uint8), (4, enterprises, 5))
    first[:, rng.random(enterprises) < 0.5] = NEVER
    members = rng.random(enterprises) < rng.choice([0.02, 0.6, 1.0])
    for level in (2, 3, 4, 5):
        found = counts(first, level, members, months)
        assert found.shape == (5, months)
        for month in range(1, months + 1):
            assert (found[:, month - 1] == (first[level - 2] <= month)[members].sum(axis=0)).all()


def test_first_months_by_hand():
    levels = np.array([[[2, 3, 2, 4], [1, 1, 1, 1]]], dtype=np.int8)
    assert first_months(levels)[:, 0].tolist() == [[1, NEVER], [2, NEVER], [4, NEVER], [NEVER, NEVER]]


def test_who_ends_earlier_is_further_on_in_the_calendar():
    first = np.array([[[1, 4, 36, NEVER], [1, 4, 36, NEVER]]], dtype=np.uint8)
    assert in_calendar(first, np.array([0, 3])).tolist() == [[[1, 4, 36, NEVER], [1, 1, 33, NEVER]]]


def test_nobody_reaches_nothing():
    assert not counts(np.full((4, 3, 2), 1, np.uint8), 2, np.zeros(3, bool), 12).any()


def plants():
    return [
        Plant("a", 1, steady(1), {2: [1, 4, 0, 0]}, region="330100"),
        Plant("b", 1, steady(1, until="2025-08"), {2: [4, 5, 0, 0]}, region="330200", end="2025-09"),
        Plant("c", 1, steady(1), {2: [9, 9, 9, 0]}, region="420100"),
        Plant("d", 1, steady(1), region=""),
    ]


def test_a_region_is_a_run_of_rows(tmp_path):
    made = portfolio(tmp_path, plants())
    for region in ("", "33", "3302", "42", "4", "99", "330100"):
        run = made.run(region)
        inside = [str(code).startswith(region) for code in made.columns["region_code"]]
        assert inside == [run.start <= row < run.stop for row in range(len(made))]
    own = made.part(made.run("33"))
    assert own.enterprise_ids.tolist() == ["a", "b"]
    assert own.counts("grade", 2, np.ones(2, bool))[:, [0, 3]].tolist() == [[2, 2], [0, 2], [0, 0], [0, 0]]


def test_changed_rows_change_counts_and_chances_and_nothing_else(tmp_path):
    made = portfolio(tmp_path, plants())
    rows = np.array([made.place["b"], made.place["d"]])
    new = np.full((4, 2, 4), NEVER, np.uint8)
    new[0] = [[1, 1, 20, NEVER], [30, 30, NEVER, NEVER]]
    changed = made.changed(rows, {"grade": new})
    everybody = np.ones(4, bool)
    at = changed.counts("grade", 2, everybody)
    assert at[:, FAR - 1].tolist() == [4, 4, 2, 0]
    assert at[:, 0].tolist() == [2, 1, 0, 0]
    # b ends three months early: within 6 months of its records is by the third of the calendar, and within
    # 3 of them is over already.
    reached = [changed.reach("grade", 2, ahead)[rows[0]] for ahead in AHEAD]
    assert reached == pytest.approx([0.0, 0.5, 0.5, 0.75, 0.75])
    for same in (made.place["a"], made.place["c"]):
        for ahead in AHEAD:
            assert changed.reach("grade", 2, ahead)[same] == made.reach("grade", 2, ahead)[same]
    assert (changed.firsts("performance") == made.firsts("performance")).all()
    assert made.counts("grade", 2, everybody)[:, FAR - 1].tolist() == [3, 3, 1, 0]


def test_the_same_first_months_change_no_number(tmp_path):
    made = portfolio(tmp_path, plants())
    rows = np.arange(len(made))
    same = made.changed(rows, {basis: made.firsts(basis)[:, rows] for basis in BASES})
    for name, values in made.columns.items():
        assert np.array_equal(values, same.columns[name], equal_nan=values.dtype.kind == "f"), name
