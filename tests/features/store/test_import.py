"""What is brought is what is stored, in whatever form, and only once."""

import datetime as dt
from decimal import Decimal

import pytest

from features.records.schema import TABLES
from features.settings import Settings
from features.store import ImportConflict, ImportRefused, Store

FORMS = [
    ("csv", "en", "utf-8"),
    ("csv", "zh", "utf-8-sig"),
    ("csv", "zh", "gb18030"),
    ("csv.gz", "en", "utf-8"),
    ("csv.gz", "zh", "gb18030"),
    ("parquet", "en", None),
    ("parquet", "zh", None),
    ("text.parquet", "en", None),
    ("xlsx", "en", None),
    ("xlsx", "zh", None),
]


@pytest.fixture
def expected(imported, all_rows):
    with Store.open(imported) as store:
        return all_rows(store)


@pytest.mark.parametrize(("kind", "language", "encoding"), FORMS)
def test_every_form_brings_the_same_rows(
    tmp_path, store, rows, write, all_rows, expected, kind, language, encoding
):
    report = store.import_paths([write(tmp_path / "in", rows, kind, language, encoding or "utf-8")])
    assert [row.table for row in report.tables] == list(TABLES)
    assert {row.table: row.new for row in report.tables} == {name: len(found) for name, found in rows.items()}
    assert all_rows(store) == expected
    assert any("GB 18030" in note for note in report.notes) == (encoding == "gb18030")


@pytest.mark.parametrize(("kind", "language", "encoding"), FORMS)
def test_the_same_records_again_in_any_form_change_nothing(
    tmp_path, filled, rows, write, kind, language, encoding
):
    before = filled.fingerprint()
    report = filled.import_paths([write(tmp_path / "again", rows, kind, language, encoding or "utf-8")])
    assert {(row.new, row.conflict) for row in report.tables} == {(0, 0)}
    assert all(row.rows == row.same == len(rows[row.table]) for row in report.tables)
    assert filled.fingerprint() == before


def test_types_and_blanks_are_those_of_the_schema(tmp_path, store, rows, write):
    store.import_paths([write(tmp_path / "in", rows)])
    (first, second) = store.table("measurements").sort("piece").collect("pyarrow").to_arrow().to_pylist()
    assert first == {
        "enterprise_id": "A",
        "characteristic_id": "d",
        "measured_at": dt.datetime(2026, 3, 1, 8),
        "value": 10.01,
        "subgroup_id": "",
        "piece": 1,
        "lot_id": "",
    }
    assert second["subgroup_id"] == "s"
    costs = store.table("quality_costs").sort("product_id").collect("pyarrow").to_arrow()
    assert costs["amount"].to_pylist() == [Decimal("1234.50"), Decimal("0.01")]
    assert costs["product_id"].to_pylist() == ["", "p1"]
    for name, table in TABLES.items():
        got = store.table(name).collect("pyarrow").to_arrow().schema
        assert [(field.name, str(field.type)) for field in got] == [
            (field.name, str(field.type)) for field in table.arrow
        ]


def test_an_empty_store_has_every_table_typed(store):
    for name, table in TABLES.items():
        empty = store.table(name).collect("pyarrow").to_arrow()
        assert empty.num_rows == 0
        assert [str(kind) for kind in empty.schema.types] == [str(kind) for kind in table.arrow.types]
    with pytest.raises(KeyError, match="no such record table"):
        store.table("nonsense")


def test_sources_of_one_call_add_up_and_equal_rows_are_one(tmp_path, store, rows, write):
    folder = write(tmp_path / "in", rows)
    write(folder, {"measurements": rows["measurements"]}, "parquet")
    more = {**rows["measurements"][0], "piece": "7"}
    write(folder, {"measurements": [more]}, "xlsx")
    report = {row.table: row for row in store.import_paths([folder]).tables}
    assert (report["measurements"].rows, report["measurements"].new, report["measurements"].same) == (5, 3, 2)


def test_parents_may_come_in_an_earlier_call(tmp_path, store, rows, write):
    parents = {name: rows.pop(name) for name in ("enterprises", "processes", "characteristics", "products")}
    store.import_paths([write(tmp_path / "parents", parents)])
    report = store.import_paths([write(tmp_path / "rest", rows)])
    assert sum(row.new for row in report.tables) == sum(map(len, rows.values()))


def test_a_zone_is_brought_to_local_time(tmp_path, store, rows, write):
    rows["process_data"] = [
        {"enterprise_id": "A", "parameter_id": "speed", "observed_at": text, "value": "1"}
        for text in ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00-05:30", "2026-03-01 12:00:00.5+08:00")
    ]
    store.import_paths([write(tmp_path / "in", rows)])
    found = (
        store.table("process_data")
        .sort("observed_at")
        .collect("pyarrow")
        .to_arrow()["observed_at"]
        .to_pylist()
    )
    assert found == [
        dt.datetime(2026, 3, 1, 8),
        dt.datetime(2026, 3, 1, 12, 0, 0, 500_000),
        dt.datetime(2026, 3, 1, 13, 30),
    ]


