"""Empty record tables with headers, to be filled in."""

from __future__ import annotations

import csv
from pathlib import Path

from features.records.columns import Column, Table, Type
from features.records.schema import TABLES

WORKBOOK = "zhuoyue-template.xlsx"
WIDTH = 18
FORMATS = {Type.NUMBER: "General", Type.MONEY: "0.00", Type.COUNT: "0"}
"""Cells of other types are text, so that Excel keeps `2026-03` and `007` as they are written."""


class TemplateExistsError(ValueError):
    """A file of the template is there already and may hold somebody's records."""


def write_template(folder: Path, language: str | None = None) -> list[Path]:
    """Write a CSV per table and one workbook with a sheet per table; return their paths.

    `language` of the headers is `en` or `zh`; without it the CSV files speak English and the workbook
    Chinese, so that both names of every column are at hand. CSV files begin with a byte order mark, by which
    Excel knows UTF-8. Importing the folder as it is takes no rows; rows may be filled into the CSV files,
    into the workbook, or into both.

    Raises:
        TemplateExistsError: one of the files exists; nothing is written then.
    """
    paths = [folder / f"{name}.csv" for name in TABLES] + [folder / WORKBOOK]
    there = [path.name for path in paths if path.exists()]
    if there:
        raise TemplateExistsError(f"{folder} already holds {', '.join(there)}: choose an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, table in zip(paths, TABLES.values(), strict=False):
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow([header(column, language or "en") for column in table.columns])
    _write_workbook(paths[-1], language or "zh")
    return paths


def header(column: Column, language: str) -> str:
    """Return the header of `column` in `language`."""
    return column.zh if language == "zh" else column.name


def _write_workbook(path: Path, language: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        bold, required = (
            book.add_format({"bold": True}),
            book.add_format({"bold": True, "bg_color": "#FFF2CC"}),
        )
        formats = {kind: book.add_format({"num_format": FORMATS.get(kind, "@")}) for kind in Type}
        for table in TABLES.values():
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(table.columns):
                sheet.set_column(at, at, WIDTH, formats[column.type])
                sheet.write_string(0, at, header(column, language), required if column.required else bold)
                sheet.write_comment(0, at, _comment(table, column), {"x_scale": 2, "author": "Zhuoyue"})
                if column.values:
                    sheet.data_validation(
                        1, at, 1_048_575, at, {"validate": "list", "source": list(column.values)}
                    )


def _comment(table: Table, column: Column) -> str:
    needed = "required · 必填" if column.required else "optional · 选填"
    key = ", key · 主键" if column.name in table.key else ""
    return f"{column.name} · {column.zh}\n{needed}{key}\n{column.allowed}"
