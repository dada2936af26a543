"""Charts are worked out as shapes, so that what they show can be measured."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.reports.drawing.bars import Bar, pareto
from serving.reports.drawing.bullets import place
from serving.reports.drawing.canvas import Canvas, fitted, width_of
from serving.reports.drawing.ladder import ladder
from serving.reports.drawing.spc import Spread, Track, _counted, study
from serving.reports.drawing.svg import svg

RISING, FALLING = [0.9, 0.95, 0.97, 0.98], [66800.0, 6200.0, 230.0, 3.4]


@pytest.mark.parametrize(("value", "where"), [(0.9, 1.0), (0.95, 2.0), (0.96, 2.5), (0.98, 4.0), (0.7, 0.0)])
def test_a_threshold_stands_at_the_start_of_its_field(value: float, where: float) -> None:
    assert place(value, RISING, 1.0, 0.7) == pytest.approx(where)


@given(st.floats(0, 1), st.floats(0, 1))
def test_better_stands_further_right(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert place(low, RISING, 1.0, 0.7) <= place(high, RISING, 1.0, 0.7) + 1e-9
    worse, better = 1e6 * high, 1e6 * low
    assert (
        place(worse, FALLING, 0.1, 1e6, scale="log") <= place(better, FALLING, 0.1, 1e6, scale="log") + 1e-9
    )


@given(st.floats(-1e9, 1e9))
def test_every_place_is_on_the_band(value: float) -> None:
    assert 0 <= place(value, RISING, 1.0, 0.7) <= 5


def test_bars_are_as_long_as_their_amounts() -> None:
    drawing = pareto([Bar("a", 60, "60"), Bar("b", 30, "30", True), Bar("c", 10, "10")], ("in", "out"), "sum")
    bars = [shape for shape in drawing.shapes if shape["shape"] == "box"][2:]
    longest = bars[0]["width"]
    assert [bar["width"] / longest for bar in bars] == pytest.approx([1, 0.5, 1 / 6], abs=1e-3)
    curve = next(shape for shape in drawing.shapes if shape["shape"] == "path" and len(shape["points"]) == 4)
    left = curve["points"][0][0]
    assert [(x - left) / longest for x, _ in curve["points"]] == pytest.approx([0, 0.6, 0.9, 1], abs=1e-3)


def test_only_reached_levels_are_filled() -> None:
    reached = [
        shape["fill"]
        for shape in ladder("abcde", 3, "here", possible=False).shapes
        if shape["shape"] == "box"
    ]
    assert [fill is not None for fill in reached] == [True, True, True, False, False]
    possible = [
        shape for shape in ladder("abcde", 5, "most", possible=True).shapes if shape["shape"] == "box"
    ]
    assert all(shape["fill"] is None and shape["dash"] for shape in possible)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=200))
def test_a_histogram_counts_everybody_once(values: list[float]) -> None:
    counts, edges = _counted(values)
    assert sum(counts) == len(values)
    assert edges[0] <= min(values)
    assert edges[-1] >= max(values) - 1e-9 * max(1, abs(max(values)))


def test_limits_that_are_missing_are_not_drawn() -> None:
    nan = float("nan")
    track = Track("I", [1.0, 1.0], [nan, nan], [nan, nan], [nan, nan], [False, True])
    drawing = study(track, None, Spread("2", [1.0, 1.0], None, 2.0, None, ("L", "N", "U")), "a", "b")
    texts = [shape["text"] for shape in drawing.shapes if shape["shape"] == "text"]
    assert "U" in texts
    assert "L" not in texts
    assert not any(text.startswith("UCL") for text in texts)


def test_svg_is_sound_xml_whatever_the_text() -> None:
    canvas = Canvas(50, 20)
    canvas.text((1, 1), '<script>&"]]>')
    canvas.dot((1, 1), 2, "ink", None)
    found = ElementTree.fromstring(svg(canvas.done(), 'a"<b'))
    assert found.attrib["aria-label"] == 'a"<b'
    assert found.find("{http://www.w3.org/2000/svg}text").text == '<script>&"]]>'  # type: ignore[union-attr]


@given(st.text(max_size=80), st.floats(10, 200))
def test_fitted_text_fits(text: str, width: float) -> None:
    assert width_of(fitted(text, width)) <= max(width, 14)
