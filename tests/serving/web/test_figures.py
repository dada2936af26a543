"""Figures as data: what is drawn is what was said, in any frequency, at any scale."""

import json
import math

import pytest

from serving.palette import LIGHT, resolve
from serving.web.figures import attainment, fan
from serving.web.language import language
from serving.web.level_bands import FLOOR, Band
from serving.web.scales import bands

ZH, EN = language("zh"), language("en")
QUANTILES = [f"{step / 100:.2f}" for step in range(5, 100, 5)]


def row(period: str, horizon: int, mean: float, spread: float) -> dict:
    quantiles = {name: mean + spread * (float(name) - 0.5) for name in QUANTILES}
    return {"period": period, "horizon": horizon, "mean": mean, "quantiles": quantiles}


HISTORY = [("2025-10", 0.96), ("2025-11", math.nan), ("2025-12", 0.97)]
FORECAST = [row("2026-01", 1, 0.971, 0.01), row("2026-02", 2, 0.972, 0.02)]


def test_the_fan_joins_the_last_known_value():
    wide, narrow, middle, known = fan(ZH, "ftq", HISTORY, FORECAST, bands("ftq"))["data"]
    assert known["y"] == [0.96, None, 0.97]
    assert middle["x"] == [2, 3, 4]
    assert middle["y"] == [0.97, 0.971, 0.972]
    assert wide["x"] == narrow["x"] == [2, 3, 4, 4, 3, 2]
    assert wide["y"][1:3] == [row["quantiles"]["0.95"] for row in FORECAST]
    assert wide["y"][3:5] == [row["quantiles"]["0.05"] for row in reversed(FORECAST)]


def test_a_fan_without_history_begins_with_the_forecast():
    middle = fan(ZH, "ftq", [], FORECAST, bands("ftq"))["data"][2]
    assert middle["y"] == [0.971, 0.972]


def test_thresholds_in_view_are_drawn_and_labelled():
    layout = fan(EN, "ftq", HISTORY, FORECAST, bands("ftq"))["layout"]
    lines = {shape["y0"] for shape in layout["shapes"] if shape["type"] == "line" and shape["yref"] == "y"}
    assert {0.95, 0.97, 0.98} <= lines
    assert {0.95, 0.97, 0.98} <= set(layout["yaxis"]["tickvals"])
    assert "98.0\u00a0%" in layout["yaxis"]["ticktext"]
    assert {label["text"] for label in layout["annotations"]} >= {"保证级 L3"}


def test_a_threshold_far_away_does_not_flatten_the_curve():
    figure = fan(EN, "ftq", [("2025-12", 0.52)], [row("2026-01", 1, 0.521, 0.01)], bands("ftq"))
    low, high = figure["layout"]["yaxis"]["range"]
    assert high < 0.6
    assert low > 0.4


def test_no_defect_stands_on_the_floor_of_a_logarithmic_axis():
    rows = [row("2026-01", 1, 2.0, 8.0)]
    figure = fan(EN, "ppm", [("2025-11", 0.0), ("2025-12", 5.0)], rows, bands("ppm"))
    known = figure["data"][3]
    assert known["y"] == [FLOOR, 5.0]
    assert known["customdata"][0][1] == "0 ppm"
    assert min(figure["data"][0]["y"]) == FLOOR
    assert figure["layout"]["yaxis"]["type"] == "log"
    low, high = figure["layout"]["yaxis"]["range"]
    assert all(low <= math.log10(tick) <= high for tick in figure["layout"]["yaxis"]["tickvals"])


@pytest.mark.parametrize("level", [3.0, 80.0, 900.0, 64000.0])
def test_every_ppm_axis_has_ticks(level):
    figure = fan(EN, "ppm", [("2025-12", level)], [row("2026-01", 1, level, level / 3)], bands("ppm"))
    texts = figure["layout"]["yaxis"]["ticktext"]
    assert len(texts) == len(set(texts)) >= 2


@pytest.mark.parametrize(
    ("periods", "last"),
    [
        (["2025-12", "2026-01"], "Jan 2026"),
        (["2025-W52", "2026-W01"], "W1 2026"),
        (["2025-12-31", "2026-01-01"], "1 Jan"),
    ],
)
def test_any_frequency_has_a_readable_axis(periods, last):
    figure = fan(EN, "cpk", [(periods[0], 1.2)], [row(periods[1], 1, 1.25, 0.2)], bands("cpk"))
    assert figure["layout"]["xaxis"]["ticktext"][-1] == last


def test_a_level_band_that_cannot_be_seen_is_not_drawn():
    shapes = fan(EN, "cpk", [("2025-12", 1.5)], [row("2026-01", 1, 1.5, 0.05)], bands("cpk"))["layout"][
        "shapes"
    ]
    assert all(shape["y1"] > shape["y0"] for shape in shapes if shape["type"] == "rect")
    assert len([shape for shape in shapes if shape["type"] == "rect"]) < 5


def test_attainment_columns_add_up_to_one():
    rows = [
        {"period": f"2026-{h:02d}", "horizon": h, "probabilities": {"2": 0.25, "3": 0.7, "4": 0.05}}
        for h in (1, 2, 3)
    ]
    figure = attainment(ZH, rows)
    assert [bar["name"] for bar in figure["data"]] == ["经验级", "检验级", "保证级", "预防级", "卓越级"]
    for at in range(3):
        assert sum(bar["y"][at] for bar in figure["data"]) == pytest.approx(1)


def test_figures_are_json_and_plotly_takes_them():
    import plotly.graph_objects as go

    for figure in (fan(EN, "ftq", HISTORY, FORECAST, (Band(3, 0.95, 0.97),)), attainment(EN, [])):
        again = json.loads(json.dumps(figure, allow_nan=False))
        drawn = resolve(again, LIGHT)
        assert "@" not in json.dumps(drawn["data"]) + json.dumps(drawn["layout"])
        go.Figure(drawn)
