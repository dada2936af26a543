"""What is wrong with a file as a whole, in the reader's language: the importer's sentences by pattern."""

from __future__ import annotations

import re

_SAYS = {
    "text_only": r"text only: save the file again as CSV \(UTF-8\)|text in UTF-8 or GB 18030: save .*",
    "encoding": r"text that is neither UTF-8 nor GB 18030|text in UTF-16",
    "nul": r"a NUL byte",
    "damaged": r"a gzip file that breaks off|a damaged .*|a file that cannot be read .*",
    "whole": r"(?:the whole|a gzip|a Parquet) file: .*",
    "no_workbook": r"a file that is no workbook \(.*\)",
    "bomb": r"a workbook that unpacks .*|a gzip file that unpacks .*",
    "macros": r"a workbook with macros",
    "no_macros": r"a workbook without macros: save it as \.xlsx",
    "old": r"an old \.xls, or a workbook with a password",
    "plain_book": r"a workbook without password, saved as \.xlsx|a workbook saved as \.xlsx",
    "bare": r"a workbook without any table",
    "sheets": r"sheets called after tables.*",
    "names": r"(?:perhaps .*; )?NAME\.csv, NAME\.csv\.gz.*|a comma-separated file called NAME\.csv",
    "right": r"a cell to the right of the header",
    "above": r"a column name above every cell",
    "formula": r"(?:a formula|an error value) in cell (?P<what>\w+): .*",
    "values": r"values: copy, then paste as values only",
    "ragged": r"fewer cells than the header: (?P<what>.*)",
    "wide": r"more cells than the header: (?P<what>.*)",
    "cells": r"as many cells as the header has.*",
    "quote": r"a quote that is not closed .*: (?P<what>.*)",
    "quotes": r"quotes in pairs.*|a header line with quotes in pairs",
    "header": r"a header (?:line at least|with) .*|a header line at least: .*",
    "commas": r"columns separated by commas: .*",
    "columns": r"(?:perhaps \w+; )?(?P<what>\w+(?:, \w+)*), (?:their Chinese names, )?or your own .*",
    "column": r"a column (?P<what>\w+) \(or .*\): .*",
}
PHRASES = tuple((re.compile(pattern, re.DOTALL), f"fault.file.{name}") for name, pattern in _SAYS.items())
"""A pattern that the whole text must match, and the message; `what` is its blank, where it has one."""
