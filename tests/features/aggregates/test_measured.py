"""Period statistics of characteristics and parameters against NumPy, value by value."""

import math
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from features.aggregates import Scope
from features.aggregates.measured import (
    characteristic_periods,
    lowest_cpk,
    parameter_periods,
    parameter_product_periods,
)
from features.aggregates.resident import collect_pandas
from features.periods import index_of
from features.tables import FrameTables

TWO = 2 / math.sqrt(math.pi)


def statistics(values):
    """Return n, mean, sd overall, sd within, df within of (measured_at, subgroup, piece, value) rows."""
    ordered = sorted(values)
    x = np.array([row[3] for row in ordered])
    groups = {}
    for at, subgroup, _, value in ordered:
        groups.setdefault((subgroup, at.date()) if subgroup else ("", at), []).append(value)
    large = [group for group in groups.values() if len(group) >= 2]
    sd = np.std(x, ddof=1) if len(x) > 1 else math.nan
    if 2 * sum(map(len, large)) >= len(x):
        df = sum(len(group) - 1 for group in large)
        within = math.sqrt(sum((len(group) - 1) * np.var(group, ddof=1) for group in large) / df)
    else:
        df = len(x) - 1
        within = np.mean(np.abs(np.diff(x))) / TWO if df else math.nan
    return len(x), x.mean(), sd, within, df


@pytest.mark.parametrize("frequency", ["month", "week", "day"])
def test_characteristic_statistics_equal_numpy(plants, frequency):
    tables = FrameTables({"measurements": plants["measurements"]})
    rows = collect_pandas(characteristic_periods(tables, Scope(frequency)))
    rows = rows.set_index(["enterprise_id", "characteristic_id", "t"])
    given = plants["measurements"]
    t = [index_of(at.date(), frequency) for at in given["measured_at"]]
    groups = given.assign(t=t).groupby(["enterprise_id", "characteristic_id", "t"])
    assert len(groups) == len(rows)
    for key, group in groups:
        values = list(
            zip(group["measured_at"], group["subgroup_id"], group["piece"], group["value"], strict=True)
        )
        expected = statistics(values)
        names = ["n", "mean", "sd_overall", "sd_within", "df_within"]
        assert rows.loc[key, names].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True), key


def measured(rows, limits):
    frame = pd.DataFrame(rows, columns=["characteristic_id", "measured_at", "subgroup_id", "value"])
    listed = pd.DataFrame(limits, columns=["characteristic_id", "lsl", "usl", "key"])
    tables = {
        "measurements": frame.assign(enterprise_id="E"),
        "characteristics": listed.assign(enterprise_id="E"),
    }
    return FrameTables(tables)


def run(characteristic, values, day=1):
    start = datetime(2025, 1, day)
    return [(characteristic, start + timedelta(minutes=k), "S", value) for k, value in enumerate(values)]


def test_ids_that_start_again_every_day_are_different_subgroups():
    tables = measured(run("C", [1.0, 3.0]) + run("C", [11.0, 13.0], day=2), [("C", None, 20.0, True)])
    rows = collect_pandas(characteristic_periods(tables, Scope("month")))
    assert rows[["sd_within", "df_within"]].iloc[0].tolist() == [pytest.approx(math.sqrt(2)), 2]


def cpk_of(tables, fewest=5):
    rows = collect_pandas(lowest_cpk(tables, characteristic_periods(tables, Scope("month")), fewest))
    return rows["cpk"].iloc[0], rows["measured"].iloc[0]


def test_the_lowest_cpk_is_over_key_characteristics_only():
    values = [9.0, 10.0, 11.0, 10.0, 10.0]
    sd = np.std(values, ddof=1)
    good, bad = ("good", 4.0, 16.0, True), ("bad", 9.5, 10.5, False)
    tables = measured(run("good", values) + run("bad", values), [good, bad])
    assert cpk_of(tables) == (pytest.approx(6 / (3 * sd)), 5)
    tables = measured(run("good", values) + run("bad", values), [(*good[:3], False), bad])
    assert cpk_of(tables) == (pytest.approx(0.5 / (3 * sd)), 10)


@pytest.mark.parametrize("values", [[1.0, 2.0, 3.0, 4.0], [2.0] * 9], ids=["four values", "no spread"])
def test_no_cpk_from_too_few_or_constant_values(values):
    cpk, _ = cpk_of(measured(run("C", values), [("C", 0.0, 9.0, True)]))
    assert math.isnan(cpk)


def test_a_single_limit_is_enough():
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    cpk, _ = cpk_of(measured(run("C", values), [("C", None, 9.0, True)]))
    assert cpk == pytest.approx(6 / (3 * np.std(values, ddof=1)))


def test_parameter_statistics_equal_pandas(plants):
    tables = FrameTables({"process_data": plants["process_data"]})
    rows = collect_pandas(parameter_periods(tables, Scope("month")))
    t = [index_of(at.date(), "month") for at in plants["process_data"]["observed_at"]]
    keys = ["enterprise_id", "parameter_id", "t"]
    expected = plants["process_data"].assign(t=t).groupby(keys)["value"].agg(n="count", mean="mean", sd="std")
    pd.testing.assert_frame_equal(
        rows.set_index(keys).sort_index(), expected, check_dtype=False, check_index_type=False, rtol=1e-10
    )


def test_a_reading_belongs_to_a_product_once_its_lot_was_inspected(plants):
    tables = FrameTables({name: plants[name] for name in ("process_data", "inspections")})
    rows = collect_pandas(parameter_product_periods(tables, Scope("month")))
    inspections, readings = plants["inspections"], plants["process_data"]
    known = {}
    for row in inspections.itertuples():
        key, t = (row.enterprise_id, row.lot_id, row.product_id), index_of(row.inspected_at.date(), "month")
        known[key] = min(t, known.get(key, t))
    expected, late = {}, 0
    for row in readings[readings["lot_id"] != ""].itertuples():
        t = index_of(row.observed_at.date(), "month")
        for (enterprise, lot, product), first in known.items():
            if (enterprise, lot) == (row.enterprise_id, row.lot_id):
                late += first > t
                if first <= t:
                    expected.setdefault((enterprise, product, row.parameter_id, t), []).append(row.value)
    assert late > 10, "the data must hold lots that were inspected in a later month than their readings"
    assert len(rows) == len(expected)
    for row in rows.itertuples():
        values = expected[(row.enterprise_id, row.product_id, row.parameter_id, row.t)]
        assert (row.n, row.mean) == (len(values), pytest.approx(np.mean(values)))
