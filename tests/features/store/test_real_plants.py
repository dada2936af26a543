"""Two real plants import as they are: tablets (pharma) and iron ore (flotation)."""

from pathlib import Path

import pytest

REAL = Path(__file__).parents[3] / "../shared/real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real plants (../shared/real) are not on this machine"),
]
ROWS = {
    "pharma": {"inspections": 1005, "measurements": 1005, "process_data": 52702, "parameters": 53},
    "flotation": {"inspections": 165, "measurements": 3948, "process_data": 82908, "parameters": 21},
}


@pytest.mark.parametrize("plant", ROWS)
def test_a_real_plant(store, plant):
    report = {row.table: row for row in store.import_paths([REAL / plant]).tables}
    for table, rows in ROWS[plant].items():
        assert (report[table].rows, report[table].new) == (rows, rows)
    before = store.fingerprint()
    again = store.import_paths([REAL / plant])
    assert all(row.same == row.rows for row in again.tables)
    assert store.fingerprint() == before


def test_both_plants_in_one_call(store):
    store.import_paths([REAL / "pharma", REAL / "flotation"])
    assert store.enterprises() == ["FLOTATION", "PHARMA"]
    assert store.table("process_data").collect("pyarrow").to_arrow().num_rows == 52702 + 82908
