"""Parts of the charts page: what is cut, what stands first, an interval of a share."""

import numpy as np
import pytest
from scipy.stats import binomtest

from features.control_charts.chart import Points, drawn
from features.control_charts.lines import around
from features.control_charts.pareto import pareto
from features.control_charts.series import Series
from serving.web.charting.query import PageQuery, subject_of
from serving.web.charting.sitting import Catalogue
from serving.web.charting.views import MOST_BARS, chart_view, latest, pareto_view, wilson
from serving.web.language import language

EN = language("en")
LISTED = Catalogue(
    ({"characteristic_id": "a", "name": "A"}, {"characteristic_id": "b", "name": None}),
    ({"process_id": "10", "product_id": "P", "name": "turning"},),
    {},
    {},
)


def made(count: int, spread: float = 1.0):
    values = np.random.default_rng(1).normal(0, spread, count)
    labels = tuple(f"2025-01-{1 + at % 28:02d} 08:00:00" for at in range(count))
    points = Points(labels, ("",) * count, np.ones(count), np.ones(count, dtype=bool))
    lines = around(Series.of(values), np.zeros(count), np.ones(count))
    return drawn("I", "C", "mm", lines, points, "nelson")


def test_the_latest_points_are_drawn_with_the_limits_of_all():
    whole = made(100)
    cut = latest(whole, 30)
    assert len(cut.labels) == len(cut.statistic) == len(cut.completes) == len(cut.members) == 30
    np.testing.assert_array_equal(cut.statistic, whole.statistic[-30:])
    np.testing.assert_array_equal(cut.completes, whole.completes[-30:])
    assert latest(whole, 100) is whole


def test_the_latest_signals_come_first_and_all_are_counted():
    view = chart_view(EN, made(400, spread=3), "C")
    numbers = [int(row["number"].replace(",", "")) for row in (*view["signals"], *view["older"])]
    assert numbers == sorted(numbers, reverse=True)
    assert view["signals_more"]


def test_what_signals_most_is_shown_first():
    rows = [{"characteristic_id": name, "points": 9, "signalling": s} for name, s in (("a", 1), ("b", 4))]
    assert subject_of(PageQuery(), LISTED, rows) == ("characteristic", "b")
    assert subject_of(PageQuery(subject="process:10"), LISTED, rows) == ("process", "10")
    assert subject_of(PageQuery(subject="process:nope"), LISTED, rows) == ("characteristic", "b")
    assert subject_of(PageQuery(), LISTED, []) == ("process", "10")
    assert subject_of(PageQuery(), Catalogue((), (), {}, {}), []) == ("deliveries", "")


def test_small_causes_are_put_together_and_none_is_lost():
    rows = pareto({f"d{n}": float(50 - n) for n in range(20)})
    view = pareto_view(EN, rows, {"d0": "dent"}, money=False)
    assert len(view["rows"]) == MOST_BARS + 1
    assert view["rows"][0]["name"] == "dent"
    assert sum(int(row["value"]) for row in view["rows"]) == sum(50 - n for n in range(20))
    assert pareto_view(EN, pareto({"d": 0.0}), {}, money=False) is None


@pytest.mark.parametrize(("passed", "submitted"), [(0, 5), (5, 5), (90, 100), (999, 1000)])
def test_an_interval_of_a_share_is_wilsons(passed, submitted):
    expected = binomtest(passed, submitted).proportion_ci(0.95, "wilson")
    assert wilson(passed, submitted) == pytest.approx((expected.low, expected.high), abs=1e-9)
