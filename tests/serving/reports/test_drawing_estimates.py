"""Drawings of estimates: the axis holds all that is drawn, and lengths are proportional to amounts."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from serving.reports.drawing.course import Course, course
from serving.reports.drawing.whiskers import Whisker, span, ticks, whiskers

AMOUNTS = st.floats(-1e9, 1e9)


@settings(max_examples=500)
@example([(333105830.0, -407634911.0)])
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5))
def test_ticks_are_round_few_and_hold_zero(pairs: list[tuple[float, float]]) -> None:
    rows = [Whisker("x", one, min(one, other), max(one, other), None, "") for one, other in pairs]
    low, high = span(rows)
    assume(high - low > 1e-6)
    found = ticks(rows)
    assert 0.0 in [round(value, 12) for value in found]
    assert 2 <= len(found) <= 6
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in found)


def test_bars_are_as_long_as_their_amounts() -> None:
    rows = [Whisker("a", 100.0, 50.0, 150.0, 20.0, "100"), Whisker("b", 50.0, None, None, None, "50")]
    drawing = whiskers(rows, ("bar", "interval", "cost"), [str(value) for value in ticks(rows)])
    bars = [s for s in drawing.shapes if s["shape"] == "box" and s["y"] > 10]
    assert bars[0]["width"] == pytest.approx(2 * bars[1]["width"], rel=1e-3)
    lines = [s["points"] for s in drawing.shapes if s["shape"] == "path" and s["thickness"] == 1.1]
    across = [points for points in lines if points[0][1] == points[1][1] and points[0][1] > 10]
    assert across[0][1][0] - across[0][0][0] == pytest.approx(bars[0]["width"], rel=1e-3)


def test_a_loss_is_drawn_to_the_left() -> None:
    rows = [Whisker("a", -40.0, -60.0, -10.0, None, ""), Whisker("b", 40.0, 20.0, 60.0, None, "")]
    drawing = whiskers(rows, ("", "", ""), [str(value) for value in ticks(rows)])
    bad, good = (s for s in drawing.shapes if s["shape"] == "box" and s["y"] > 10)
    assert bad["fill"] != good["fill"]
    assert bad["x"] + bad["width"] == pytest.approx(good["x"], abs=0.1)


@pytest.mark.parametrize("with_", [None, (0.99, 0.985, 0.995), (0.99, None, None)])
def test_the_course_shows_the_move_only_where_there_is_one(
    with_: tuple[float, float | None, float | None] | None,
) -> None:
    drawn = course(
        Course(
            known=[0.97, float("nan"), 0.98], mean=[0.98, 0.981], low=[0.97, 0.97], high=[0.99, 0.99],
            without=0.9805, with_=with_,
            bounds=[(0.98, "level"), (0.5, "far")], first="a", split="b", last="c",
            words=("known", "forecast", "without", "with"), label=str,
        )
    )  # fmt: skip
    texts = [s["text"] for s in drawn.shapes if s["shape"] == "text"]
    assert ("with" in texts) == (with_ is not None)
    assert "level" in texts
    assert "far" not in texts
    places = [y for s in drawn.shapes if s["shape"] == "path" for _, y in s["points"]]
    assert min(places) >= 0
    assert max(places) <= drawn.height
