"""What a fault says, in the reader's language: the importer speaks English, its columns know the rest."""

from __future__ import annotations

import re
from functools import cache

from features.records.columns import Column
from features.records.schema import TABLES
from serving.web.language import Language
from serving.web.views.file_words import PHRASES as FILE_PHRASES

PHRASES = (
    (re.compile(r"^at most `(\w+)`$"), "fault.at_most"),
    (re.compile(r"^below `(\w+)`$"), "fault.below"),
    (re.compile(r"^after `(\w+)`$"), "fault.after"),
    (re.compile(r"^on or after `(\w+)`$"), "fault.not_before"),
)
"""Rules between two columns: the blank is the other column's name."""
PHRASES_FOUND = (
    (re.compile("key '.*", re.DOTALL), "fault.repeated"),
    (re.compile("one set of values per key .*"), "fault.one_row"),
    (re.compile("an unknown column (?P<name>.*)", re.DOTALL), "fault.unknown_column"),
    (re.compile(r"the columns of table (?P<table>\w+)"), "fault.other_table"),
    (re.compile(r"the columns of \w+; if this is (?P<table>\w+), .*"), "fault.name_it"),
)
SENTENCES = {
    "nothing": "fault.nothing",
    "at least one of `lsl` and `usl`": "fault.one_limit",
    "2 to 12 digits (GB/T 2260)": "fault.region",
    "a GB/T 4754 code, such as 3411 or C3411": "fault.industry",
    "18 characters of GB 32100 whose last one is the right check digit": "fault.uscc",
    "an enterprise whose records you may bring": "fault.not_yours",
    "nothing: this table belongs to no single enterprise": "fault.nobodys",
    "self: a review comes from an assessor's questionnaire": "fault.review",
    "no such column": "fault.no_column",
    "the column twice": "fault.column_twice",
    "each column once": "fault.column_once",
    "no header": "fault.no_header",
    "an empty file": "fault.empty_file",
    "a file that is no table by its name": "fault.no_table",
    "a sheet that is no table by its name": "fault.no_sheet",
    "a column without a name": "fault.unnamed",
}


def allowed(t: Language, table: str, column: str | None, text: str) -> str:
    """Return what is allowed in a cell."""
    known = TABLES.get(table)
    if known is not None and column in known.names:
        found = known.column(column)
        if text == found.allowed:
            return column_allows(t, found)
        for pattern, key in PHRASES:
            if match := pattern.match(text):
                return t(key, column=column_name(t, table, match[1]))
        if " that stands in " in text:
            return t("fault.reference", column=column_name(t, table, column), tables=_tables(t, text))
    return said(t, text, table)


def said(t: Language, text: str, table: str = "") -> str:
    """Return what was found, or a sentence that belongs to no column; values stay as they are."""
    if text.startswith("'"):
        return text
    if text in SENTENCES:
        return t(SENTENCES[text])
    for pattern, key in PHRASES_FOUND:
        if match := pattern.fullmatch(text):
            return t(key, **{name: table_name(t, value) for name, value in match.groupdict().items()})
    for pattern, key in FILE_PHRASES:
        if match := pattern.fullmatch(text):
            return t(key, what=_columns(t, table, match.groupdict().get("what") or ""))
    return text


def _columns(t: Language, table: str, names: str) -> str:
    """Return names of columns as the reader calls them; other words stay as they are."""
    return t.listing([column_name(t, table, name) for name in names.split(", ")])


def column_allows(t: Language, column: Column) -> str:
    """Return what a person may write into `column`."""
    if column.values:
        return t("fault.one_of", values=t.listing(list(column.values)))
    return t(f"fault.type.{column.type.value}") + _range(t, column)


def _range(t: Language, column: Column) -> str:
    if column.low is None:
        return ""
    low = f"{column.low:g}"
    if column.high is not None:
        return t("fault.from_to", low=low, high=f"{column.high:g}")
    return t("fault.above" if column.above_low else "fault.at_least", low=low)


def table_name(t: Language, name: str) -> str:
    """Return a table as the reader calls it."""
    return TABLES[name].zh if t.code == "zh" and name in TABLES else name


def column_name(t: Language, table: str, name: str) -> str:
    """Return a column as the reader calls it."""
    return _chinese(table).get(name, name) if t.code == "zh" else name


@cache
def _chinese(table: str) -> dict[str, str]:
    return {column.name: column.zh for column in TABLES[table].columns} if table in TABLES else {}


def _tables(t: Language, text: str) -> str:
    names = re.findall(r"that stands in (.*?), in the store", text)
    return t.listing([table_name(t, name) for name in (names[0].split(" or ") if names else [])])
