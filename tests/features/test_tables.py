"""Tables in memory: typed, blanks filled, nothing unknown."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from features.records.schema import TABLES
from features.tables import FrameTables


def test_missing_tables_are_empty_and_typed():
    tables = FrameTables({})
    for name, table in TABLES.items():
        found = tables.table(name).collect("pyarrow").to_arrow()
        assert found.num_rows == 0
        assert found.column_names == list(table.names)
        assert [str(kind) for kind in found.schema.types] == [str(kind) for kind in table.arrow.types]


@pytest.mark.parametrize("make", [pa.table, pd.DataFrame])
def test_columns_that_are_not_given_are_blank(make):
    given = {
        "enterprise_id": ["A"],
        "characteristic_id": ["c"],
        "measured_at": [dt.datetime(2026, 1, 1)],
        "value": [1],
    }
    (row,) = (
        FrameTables({"measurements": make(given)})
        .table("measurements")
        .collect("pyarrow")
        .to_arrow()
        .to_pylist()
    )
    assert row == {
        "enterprise_id": "A",
        "characteristic_id": "c",
        "measured_at": dt.datetime(2026, 1, 1),
        "value": 1.0,
        "subgroup_id": "",
        "piece": 1,
        "lot_id": "",
    }


def test_nulls_become_what_a_blank_counts_as():
    given = pa.table({"enterprise_id": ["A", "A"], "parameter_id": ["p", "q"], "kind": [None, "outcome"]})
    found = FrameTables({"parameters": given}).table("parameters").sort("parameter_id")
    assert found.collect("pyarrow").to_arrow()["kind"].to_pylist() == ["context", "outcome"]


def test_money_stays_exact():
    given = pa.table({"enterprise_id": ["A"], "period": ["2026-01"], "amount": [Decimal("0.10")]})
    found = FrameTables({"output_values": given}).table("output_values").collect("pyarrow").to_arrow()
    assert found["amount"].to_pylist() == [Decimal("0.10")]


def test_whole_amounts_are_money_too():
    costs = pa.table({"enterprise_id": ["E"], "period": ["2025-01"], "amount": [100]})
    assert FrameTables({"output_values": costs}).arrow["output_values"]["amount"].to_pylist() == [
        Decimal("100.00")
    ]


def test_own_columns_are_dropped_and_unknown_ones_refused():
    frames = {"enterprises": pa.table({"enterprise_id": ["A"], "x_mine": [1]})}
    assert "x_mine" not in FrameTables(frames).table("enterprises").collect_schema()
    with pytest.raises(KeyError, match="nmae"):
        FrameTables({"enterprises": pa.table({"enterprise_id": ["A"], "nmae": ["x"]})})
    with pytest.raises(KeyError, match="enterprise"):
        FrameTables({"enterprise": pa.table({"enterprise_id": ["A"]})})
