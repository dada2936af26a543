"""A Pareto and a waterfall as data."""

import json

import pytest

from serving.palette import LIGHT, resolve
from serving.web.figures_steps import Bar, Step, pareto, waterfall
from serving.web.language import language

EN = language("en")
BARS = [Bar("scrap", 80.0, "CNY 80", 0.8), Bar("claims", 20.0, "CNY 20", 1.0)]
STEPS = [Step("turning", 1.0, 0.95, "−5 pp"), Step("turning", 0.95, 0.9, "−5 pp")]


@pytest.mark.parametrize(
    "figure", [pareto(EN, BARS), pareto(EN, []), waterfall(EN, STEPS, "all"), waterfall(EN, [], "all")]
)
def test_a_figure_is_plain_json_that_the_script_can_draw(figure):
    assert "@" not in json.dumps(resolve(figure, LIGHT), allow_nan=False)
    assert len(figure["layout"]["xaxis"]["tickvals"]) == len(figure["layout"]["xaxis"]["ticktext"])
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < high


def test_the_line_of_a_pareto_ends_at_everything():
    bars, line = pareto(EN, BARS)["data"]
    assert bars["x"] == [80.0, 20.0]
    assert line["x"] == [0.8, 1.0]
    assert line["customdata"][0] == ["scrap", EN.percent(0.8, 1)]


def test_bars_of_a_waterfall_meet_and_equal_names_stay_apart():
    figure = waterfall(EN, STEPS, "all")
    (bars,) = figure["data"]
    ends = [(base, base + width) for base, width in zip(bars["base"], bars["x"], strict=True)]
    assert ends[0] == pytest.approx((0.95, 1.0))
    assert ends[1] == pytest.approx((0.9, 0.95))
    assert ends[2][1] == pytest.approx(0.9)
    assert len(set(bars["y"])) == 3
    assert figure["layout"]["yaxis"]["categoryarray"] == bars["y"]
