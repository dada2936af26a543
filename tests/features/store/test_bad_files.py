"""Files that are damaged, hostile or of another kind: refused with a way out, and a store as it was."""

import gzip
import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.features.store.refusals import refused


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


def test_blank_rows_of_a_sheet_are_no_rows(store, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(
        workbook([["enterprise_id", "name"], ["A", "x"], [None, None], ["  ", None], ["B", None]])
    )
    assert store.import_paths([path]).tables[0].rows == 2
    path.write_bytes(workbook([["enterprise_id", "size"], ["A", "small"], [None, None], ["C", "huge"]]))
    assert [(fault.row, fault.column) for fault in refused(store, path).faults] == [(4, "size")]
