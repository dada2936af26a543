"""Another engine computes the workbook: LibreOffice, from formulas alone, without their stored results."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import coordinate_to_tuple

from serving.reports.workbook import write_workbook

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (.ci/system-packages test)")
STORED = re.compile(rb"(</f>)<v>[^<]*</v>")
NAMED = re.compile(r'<definedName name="(\w+)">\'?([^<\']+)\'?!([^<]+)</definedName>')
NUMBER = re.compile(r"-?\d+(\.\d+)?(E[+-]?\d+)?%?")
EVERY_SHEET_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


class Computed:
    """What LibreOffice made of one file: every sheet as rows of texts, and where the file's names point."""

    def __init__(self, name, data, folder):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            text = file.read("xl/workbook.xml").decode()
        self.names = {name: (sheet, area) for name, sheet, area in NAMED.findall(text)}
        self.sheets = {}
        for path in folder.glob(f"{name}-*.csv"):
            with path.open(encoding="utf-8", newline="") as lines:
                self.sheets[path.stem.removeprefix(f"{name}-")] = list(csv.reader(lines))

    def at(self, sheet, row, column):
        """The cell (from 1) as number, truth value or text; None where it is empty."""
        rows = self.sheets[sheet]
        return _read(rows[row - 1][column - 1]) if row <= len(rows) and column <= len(rows[row - 1]) else None

    def __call__(self, name, row=0, column=0):
        """The cell of a named area, counted from its first one."""
        sheet, area = self.names[name]
        first_row, first_column = coordinate_to_tuple(area.replace("$", "").split(":")[0])
        return self.at(sheet, first_row + row, first_column + column)


def _read(text):
    if text in ("", "TRUE", "FALSE"):
        return {"": None, "TRUE": True, "FALSE": False}[text]
    if not NUMBER.fullmatch(text):
        return text
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def workbook_bytes(grade):
    stream = io.BytesIO()
    write_workbook(grade, stream)
    return stream.getvalue()


def without_results(data):
    """Return the file with every stored result of a formula taken out, so that the engine must compute it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = STORED.sub(rb"\1", part)
            target.writestr(name, part)
    return out.getvalue()


def edited(data, edits):
    """Yield the file once for each of the edits, lists of cells {(name, row, column): value}, changed so."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for edit in edits:
        cells = {_cell(book, *where): held for where, held in edit.items()}
        before = {cell: cell.value for cell in cells}
        _fill(cells)
        out = io.BytesIO()
        book.save(out)
        _fill(before)
        yield out.getvalue()


def _cell(book, name, row, column):
    sheet, area = next(iter(book.defined_names[name].destinations))
    return book[sheet][area.replace("$", "").split(":")[0]].offset(row, column)


def _fill(cells):
    for cell, held in cells.items():
        cell.value = held


def recomputed(files, folder):
    """Let LibreOffice compute the files {name: bytes} in one run."""
    folder = Path(folder)
    (folder / "in").mkdir()
    for name, data in files.items():
        (folder / "in" / f"{name}.xlsx").write_bytes(without_results(data))
    convert(sorted((folder / "in").iterdir()), folder, EVERY_SHEET_AS_CSV)
    return {name: Computed(name, data, folder / "out") for name, data in files.items()}


def convert(paths, folder, to):
    """Run LibreOffice over the files, with a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run = subprocess.run(
        [SOFFICE, "--headless", profile, "--convert-to", to, "--outdir", folder / "out", *paths],
        capture_output=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr.decode()
