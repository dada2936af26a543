"""Bad input among good: all of it is told at once, nothing of it gets in."""

from features.records.reading.faults import LISTED
from tests.features.store.refusals import HEAD, refused


def test_all_faults_are_counted_and_a_thousand_listed(filled, tmp_path):
    path = tmp_path / "inspections.csv"
    path.write_text(HEAD + "".join(f"A,p1,turn,{at},2026-03-01,x,{at}\n" for at in range(5000)))
    error = refused(filled, path)
    assert error.total == 5000
    assert len(error.faults) == LISTED
    assert [fault.row for fault in error.faults[:3]] == [2, 3, 4]


def test_lines_are_those_of_the_file_where_cells_go_over_several(filled, tmp_path):
    path = tmp_path / "products.csv"
    path.write_text(
        'enterprise_id,product_id,name\nA,"q\n1",x\n\n\nA,q2,"a\r\nb\n\nc"\nA,,z\nZ,q3,\n', newline=""
    )
    assert [(fault.row, fault.column) for fault in refused(filled, path).faults] == [
        (10, "product_id"),
        (11, "enterprise_id"),
    ]
    path.write_text('enterprise_id,product_id,name\nA,"q\n1",x\n\n\nA,q2,"a\r\nb\n\nc"\nZ,q3,\n', newline="")
    assert [(fault.row, fault.column) for fault in refused(filled, path).faults] == [(10, "enterprise_id")]
    path.write_text('enterprise_id,product_id,name\nA,"q\n1",x\n\n\nA,q2,"a\r\nb\n\nc"\nZ,q3\n', newline="")
    assert [(fault.row, fault.column) for fault in refused(filled, path).faults] == [(10, None)]


def test_one_bad_file_keeps_the_good_ones_out(filled, tmp_path, write):
    folder = write(tmp_path / "in", {"enterprises": [{"enterprise_id": "NEW"}]})
    (folder / "deliveries.csv").write_text(
        "enterprise_id,product_id,period,units,nonconforming\nA,p1,2026-04,1,2\n"
    )
    refused(filled, folder)
    assert filled.enterprises() == ["A", "B"]


def test_faults_of_all_files_are_told_at_once(filled, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/enterprises.csv").write_text("enterprise_id,size\nC,huge\n")
    (tmp_path / "in/deliveries.csv").write_text(
        "enterprise_id,product_id,period,units,nonconforming\nA,p1,26-04,1,2\n"
    )
    assert {fault.column for fault in refused(filled, tmp_path / "in").faults} == {
        "size",
        "period",
        "nonconforming",
    }


def test_paths_that_hold_nothing(filled, tmp_path):
    assert "no such file" in refused(filled, tmp_path / "nowhere").faults[0].found
    (tmp_path / "empty").mkdir()
    assert "empty folder" in refused(filled, tmp_path / "empty").faults[0].found


def test_a_folder_of_documents_holds_no_table(filled, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/README.txt").write_text("about")
    assert "README.txt" in refused(filled, tmp_path / "in").faults[0].found


def test_references_are_told_together_with_values(filled, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/inspections.csv").write_text(
        HEAD + "A,p1,turn,78,2026-03-01,x,9\nZ,p1,turn,79,2026-03-01,10,9\n"
    )
    (tmp_path / "in/products.csv").write_text("enterprise_id,product_id\nZ,p\n")
    found = {(fault.table, fault.row, fault.column) for fault in refused(filled, tmp_path / "in").faults}
    assert found == {
        ("inspections", 2, "submitted"),
        ("inspections", 3, "process_id"),
        ("products", 2, "enterprise_id"),
    }


def test_a_parent_that_cannot_be_read_is_not_missed_by_its_children(filled, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/enterprises.csv").write_text("enterprise_id,nmae\nZ,z\n")
    (tmp_path / "in/products.csv").write_text("enterprise_id,product_id\nZ,p\n")
    assert [fault.column for fault in refused(filled, tmp_path / "in").faults] == ["nmae"]


def test_links_in_a_folder_are_not_followed(filled, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.csv").write_text("enterprise_id\nC\n")
    (tmp_path / "in/enterprises.csv").symlink_to(tmp_path / "secret.csv")
    assert "symbolic link" in refused(filled, tmp_path / "in").faults[0].found


def test_documents_beside_tables_are_passed_over(store, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "README.md").write_text("about")
    (folder / ".DS_Store").write_text("x")
    (folder / "enterprises.csv").write_text("enterprise_id\nC\n")
    store.import_paths([folder])
    assert store.enterprises() == ["C"]
