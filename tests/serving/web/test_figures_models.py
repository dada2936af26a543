"""Figures of values and shares draw what was said, in both languages and without tokens left."""

import json

import pytest

from serving.palette import LIGHT, resolve
from serving.web.figures_models import by_horizon, drawn, ranked
from serving.web.language import language

ZH, EN = language("zh"), language("en")
LINES = {"model": [(1, 0.9), (2, 0.95)], "naive": [(1, 1.2), (2, 1.4)]}
BARS = [("advice", 0.7), ("chance", -0.2)]


@pytest.mark.parametrize("words", [ZH, EN])
def test_every_figure_is_json_with_the_pages_colours(words):
    for figure in (by_horizon(words, LINES, "error"), ranked(words, BARS, "gain")):
        text = json.dumps(resolve(figure, LIGHT), allow_nan=False)
        assert '"@' not in text


def test_lines_are_drawn_where_they_were_said():
    ours, naive = by_horizon(EN, LINES, "error", reference=1.0)["data"]
    assert (ours["name"], ours["x"], ours["y"]) == ("model", [1, 2], [0.9, 0.95])
    assert ours["line"]["color"] != naive["line"]["color"]


def test_the_reference_is_dotted():
    (level,) = by_horizon(EN, LINES, "error", reference=1.0)["layout"]["shapes"]
    assert (level["y0"], level["y1"], level["xref"]) == (1.0, 1.0, "paper")


def test_bars_keep_their_order_and_losses_are_red():
    (bars,) = ranked(EN, BARS, "gain")["data"]
    assert bars["y"] == ["advice", "chance"]
    assert bars["marker"]["color"] == ["@forecast", "@bad"]
    assert ranked(EN, BARS, "gain")["layout"]["yaxis"]["autorange"] == "reversed"


def test_a_notebook_gets_plotlys_own_figure():
    shown = drawn(ranked(ZH, BARS, "gain"))
    assert shown.layout.paper_bgcolor == LIGHT["card"]
    assert list(shown.data[0].x) == [0.7, -0.2]
