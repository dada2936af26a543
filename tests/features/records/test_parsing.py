"""Text to values: strictly, exactly, and by the column."""

import datetime as dt
from decimal import Decimal

import pytest

from features.records import sql
from features.records.columns import Column, Type
from features.records.reading.parsing import typed

CASES = {
    Type.PERIOD: {
        "2025-01": "2025-01",
        "2025-12": "2025-12",
        "2026-03-01T00:00:00": "2026-03",
        "2025-13": None,
        "2025-00": None,
        "2025-1": None,
        "202501": None,
        "2025-01-01": None,
        "0025-01": None,
    },
    Type.COUNT: {
        "5": 5,
        "-3": -3,
        "+3": 3,
        "007": 7,
        "5.0": 5,
        "5.5": None,
        "1_000": None,
        "1e3": None,
        "１": None,
        "0x10": None,
        "999999999999999999": 999999999999999999,
        "9999999999999999999": None,
    },
    Type.MONEY: {
        "5": Decimal("5.00"),
        "5.1": Decimal("5.10"),
        "5.100": Decimal("5.10"),
        "-0.01": Decimal("-0.01"),
        "5.125": None,
        "1e3": None,
        "¥5": None,
        "1,000": None,
        "9999999999999999.99": Decimal("9999999999999999.99"),
        "12345678901234567": None,
    },
    Type.NUMBER: {
        "5": 5.0,
        "-1.5e-3": -0.0015,
        ".5": 0.5,
        "5.": 5.0,
        "1e999": float("inf"),
        "nan": None,
        "inf": None,
        "1_0": None,
        "1,5": None,
        "0.1": 0.1,
        "1.7976931348623157e308": 1.7976931348623157e308,
    },
    Type.DATE: {
        "2024-02-29": dt.date(2024, 2, 29),
        "2025-02-29": None,
        "2025-06-31": None,
        "20250601": None,
        "2024-02-29T00:00:00": dt.date(2024, 2, 29),
        "2024-02-29T08:00:00": None,
    },
    Type.TIME: {
        "2026-03-31": dt.datetime(2026, 3, 31),
        "2026-03-31T08:15": dt.datetime(2026, 3, 31, 8, 15),
        "2026-03-31 08:15:30.123456": dt.datetime(2026, 3, 31, 8, 15, 30, 123456),
        "2026-03-31T08:15:30,5": dt.datetime(2026, 3, 31, 8, 15, 30, 500000),
        "2026-03-31T08:15Z": dt.datetime(2026, 3, 31, 16, 15),
        "2026-03-31T23:15+00:00": dt.datetime(2026, 4, 1, 7, 15),
        "2026-03-31T08:15+08": dt.datetime(2026, 3, 31, 8, 15),
        "2026-03-31T08:15-0930": dt.datetime(2026, 4, 1, 1, 45),
        "2026-03-31T08:15+15:00": None,
        "2026-03-31T08": None,
        "2026-03-31T24:01": None,
        "31.03.2026": None,
        "2026-02-30T08:00Z": None,
    },
    Type.FLAG: {"true": True, "TRUE": True, "False": False, "1": None, "yes": None},
    Type.TEXT: {"a b": "a b"},
}


@pytest.fixture(scope="module")
def connection():
    with sql.connect({"threads": 1}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [(kind, text, value) for kind, cases in CASES.items() for text, value in cases.items()],
)
def test_reading(connection, kind, text, value):
    reader = typed(Column("c", "列", kind), "given")
    assert connection.execute(f"SELECT {reader} FROM (SELECT ?::VARCHAR AS given)", [text]).fetchall() == [
        (value,)
    ]
