"""The workbook of a grade: every step of the calculation as a live formula over cells with the evidence.

Made from a `Grade` alone (its evidence, pack and policy), for assessors who check a grade line by line and
try what would change. Works in Excel from 2010 on, WPS and LibreOffice: no macros, no volatile functions, no
functions of newer versions. Opened without computing, it shows the stored results.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from qm_rules import Grade
from serving.reports.workbook.book import Book
from serving.reports.workbook.figures import Figures
from serving.reports.workbook.sheets.aggregation import verdict_text, write_aggregation
from serving.reports.workbook.sheets.calculation import write_calculation
from serving.reports.workbook.sheets.capability import write_capability
from serving.reports.workbook.sheets.check import outcome, write_check
from serving.reports.workbook.sheets.deliveries import write_deliveries
from serving.reports.workbook.sheets.first_pass import write_first_pass
from serving.reports.workbook.sheets.gaps import write_gaps
from serving.reports.workbook.sheets.issued_page import write_issued
from serving.reports.workbook.sheets.losses import write_losses
from serving.reports.workbook.sheets.management import write_management
from serving.reports.workbook.sheets.policies import write_policies
from serving.reports.workbook.sheets.products import write_products
from serving.reports.workbook.sheets.readings import write_readings
from serving.reports.workbook.sheets.thresholds import write_thresholds
from serving.reports.workbook.sheets.verdict import TITLE, write_verdict
from serving.reports.workbook.sheets.window import write_window
from serving.reports.workbook.sheets.wording import write_wording

__all__ = ["write_workbook"]


def write_workbook(grade: Grade, target: Path | BinaryIO) -> None:
    """Write the workbook of a grade to a file or a binary stream; the same grade gives the same bytes."""
    figures = Figures(grade)
    strip = f"{verdict_text(grade, figures)} · {outcome(grade, figures)}"
    book = Book(target, TITLE, grade.book.pack.issued, strip)
    write_deliveries(book, grade)
    write_first_pass(book, grade, figures.stages)
    write_capability(book, grade)
    write_losses(book, grade)
    write_management(book, grade)
    write_window(book, grade)
    write_policies(book, grade)
    bounds = write_thresholds(book, grade)
    write_wording(book, grade)
    write_products(book, figures.products)
    write_calculation(book, grade, figures, bounds)
    write_aggregation(book, grade, figures)
    write_readings(book, grade, figures, bounds)
    write_gaps(book, grade, figures, bounds)
    write_check(book, grade, figures)
    write_issued(book)
    write_verdict(book, grade, figures)
    book.close()
