"""Control charts and histograms as data: what is drawn is what the chart says."""

import json
import math

import numpy as np
import pytest

from features.control_charts.chart import Chart, Points, drawn
from features.control_charts.from_arrays import subgroup_chart
from features.control_charts.hotelling import hotelling
from features.control_charts.lines import Lines, around
from features.control_charts.memory import cusum
from features.control_charts.rules import RULE_SETS, RULES
from features.control_charts.series import Series
from serving.palette import LIGHT, resolve
from serving.web.figures_histogram import capability_histogram
from serving.web.figures_spc import control_chart
from serving.web.language import language
from serving.web.spc_words import note, rules, summary

ZH, EN = language("zh"), language("en")


def points(n, baseline=None):
    labels = tuple(f"2025-{1 + day // 28:02d}-{1 + day % 28:02d} 08:30:00" for day in range(n))
    kept = np.ones(n, dtype=bool) if baseline is None else np.arange(n) < baseline
    return Points(labels, tuple(f"L{at}" for at in range(n)), np.ones(n), kept)


def made(values, rule_set="western_electric", kind="I", baseline=None, unit="mm", error=1.0):
    values = np.asarray(values, dtype=float)
    lines = around(Series.of(values), np.zeros(len(values)), np.full(len(values), float(error)))
    return drawn(kind, "C1", unit, lines, points(len(values), baseline), rule_set)


SIGNALS = [0.1, 2.2, 2.4, -0.3, 3.4, 0.5, np.nan, 0.2]


def traces(figure, **wanted):
    return [one for one in figure["data"] if all(one.get(key) == value for key, value in wanted.items())]


def test_points_limits_and_marks_are_those_of_the_chart():
    figure = control_chart(EN, made(SIGNALS))
    (line,) = traces(figure, mode="lines+markers")
    assert line["x"] == list(range(8))
    assert line["y"] == [0.1, 2.2, 2.4, -0.3, 3.4, 0.5, None, 0.2]
    (upper,) = traces(figure, name="Upper control limit")
    assert set(upper["y"]) == {3.0}
    assert upper["x"][:3] == [-0.5, 0.5, 0.5]
    squares, rings = traces(figure, mode="markers")[::-1][0], traces(figure, mode="markers")[:-1]
    assert (squares["x"], squares["marker"]["symbol"]) == ([4], "square")
    assert [ring["x"] for ring in rings] == [[1], [2]]


def test_a_point_says_why_it_signals():
    figure = control_chart(EN, made(SIGNALS))
    (line,) = traces(figure, mode="lines+markers")
    assert line["customdata"][2] == [
        "3 Jan 2025 08:30:00 L2".replace("3 Jan 2025", EN.period("2025-01-03")),
        "2.40 mm",
        "Control limits \N{MINUS SIGN}3.00 mm to 3.00 mm",
        "Signals: two of three points beyond 2σ on one side",
    ]
    assert line["customdata"][4][3].startswith("Beyond its limits · Signals: one point beyond a limit")
    assert line["customdata"][0][3] == ""


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_every_rule_has_a_name_in_both_languages(rule_set):
    for words in (ZH, EN):
        assert all(words.has(f"spc.rule.{rule.name}") for rule in RULES[rule_set])


def test_zones_are_drawn_where_zone_rules_apply():
    with_zones, without = (control_chart(EN, made(SIGNALS, one)) for one in ("nelson", "none"))
    levels = [set(trace["y"]) for trace in traces(with_zones, name="")]
    assert levels == [{-2.0}, {-1.0}, {1.0}, {2.0}]
    assert not traces(without, name="")


def test_the_end_of_the_baseline_is_marked_only_where_points_follow():
    assert control_chart(EN, made(SIGNALS))["layout"]["shapes"] == []
    (line,) = control_chart(EN, made(SIGNALS, baseline=5))["layout"]["shapes"]
    assert line["x0"] == line["x1"] == 4.5


def test_limits_that_vary_are_steps_and_shares_are_per_cent():
    share, n = np.array([0.02, 0.05, 0.01]), np.array([100.0, 400.0, 50.0])
    error = np.sqrt(0.03 * 0.97 / n)
    lines = around(Series.of(share), np.full(3, 0.03), error, least=0.0, most=1.0)
    figure = control_chart(EN, drawn("p", "10", None, lines, points(3), "none"))
    (upper,) = traces(figure, name="Upper control limit")
    assert upper["y"] == [value for value in lines.ucl for _ in range(2)]
    assert all(tick.endswith("%") for tick in figure["layout"]["yaxis"]["ticktext"])
    assert traces(figure, mode="lines+markers")[0]["customdata"][1][1] == EN.percent(0.05, 1)


