"""Text to typed values, as SQL: an expression per type that is null where the text is not of that type.

The text is trimmed and null where blank. DuckDB's own casts are lenient (`1_000`, `nan`, `5.7` as 6, zones
dropped), so a pattern stands before each of them.
"""

from __future__ import annotations

from collections.abc import Callable

from features.records.columns import Column, Type

PERIOD = "[12][0-9]{3}-(0[1-9]|1[0-2])"
DAY = "[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
CLOCK = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
ZONE = "Z|[+-][0-9]{2}(:?[0-9]{2})?"
MIDNIGHT = "([T ]00:00(:00([.]0+)?)?)?"
WHOLE = "[+-]?[0-9]{1,18}([.]0+)?"
AMOUNT = "[+-]?[0-9]{1,16}([.][0-9]{1,2}0*)?"
NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
LOCAL_OFFSET_MINUTES = 8 * 60
"""Plants keep UTC+8; a time with a zone is brought there."""


def typed(column: Column, text: str) -> str:
    """Return SQL that reads the SQL expression `text` as `column`'s type; null where it cannot."""
    readers: dict[Type, Callable[[str], str]] = {
        Type.PERIOD: _period,
        Type.TIME: _time,
        Type.DATE: _date,
        Type.COUNT: lambda x: _matched(x, WHOLE, f"split_part({x}, '.', 1)", "BIGINT"),
        Type.MONEY: lambda x: _matched(x, AMOUNT, x, "DECIMAL(18,2)"),
        Type.NUMBER: lambda x: _matched(x, NUMBER, x, "DOUBLE"),
        Type.FLAG: lambda x: f"CASE lower({x}) WHEN 'true' THEN true WHEN 'false' THEN false END",
        Type.ID: lambda x: x,
        Type.TEXT: lambda x: x,
    }
    return readers[column.type](text)


def _matched(text: str, pattern: str, cast: str, sql_type: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN TRY_CAST({cast} AS {sql_type}) END"


def _period(text: str) -> str:
    """A month; a workbook turns `2026-03` into its first day, which is taken as the month it was."""
    first_day = f"regexp_full_match({text}, '{PERIOD}-01[T ]00:00:00')"
    return f"CASE WHEN regexp_full_match({text}, '{PERIOD}') OR {first_day} THEN left({text}, 7) END"


def _date(text: str) -> str:
    return _matched(text, f"({DAY}){MIDNIGHT}", f"left({text}, 10)", "DATE")


def _time(text: str) -> str:
    """A date or a time; with a zone it is brought to UTC+8, then kept without."""
    whole = f"{DAY}([T ]{CLOCK} ?({ZONE})?)?"
    local = f"replace(regexp_extract({text}, '^({DAY}([T ]{CLOCK})?)', 1), ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{whole}') THEN "
        f"TRY_CAST({local} AS TIMESTAMP) + to_minutes({_shift(text)}) END"
    )


def _shift(text: str) -> str:
    """Minutes from the zone in `text` to UTC+8; 0 where there is none, null where no such zone exists."""
    zone = f"regexp_extract({text}, '[T ].*?({ZONE})$', 1)"
    hours = f"CAST(substr({zone}, 2, 2) AS BIGINT)"
    minutes = f"COALESCE(TRY_CAST(right(replace({zone}, ':', ''), -3) AS BIGINT), 0)"
    east = f"({hours} * 60 + {minutes})"
    signed = f"CASE WHEN left({zone}, 1) = '-' THEN -{east} ELSE {east} END"
    valid = f"{hours} <= 14 AND {minutes} < 60"
    return (
        f"CASE WHEN {zone} = '' THEN 0 WHEN {zone} = 'Z' THEN {LOCAL_OFFSET_MINUTES} "
        f"WHEN {valid} THEN {LOCAL_OFFSET_MINUTES} - ({signed}) END"
    )
