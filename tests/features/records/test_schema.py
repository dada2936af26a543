"""The tables as data hold together, and are those of the standard."""

from pathlib import Path

import pytest

from features.records.columns import Type
from features.records.schema import TABLES

STANDARD = Path(__file__).parents[3] / "../shared/DATA_STANDARD.md"


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_table(table):
    for name in table.key:
        column = table.column(name)
        assert column.required or column.blank is not None, f"{name} of the key could be null"
    for reference in table.references:
        for target in reference.tables:
            assert set(reference.target) <= set(TABLES[target].names)
        assert set(reference.columns) <= set(table.names)
    assert all(rule.column in table.names for rule in table.rules)
    assert all(column.type is Type.TEXT for column in table.columns if column.values)


def test_an_unknown_column_is_named():
    with pytest.raises(KeyError, match="no column nonsense"):
        TABLES["products"].column("nonsense")


@pytest.mark.skipif(not STANDARD.is_file(), reason="the data standard is not on this machine")
def test_tables_keys_and_columns_are_those_of_the_standard():
    lines = [
        line.split("|")[1:-1] for line in STANDARD.read_text("utf-8").splitlines() if line.startswith("| `")
    ]
    assert [cells[0].strip(" `") for cells in lines] == list(TABLES)
    for name, key, columns in lines:
        table = TABLES[name.strip(" `")]
        if "inspections' key" not in key:
            assert tuple(part.strip() for part in key.split(",")) == table.key
        for column in table.columns:
            assert column.name in columns
            assert (f"{column.name}*" in columns) == column.required
