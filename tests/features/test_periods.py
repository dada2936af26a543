from datetime import date, datetime, timedelta

import duckdb
import narwhals as nw
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import periods
from features.periods import FREQUENCIES, PeriodError

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
FREQUENCY = st.sampled_from(FREQUENCIES)


@given(DAYS, FREQUENCY)
def test_a_day_lies_in_the_period_that_its_index_names(day, frequency):
    index = periods.index_of(day, frequency)
    assert periods.first_day(index, frequency) <= day <= periods.last_day(index, frequency)


@given(DAYS, FREQUENCY)
def test_label_and_index_name_the_same_period(day, frequency):
    index = periods.index_of(day, frequency)
    label = periods.to_label(index, frequency)
    assert periods.frequency_of(label) == frequency
    assert periods.to_index(label) == index
    assert periods.period_end(label) == periods.last_day(index, frequency)


@given(DAYS)
def test_weeks_are_those_of_iso_8601(day):
    year, week, _ = day.isocalendar()
    assert periods.to_label(periods.index_of(day, "week"), "week") == f"{year:04d}-W{week:02d}"


@given(DAYS)
def test_a_week_belongs_to_the_month_of_its_thursday(day):
    thursday = day + timedelta(days=4 - day.isoweekday())
    month = periods.month_of(periods.index_of(day, "week"), "week")
    assert periods.to_label(month, "month") == f"{thursday:%Y-%m}"


@pytest.mark.parametrize(
    ("label", "index", "end"),
    [
        ("1970-01", 23_640, date(1970, 1, 31)),
        ("2024-02", 24_289, date(2024, 2, 29)),
        ("1970-W01", 0, date(1970, 1, 4)),
        ("2020-W53", 2_661, date(2021, 1, 3)),
        ("1970-01-01", 0, date(1970, 1, 1)),
        ("2024-02-29", 19_782, date(2024, 2, 29)),
    ],
)
def test_known_periods(label, index, end):
    assert periods.to_index(label) == index
    assert periods.period_end(label) == end


@pytest.mark.parametrize(
    "label",
    ["", "2025", "2025-13", "2025-00", "2021-W53", "2025-W00", "2025-02-30", "25-01", "2025-1", "x2025-01"],
)
def test_what_names_no_period_is_refused_with_what_is_allowed(label):
    with pytest.raises(PeriodError, match=r"YYYY-MM.*YYYY-Www.*YYYY-MM-DD"):
        periods.to_index(label)


@pytest.fixture(scope="module")
def every_day():
    first = datetime(1900, 1, 1, 23, 59, 59)
    moments = [first + timedelta(days=17 * k) for k in range(6_000)]
    return moments, duckdb.connect().from_arrow(pa.table({"at": moments}))


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_expressions_agree_with_plain_python(every_day, frequency):
    moments, relation = every_day
    indices = nw.from_native(relation).select("at", t=periods.index_expr(nw.col("at"), frequency))
    rows = indices.with_columns(month=periods.month_of_expr(nw.col("t"), frequency)).collect("pyarrow")
    expected = [periods.index_of(moment.date(), frequency) for moment in moments]
    assert rows["t"].to_list() == expected
    assert rows["month"].to_list() == [periods.month_of(index, frequency) for index in expected]


def test_month_labels_become_indices(every_day):
    moments, _ = every_day
    labels = [f"{moment:%Y-%m}" for moment in moments]
    relation = duckdb.connect().from_arrow(pa.table({"period": labels}))
    rows = nw.from_native(relation).select(t=periods.month_label_expr(nw.col("period"))).collect("pyarrow")
    assert rows["t"].to_list() == [periods.to_index(label) for label in labels]
