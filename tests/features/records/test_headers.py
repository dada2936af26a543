"""Headers: every name in both languages, and a hint for every mistake."""

import pytest

from features.records.reading.faults import Faults
from features.records.reading.headers import looks_like, resolve
from features.records.schema import TABLES


@pytest.mark.parametrize("name", TABLES)
def test_both_languages_and_any_order_mean_the_same(name):
    table, faults = TABLES[name], Faults()
    english, chinese = list(table.names), [column.zh for column in table.columns]
    assert resolve(table, "f", 1, english, faults) == {column: at for at, column in enumerate(english)}
    backwards = resolve(table, "f", 1, chinese[::-1], faults)
    assert {english[::-1][at] for at in backwards.values()} == set(english)
    assert all(english[::-1][at] == column for column, at in backwards.items())
    assert faults.total == 0


@pytest.mark.parametrize("name", TABLES)
def test_a_table_does_not_look_like_another_of_its_own_header(name):
    faults = Faults()
    for other in TABLES.values():
        if other.name != name:
            before = faults.total
            resolve(TABLES[name], "f", 1, list(other.names), faults)
            assert faults.total > before
            assert looks_like(TABLES[name], other.names) is not None


def test_chinese_aliases_are_unique_within_a_table():
    for table in TABLES.values():
        assert len({column.zh for column in table.columns} | set(table.names)) == 2 * len(table.columns)


def test_own_columns_are_accepted():
    faults = Faults()
    assert resolve(TABLES["products"], "f", 1, ["x_a", "product_id", "enterprise_id"], faults) == {
        "product_id": 1,
        "enterprise_id": 2,
    }
    assert faults.total == 0
