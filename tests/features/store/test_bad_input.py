"""Bad input: a message that says where and what to do, exit status 2, and a store as it was."""

import gzip
import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.records.reading.faults import LISTED
from features.store import ImportRefused

HEAD = "enterprise_id,product_id,process_id,lot_id,inspected_at,submitted,passed\n"
GOOD = "A,p1,turn,77,2026-03-01,10,9\n"
COSTS = "enterprise_id,period,category,amount\n"


def refused(store, path):
    """Import `path`, which must be refused and leave the store as it was; return the refusal."""
    before = store.fingerprint()
    with pytest.raises(ImportRefused) as error:
        store.import_paths([path])
    assert error.value.exit_code == 2
    store.refresh()
    assert store.fingerprint() == before
    assert not list((store._records / ".staging").glob("*/*"))
    return error.value


@pytest.fixture
def filled(tmp_path, store, rows, write):
    store.import_paths([write(tmp_path / "good", rows)])
    return store


TEXTS = {
    "a missing column": (
        "inspections.csv",
        HEAD.replace(",passed", "") + "A,p1,turn,77,2026-03-01,10\n",
        (1, "passed", "no such column", "合格数"),
    ),
    "a letter in a number": (
        "inspections.csv",
        HEAD + GOOD + "A,p1,turn,78,2026-03-01,1O,9\n",
        (3, "submitted", "'1O'", "a whole number"),
    ),
    "a fraction of a piece": (
        "inspections.csv",
        HEAD + "A,p1,turn,78,2026-03-01,10.5,9\n",
        (2, "submitted", "'10.5'", "a whole number"),
    ),
    "a thirteenth month": (
        "quality_costs.csv",
        COSTS + "A,2025-13,scrap,1\n",
        (2, "period", "'2025-13'", "YYYY-MM"),
    ),
    "a day that is none": (
        "inspections.csv",
        HEAD + "A,p1,turn,78,2026-02-30,10,9\n",
        (2, "inspected_at", "'2026-02-30'", "ISO 8601"),
    ),
    "more passed than submitted": (
        "inspections.csv",
        HEAD + GOOD + "A,p1,turn,78,2026-03-01,10,11\n",
        (3, "passed", "'11'", "at most `submitted`"),
    ),
    "three decimals of money": (
        "quality_costs.csv",
        COSTS + "A,2025-12,scrap,1.005\n",
        (2, "amount", "'1.005'", "two decimal"),
    ),
    "an amount with separators": (
        "quality_costs.csv",
        COSTS + 'A,2025-12,scrap,"1,000"\n',
        (2, "amount", "'1,000'", "two decimal"),
    ),
    "a negative loss": (
        "quality_costs.csv",
        COSTS + "A,2025-12,scrap,-1\n",
        (2, "amount", "'-1'", "at least 0"),
    ),
    "an unknown category": (
        "quality_costs.csv",
        COSTS + "A,2025-12,scraps,1\n",
        (2, "category", "'scraps'", "scrap, "),
    ),
    "no number": (
        "measurements.csv",
        "enterprise_id,characteristic_id,measured_at,value\nA,d,2026-01-01,nan\n",
        (2, "value", "'nan'", "a number"),
    ),
    "infinity by overflow": (
        "measurements.csv",
        "enterprise_id,characteristic_id,measured_at,value\nA,d,2026-01-01,1e999\n",
        (2, "value", "'1e999'", "a number"),
    ),
    "a blank that is required": (
        "inspections.csv",
        HEAD + "A,p1,turn,,2026-03-01,10,9\n",
        (2, "lot_id", "nothing", "text of 1 to 200"),
    ),
    "an id too long": (
        "enterprises.csv",
        f"enterprise_id\n{'x' * 201}\n",
        (2, "enterprise_id", "xxx", "1 to 200"),
    ),
    "a wrong check digit": (
        "enterprises.csv",
        "enterprise_id,uscc\nC,91350100M000100Y44\n",
        (2, "uscc", "'91350100M000100Y44'", "check digit"),
    ),
    "an unknown parent": (
        "inspections.csv",
        HEAD + "Z,p1,turn,78,2026-03-01,10,9\n",
        (2, "process_id", "'turn' of 'Z', 'p1'", "stands in processes"),
    ),
    "an unknown column": (
        "enterprises.csv",
        "enterprise_id,nmae\nC,x\n",
        (1, "nmae", "unknown column", "perhaps name"),
    ),
    "a column twice": ("enterprises.csv", "enterprise_id,name,名称\nC,x,y\n", (1, "name", "twice", "once")),
    "semicolons": ("enterprises.csv", "enterprise_id;name\nC;x\n", (1, None, "one single column", "commas")),
    "a row too short": ("inspections.csv", HEAD + GOOD + "A,p1\n", (3, None, "fewer cells", "as many cells")),
    "a row too long": (
        "inspections.csv",
        HEAD + GOOD.replace("\n", ",1,2\n"),
        (2, None, "more cells", "as many cells"),
    ),
    "an open quote": ("enterprises.csv", 'enterprise_id,name\nC,"x\nD,y\n', (2, None, "quote", "pairs")),
    "an open quote in the header": (
        "enterprises.csv",
        'enterprise_id,"name\nC,x\n',
        (1, None, "header", "quotes"),
    ),
    "an empty file": ("enterprises.csv", "", (None, None, "an empty file", "zhuoyue template")),
    "a blank header": ("enterprises.csv", "\n\n", (1, None, "no header", "enterprise_id")),
    "a NUL byte": ("enterprises.csv", "enterprise_id,name\nC,x\0\n", (2, None, "NUL", "save the file again")),
    "a file of another table": (
        "products.csv",
        COSTS + "A,2025-12,scrap,1\n",
        (1, None, "table quality_costs", "name the file or sheet quality_costs"),
    ),
    "an unknown name": (
        "inspection.csv",
        HEAD + GOOD,
        (None, None, "no table by its name", "perhaps inspections"),
    ),
    "tabs in a text file": ("inspections.txt", HEAD + GOOD, (None, None, "no table by its name", "NAME.csv")),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(filled, tmp_path, case):
    name, text, (row, column, found, allowed) = TEXTS[case]
    path = tmp_path / name
    path.write_text(text, "utf-8", newline="")
    error = refused(filled, path)
    fault = error.faults[0]
    assert error.total == 1, error
    assert (fault.row, fault.column) == (row, column), fault
    assert found in fault.found
    assert allowed in fault.allowed
    assert str(path) in str(error)


def packed(text):
    return gzip.compress(text.encode())


def workbook(cells, title="enterprises"):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = title
    for row in cells:
        book.active.append(row)
    book.save(out)
    book.close()
    return out.getvalue()


def with_macros(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    return out.getvalue()


def parquet(columns):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


BYTES = {
    "a truncated gzip": (
        "enterprises.csv.gz",
        lambda: packed("enterprise_id\n" + "C\n" * 9999)[:-20],
        (None, "breaks off", "whole file"),
    ),
    "a gzip that is none": (
        "enterprises.csv.gz",
        lambda: b"enterprise_id\nC\n",
        (None, "damaged gzip", "pack it again"),
    ),
    "an empty gzip": ("enterprises.csv.gz", lambda: packed(""), (None, "an empty file", "a header line")),
    "UTF-16": (
        "enterprises.csv",
        lambda: "enterprise_id\nC\n".encode("utf-16"),
        (None, "UTF-16", "CSV (UTF-8)"),
    ),
    "another encoding": (
        "enterprises.csv",
        lambda: b"enterprise_id\n\xff\xfe\xff\n",
        (None, "neither UTF-8", "UTF-8"),
    ),
    "a 0-byte Parquet": (
        "enterprises.parquet",
        lambda: b"",
        (None, "an empty file", "write or copy it again"),
    ),
    "half a Parquet": (
        "enterprises.parquet",
        lambda: parquet({"enterprise_id": ["C"]})[:-30],
        (None, "cannot be read", "a Parquet file"),
    ),
    "a Parquet that is text": (
        "enterprises.parquet",
        lambda: b"enterprise_id\nC\n",
        (None, "cannot be read", "Parquet"),
    ),
    "a NaN in Parquet": (
        "supply_links.parquet",
        lambda: parquet(
            {"supplier_id": ["A"], "customer_id": ["B"], "material": ["m"], "share": [float("nan")]}
        ),
        (1, "'nan'", "a number from 0 to 1"),
    ),
    "a month in Parquet": (
        "output_values.parquet",
        lambda: parquet({"enterprise_id": ["A"], "period": [202603], "amount": [1.5]}),
        (1, "'202603'", "YYYY-MM"),
    ),
    "a workbook with macros": (
        "book.xlsx",
        lambda: with_macros(workbook([["enterprise_id"]])),
        (None, "with macros", "save it as .xlsx"),
    ),
    "a workbook called .xlsm": ("book.xlsm", lambda: b"x", (None, "no table by its name", "without macros")),
    "an old workbook": (
        "book.xlsx",
        lambda: b"\xd0\xcf\x11\xe0" + b"x" * 99,
        (None, "an old .xls", "saved as .xlsx"),
    ),
    "a workbook that is none": (
        "book.xlsx",
        lambda: b"PK\x03\x04junk",
        (None, "no workbook", "saved as .xlsx"),
    ),
    "an empty workbook": ("book.xlsx", lambda: b"", (None, "an empty file", ".xlsx")),
    "a sheet of no table": (
        "book.xlsx",
        lambda: workbook([["a"], [1]], "Sheet1"),
        (None, "a sheet", "enterprises"),
    ),
    "a formula": (
        "book.xlsx",
        lambda: workbook([["enterprise_id"], ["C"], ["=A2"]]),
        (3, "a formula in cell A3", "paste"),
    ),
    "a cell beside the table": (
        "book.xlsx",
        lambda: workbook([["enterprise_id"], ["C", "x"]]),
        (2, "to the right of the header", "column name"),
    ),
    "a letter in a sheet": (
        "book.xlsx",
        lambda: workbook([["enterprise_id", "贯标日期"], ["C", "2024"]]),
        (2, "'2024'", "YYYY-MM-DD"),
    ),
}


@pytest.mark.parametrize("case", BYTES)
def test_bytes(filled, tmp_path, case):
    name, data, (row, found, allowed) = BYTES[case]
    path = tmp_path / name
    path.write_bytes(data())
    error = refused(filled, path)
    assert error.total == 1, error
    assert error.faults[0].row == row
    assert found in error.faults[0].found
    assert allowed in error.faults[0].allowed


def test_a_gzip_bomb_is_stopped_early(filled, tmp_path):
    path = tmp_path / "enterprises.csv.gz"
    block = b"x" * (1 << 20)
    with gzip.open(path, "wb") as file:
        file.write(b"enterprise_id\n")
        for _ in range(300):
            file.write(block)
    assert "unpacks to more than 256 MiB" in refused(filled, path).faults[0].found


def test_a_workbook_bomb_is_not_unpacked(filled, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook([["enterprise_id"], ["C"]]))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/bomb.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b" " * (1 << 20))
    assert "out of all proportion" in refused(filled, path).faults[0].found


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


def test_blank_rows_of_a_sheet_are_no_rows(store, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(
        workbook([["enterprise_id", "name"], ["A", "x"], [None, None], ["  ", None], ["B", None]])
    )
    assert store.import_paths([path]).tables[0].rows == 2
    path.write_bytes(workbook([["enterprise_id", "size"], ["A", "small"], [None, None], ["C", "huge"]]))
    assert [(fault.row, fault.column) for fault in refused(store, path).faults] == [(4, "size")]


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
