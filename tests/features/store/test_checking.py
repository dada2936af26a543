"""A rehearsal says what the import would do, with the rows as written; whose rows may come; rows by page."""

import shutil

import pytest

from features.records.schema import TABLES
from features.store import ImportConflict, ImportRefused, Store
from features.store.browsing import browse, time_column
from features.store.permits import Permit, owner_columns

VALUES = "enterprise_id,period,amount\n"


@pytest.fixture
def look(tmp_path):
    """Rehearse the import of files given as text."""

    def looked(store, texts, **more):
        folder, copies = tmp_path / "brought", tmp_path / "copies"
        folder.mkdir(exist_ok=True)
        copies.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        return store.check_paths(sorted(folder.iterdir()), copies, **more)

    return looked


def test_a_rehearsal_counts_as_the_import_does_and_writes_nothing(filled, look, all_rows, tmp_path):
    before, print_before = all_rows(filled), filled.fingerprint()
    found = look(filled, {"output_values.csv": VALUES + "A,2026-04,1\nA,2026-03,100000\nA,2026-05,2\n"})
    filled.refresh()
    assert (all_rows(filled), filled.fingerprint()) == (before, print_before)
    assert (found.fault_count, found.conflict_count) == (0, 0)
    assert found.tables == filled.import_paths([tmp_path / "brought"]).tables


def test_rows_that_faults_are_about_are_shown_as_written_and_where(filled, look):
    rows = [f"A,2026-{1 + at % 12:02d}, {at + 1} " for at in range(100)]
    rows[40] = 'A,"2026-\n13",x'
    rows[77] = "A,2026-01,-1"
    found = look(filled, {"output_values.csv": VALUES + "\n".join(rows) + "\n"})
    (sample,) = found.previews
    assert sample.rows == 100
    assert [row.number for row in sample.shown] == [*range(10), 40, 77]
    assert [(row.line, row.cells) for row in sample.shown[-2:]] == [
        (42, ("A", "2026-\n13", "x")),
        (80, ("A", "2026-01", "-1")),
    ]
    assert {(fault.number, fault.row, fault.column) for fault in found.faults} == {
        (40, 42, "period"),
        (40, 42, "amount"),
        (77, 80, "amount"),
    }


def test_a_conflict_names_every_value_that_differs(filled, look, tmp_path):
    text = "enterprise_id,product_id,period,units,nonconforming\nA,p1,2026-03,98,2\n"
    (conflict,) = look(filled, {"deliveries.csv": text}).conflicts
    assert conflict.key == (("enterprise_id", "A"), ("product_id", "p1"), ("period", "2026-03"))
    assert conflict.changes == (("units", "97", "98"), ("nonconforming", "1", "2"))
    with pytest.raises(ImportConflict) as refused:
        filled.import_paths([tmp_path / "brought"])
    assert refused.value.conflicts[0].changes == conflict.changes


def test_every_column_that_names_an_enterprise_is_in_the_permit():
    named = {name: owner_columns(table) for name, table in TABLES.items()}
    assert named.pop("supply_links") == ("supplier_id", "customer_id")
    assert named.pop("plan_targets") == ()
    assert set(named.values()) == {("enterprise_id",)}


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"plan_targets"}))
def test_rows_of_others_are_refused_table_by_table(imported, settings, rows, write, tmp_path, name):
    shutil.copytree(imported.home, settings.home)
    mine = Permit(frozenset({"C"}))
    with Store.open(settings) as store:
        folder = write(tmp_path / "in", {name: rows[name]})
        before = store.fingerprint()
        with pytest.raises(ImportRefused) as refused:
            store.import_paths([folder], "replace", permit=mine)
        columns = {fault.column for fault in refused.value.faults}
        assert columns >= set(owner_columns(TABLES[name]))
        assert store.fingerprint() == before


def test_a_refusal_does_not_say_what_others_have(filled, look):
    text = "enterprise_id,product_id,period,units,nonconforming\n{},{},2026-03,98,2\n"
    mine = Permit(frozenset({"B"}))
    known, unknown = (
        look(filled, {"deliveries.csv": text.format(owner, product)}, permit=mine).faults
        for owner, product in (("A", "p1"), ("Z", "p1"))
    )
    assert [fault.allowed for fault in known] == [fault.allowed for fault in unknown]


def test_a_file_that_is_stored_already_is_looked_at_row_by_row_for_others(filled, tmp_path, write, rows):
    folder = write(tmp_path / "again", {"output_values": rows["output_values"]})
    assert filled.import_paths([folder]).tables[0].same == 1
    with pytest.raises(ImportRefused):
        filled.import_paths([folder], permit=Permit(frozenset({"B"})))


def test_what_is_written_with_the_import_happens_with_it_or_not_at_all(filled, tmp_path, write, rows):
    rows["output_values"][0]["period"] = "2026-07"
    folder = write(tmp_path / "more", {"output_values": rows["output_values"]})
    before = filled.fingerprint()

    def broken(_connection, number, report):
        assert (number, report.import_id) == (2, 2)
        raise OSError("the power is gone")

    with pytest.raises(OSError, match="power"):
        filled.import_paths([folder], committed=broken)
    filled.refresh()
    assert filled.fingerprint() == before
    assert filled.import_paths([folder], who="li").import_id == 2


def test_rows_are_browsed_by_owner_and_time_in_order_of_their_key(filled):
    rows, total = browse(filled, "inspections", limit=1, offset=1)
    assert (total, rows[0]["submission"]) == (2, 2)
    assert browse(filled, "inspections", since="2026-03-01", until="2026-03-01")[1] == 2
    assert browse(filled, "inspections", until="2026-02")[1] == 0
    assert browse(filled, "deliveries", since="2026-03-31", until="2026-03-01")[1] == 1  # months
    assert browse(filled, "supply_links", owners=frozenset({"B"}))[1] == 1
    assert browse(filled, "inspections", owners=frozenset())[1] == 0
    assert browse(filled, "plan_targets", owners=frozenset())[1] == 1
    assert {name: time_column(TABLES[name]) for name in ("enterprises", "measurements")} == {
        "enterprises": None,
        "measurements": "measured_at",
    }
