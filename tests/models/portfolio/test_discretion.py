"""No group of one to four hidden enterprises can be read or worked out from what is shown."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.portfolio.discretion import FEWEST, shown, shown_cells


def tree_of(members):
    """Root, divisions, division × size, from (division, size) of each enterprise."""
    parts = {"all": sorted({(division,) for division, _ in members})}
    for pair in sorted(set(members)):
        parts.setdefault(pair[:1], []).append(pair)
    return parts


def belongs(group, member):
    return group == "all" or member[: len(group)] == group


def in_span(rows, wanted):
    """Whether a 0/1 vector is a linear combination of rows."""
    if not len(rows):
        return False
    solved = np.linalg.lstsq(rows.T, wanted, rcond=None)[0]
    return bool(np.abs(rows.T @ solved - wanted).max() < 1e-8)


MEMBERS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("SML"), st.booleans()), min_size=1, max_size=13
)


@settings(max_examples=150, deadline=None)
@given(MEMBERS)
def test_no_small_hidden_group_can_be_worked_out(drawn):
    """Whatever is added and taken away of shown groups, and of whom the reader sees anyhow."""
    members, hidden = [row[:2] for row in drawn], np.array([row[2] for row in drawn])
    parts = tree_of(members)
    groups = ["all", *parts["all"], *(leaf for whole in parts["all"] for leaf in parts[whole])]
    inside = {g: np.array([belongs(g, m) for m in members]) for g in groups}
    counts = {g: int((inside[g] & hidden).sum()) for g in groups}
    allowed = shown("all", parts, counts)
    who = np.flatnonzero(hidden)
    if not len(who):
        return
    rows = np.array([inside[g][who] for g in groups if g in allowed], dtype=float).reshape(-1, len(who))
    for size in range(1, min(FEWEST, len(who) + 1)):
        for chosen in combinations(range(len(who)), size):
            vector = np.zeros(len(who))
            vector[list(chosen)] = 1.0
            assert not in_span(rows, vector), (members, hidden, allowed, chosen)


@given(MEMBERS)
def test_what_the_reader_sees_anyhow_is_always_shown(drawn):
    members = [row[:2] for row in drawn]
    parts = tree_of(members)
    groups = {"all", *parts["all"], *(leaf for whole in parts["all"] for leaf in parts[whole])}
    assert shown("all", parts, dict.fromkeys(groups, 0)) == groups


def test_large_groups_are_all_shown():
    parts = {"all": ["a", "b", "c"]}
    assert shown("all", parts, {"all": 15, "a": 5, "b": 5, "c": 5}) == {"all", "a", "b", "c"}


def test_one_small_group_takes_another_with_it():
    parts = {"all": ["a", "b", "c"]}
    assert shown("all", parts, {"all": 24, "a": 4, "b": 7, "c": 13}) == {"all", "c"}


def test_several_small_groups_hide_each_other():
    parts = {"all": ["a", "b", "c"]}
    assert shown("all", parts, {"all": 19, "a": 3, "b": 3, "c": 13}) == {"all", "c"}


@given(st.lists(st.integers(0, 20), min_size=6, max_size=6))
def test_cells_of_a_row_hold_back_at_least_five_or_none(counts):
    if 0 < sum(counts) < FEWEST:
        return  # such a row is not shown at all
    cells = shown_cells(counts)
    left = sum(counts) - sum(cell for cell in cells if cell is not None)
    assert left == 0 or left >= FEWEST
    assert all(cell is None or cell == 0 or cell >= FEWEST for cell in cells)
    assert all(cell in (None, count) for cell, count in zip(cells, counts, strict=True))