def test_both_sums_of_a_cusum_share_a_figure():
    sums = cusum(Series.of([0.5, 1.0, 6.0, -9.0]), np.zeros(1), np.ones(4))
    below = drawn("cusum_low", "C1", None, sums.lower, points(4), "none")
    figure = control_chart(EN, drawn("cusum", "C1", None, sums.upper, points(4), "none", (), below))
    upper, lower = traces(figure, mode="lines+markers")
    assert min(upper["y"]) >= 0 >= max(lower["y"])
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < -8
    assert high > 5


@pytest.mark.parametrize(
    "values", [[], [1.0], [5.0, 5.0], [np.nan, np.nan]], ids=["none", "one", "same", "nan"]
)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_charts_that_say_little_are_still_drawn(values, words):
    values = np.asarray(values, dtype=float)
    none = np.full(len(values), np.nan)
    chart = drawn(
        "I", "C1", None, Lines(Series.of(values), none, none, none, none), points(len(values)), "nelson"
    )
    assert_plain(control_chart(words, chart))


def assert_plain(figure):
    text = json.dumps(figure, allow_nan=False)
    assert "NaN" not in text
    assert "@" not in json.dumps(resolve(figure, LIGHT))


def test_a_figure_is_plain_json_with_known_colours():
    assert_plain(control_chart(ZH, made(SIGNALS, "nelson", baseline=4)))
    assert_plain(capability_histogram(ZH, [1.0, 2.0, 3.0, 2.5], 0.0, 4.0, 2.0, 0.7, 0.8))


def test_the_histogram_counts_every_value_once():
    values = np.random.default_rng(1).normal(5, 1, 400).tolist()
    figure = capability_histogram(EN, [*values, math.nan], 2.0, 8.0, 5.0, 0.9, 1.1)
    (bars,) = traces(figure, type="bar")
    width = bars["width"][0]
    edges = [at - width / 2 for at in bars["x"]] + [bars["x"][-1] + width / 2]
    np.testing.assert_array_equal(np.histogram(values, edges)[0], bars["y"])
    assert sum(bars["y"]) == 400
    assert width <= 3.49 * np.std(values, ddof=1) * 400 ** (-1 / 3)
    within, overall = traces(figure, type="scatter")
    for curve, sd in ((within, 0.9), (overall, 1.1)):
        area = np.trapezoid(curve["y"], curve["x"])
        assert area == pytest.approx(sum(bars["y"]) * width, rel=1e-3)
        assert max(curve["y"]) == pytest.approx(400 * width / (sd * np.sqrt(2 * np.pi)))
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [2.0, 8.0, 5.0]
    assert figure["layout"]["annotations"][0]["text"].startswith("Lower specification limit 2.0")


@pytest.mark.parametrize("values", [[], [math.nan], [3.0], [3.0, 3.0]])
def test_a_histogram_of_next_to_nothing(values):
    figure = capability_histogram(EN, values, None, 4.0, math.nan, 0.0, None)
    assert_plain(figure)
    assert len(figure["layout"]["shapes"]) == 1


def test_what_a_chart_says_in_words():
    chart = made(SIGNALS)
    assert (
        summary(EN, chart) == "I chart (single values): 8 points, 1 beyond the limits, 2 with a rule signal"
    )
    assert summary(ZH, chart).startswith("单值控制图（I）：8 个点")
    assert rules(EN, chart, 0) == ""
    assert rules(ZH, chart, 4).startswith("判异：1 点超出控制限")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_every_note_and_kind_has_its_words(words):
    from typing import get_args

    from features.control_charts.chart import Kind, Note

    for code in ("no_points", "too_few", "no_spread", "few_points", "autocorrelated", "overdispersed"):
        assert note(words, Note(code, 3.0))
    assert note(EN, Note("few_points", 7)).endswith("not yet reliable")
    assert all(words.has(f"spc.kind.{kind}") for kind in get_args(Kind))
    assert isinstance(made([1.0]), Chart)


def test_points_without_a_date_are_named_as_they_are():
    numbered = subgroup_chart("xbar", np.random.default_rng(0).normal(5, 1, (30, 4)))
    figure = control_chart(EN, numbered)
    assert figure["layout"]["xaxis"]["ticktext"][-1] == "30"
    assert figure["data"][3]["customdata"][0][0] == "1"


def test_several_characteristics_together():
    values = np.random.default_rng(0).normal(0, 1, (40, 2))
    found = hotelling(values[:30], values[30:])
    figure = control_chart(ZH, drawn("T2", "a + b", None, found.lines, points(40, 30), "none"))
    (upper,) = traces(figure, name="上控制限")
    assert set(upper["y"]) == {found.control, found.prediction}
    assert figure["layout"]["shapes"][0]["x0"] == 29.5
    assert_plain(figure)
