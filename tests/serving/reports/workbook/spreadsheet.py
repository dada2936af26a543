"""Another engine computes the workbook: LibreOffice, from formulas alone, without the results stored beside them."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from serving.reports.workbook import write_workbook

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice recalculates: apt libreoffice-calc-nogui")
STORED = re.compile(rb"(</f>)<v>[^<]*</v>")


def workbook_bytes(grade):
    stream = io.BytesIO()
    write_workbook(grade, stream)
    return stream.getvalue()


def without_results(data):
    """Return the file with every stored result of a formula taken out, so that the engine must compute it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = STORED.sub(rb"\1", part)
            target.writestr(name, part)
    return out.getvalue()


def edited(data, changes):
    """Return the file with input cells changed: {(table or name, column, row from 0): value}."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (name, row, column), value in changes.items():
        cell(book, name, row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(book, name, row=0, column=0):
    """Return a cell of a named area, counted from its first one."""
    sheet, area = next(iter(book.defined_names[name].destinations))
    first = book[sheet][area.replace("$", "").split(":")[0]]
    return first.offset(row, column)


def value(book, name, row=0, column=0):
    """Return what a named cell shows; nothing where it is empty."""
    found = cell(book, name, row, column).value
    return None if found == "" else found


def recomputed(files, folder):
    """Let LibreOffice compute the files {name: bytes} in one run; return them as openpyxl workbooks of values."""
    folder = Path(folder)
    (folder / "in").mkdir()
    for name, data in files.items():
        (folder / "in" / f"{name}.xlsx").write_bytes(without_results(data))
    convert(sorted((folder / "in").iterdir()), folder, "xlsx")
    return {name: openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True) for name in files}


def convert(paths, folder, to):
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run = subprocess.run(
        [SOFFICE, "--headless", profile, "--convert-to", to, "--outdir", folder / "out", *paths],
        capture_output=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr.decode()
