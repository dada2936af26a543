"""The template is the standard as files, and imports as it is."""

import csv
import warnings

import openpyxl
import pytest

from features.records.schema import TABLES
from features.records.template import WORKBOOK, TemplateExistsError, write_template
from features.settings import Settings
from features.store import Store


@pytest.mark.parametrize("language", [None, "en", "zh"])
def test_the_template_imports_as_it_is(tmp_path, language):
    paths = write_template(tmp_path / "t", language)
    assert [path.name for path in paths] == [*(f"{name}.csv" for name in TABLES), WORKBOOK]
    with Store.open(Settings(home=tmp_path / "home")) as store:
        report = store.import_paths([tmp_path / "t"])
    assert {row.table: row.rows for row in report.tables} == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize(("language", "in_csv", "in_book"), [(None, 0, 1), ("en", 0, 0), ("zh", 1, 1)])
def test_headers(tmp_path, language, in_csv, in_book):
    write_template(tmp_path, language)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops validations when it reads
        book = openpyxl.load_workbook(tmp_path / WORKBOOK)
    assert book.sheetnames == list(TABLES)
    for name, table in TABLES.items():
        names = [table.names, tuple(column.zh for column in table.columns)]
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert tuple(next(csv.reader(file))) == names[in_csv]
        assert tuple(cell.value for cell in book[name][1]) == names[in_book]
    book.close()


def test_a_filled_template_is_never_overwritten(tmp_path):
    write_template(tmp_path)
    (tmp_path / "products.csv").write_text("precious")
    with pytest.raises(TemplateExistsError, match=r"products\.csv"):
        write_template(tmp_path)
    assert (tmp_path / "products.csv").read_text() == "precious"