def test_own_columns_are_taken_along_and_blank_rows_are_none(tmp_path, store):
    path = tmp_path / "enterprises.csv"
    path.write_text("x_note, enterprise_id ,name\nhello, A ,one\n,,\n\n ,　B,two\n", "utf-8")
    report = store.import_paths([path])
    assert store.enterprises() == ["A", "B"]
    assert any("x_note" in note and "not stored" in note for note in report.notes)


def test_blank_kind_is_context_with_a_warning(tmp_path, store, rows, write):
    rows["parameters"][0]["kind"] = ""
    report = store.import_paths([write(tmp_path / "in", rows)])
    assert store.table("parameters").collect("pyarrow").to_arrow()["kind"].to_pylist() == ["context"]
    assert any("kind" in note and "context" in note for note in report.notes)


def test_a_conflict_is_reported_and_nothing_is_imported(tmp_path, store, rows, write, all_rows):
    store.import_paths([write(tmp_path / "first", rows)])
    before, content = store.fingerprint(), all_rows(store)
    rows["measurements"][1]["value"] = "9.5"
    rows["measurements"].append({**rows["measurements"][0], "piece": "9"})
    with pytest.raises(ImportConflict) as refused:
        store.import_paths([write(tmp_path / "second", rows)])
    (fault,) = refused.value.faults
    assert (fault.table, fault.row, fault.column, fault.found) == ("measurements", 3, "value", "'9.5'")
    assert "'9.99'" in fault.allowed
    assert "--on-conflict replace" in fault.allowed
    counts = {row.table: (row.rows, row.new, row.same, row.conflict) for row in refused.value.report.tables}
    assert counts["measurements"] == (3, 1, 1, 1)
    store.refresh()
    assert store.fingerprint() == before
    assert all_rows(store) == content


def test_replace_makes_the_new_value_current_and_keeps_the_old_file(tmp_path, settings, store, rows, write):
    values = []
    for value in ("9.99", "9.5", "9.99", "9.4"):
        rows["measurements"][1]["value"] = value
        report = store.import_paths([write(tmp_path / "in", rows)], on_conflict="replace")
        counts = {row.table: row for row in report.tables}["measurements"]
        assert counts.conflict == (value != "9.99" or len(values) > 0)
        found = store.table("measurements").sort("piece").collect("pyarrow").to_arrow()["value"].to_pylist()
        assert found == [10.01, float(value)]
        values.append(value)
    assert len(list((settings.records / "measurements").glob("*.parquet"))) == 4


def test_bytes_that_were_replaced_since_are_looked_at_again(tmp_path, store, rows, write):
    first = write(tmp_path / "first", rows)
    store.import_paths([first])
    rows["measurements"][1]["value"] = "9.5"
    store.import_paths([write(tmp_path / "second", rows)], on_conflict="replace")
    with pytest.raises(ImportConflict):
        store.import_paths([first])


def test_one_key_with_two_values_in_one_call_is_a_fault(tmp_path, store, rows, write):
    rows["measurements"].append({**rows["measurements"][0], "value": "11"})
    with pytest.raises(ImportRefused) as refused:
        store.import_paths([write(tmp_path / "in", rows)])
    (fault,) = refused.value.faults
    assert fault.row == 2
    assert "row 4" in fault.found


def test_a_key_may_be_twice_in_the_call_and_stand_in_the_store(tmp_path, store, rows, write):
    store.import_paths([write(tmp_path / "first", rows)])
    rows["measurements"] = rows["measurements"] * 2
    report = store.import_paths([write(tmp_path / "second", rows)])
    counts = {row.table: row for row in report.tables}["measurements"]
    assert (counts.rows, counts.new, counts.same) == (4, 0, 4)


def test_a_store_sees_what_it_saw_until_it_is_refreshed(tmp_path, settings, store, rows, write):
    with Store.open(settings) as reader:
        store.import_paths([write(tmp_path / "in", rows)])
        assert reader.enterprises() == []
        reader.refresh()
        assert reader.enterprises() == ["A", "B"]
        assert reader.fingerprint() == store.fingerprint()


def test_paths_and_homes_with_odd_names(tmp_path, rows, write):
    odd = tmp_path / "it's [odd]*?=1 100%41 %zz 数据"
    with Store.open(Settings(home=odd / "a=b")) as store:
        store.import_paths([write(odd / "in'[x]*", rows)])
        assert store.enterprises() == ["A", "B"]
        assert "a" not in store.table("enterprises").collect_schema()
