"""A control chart as rows for programs, and as a table with what it says for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from serving.chart_points import Row, chain, rows
from serving.output import Format, cell, emit
from serving.text_tables import rendered
from serving.web.language import CODES, Language, language
from serving.web.spc_words import note, summary

if TYPE_CHECKING:
    from rich.table import Table

    from features.control_charts import Chart

POINTS = (
    "point", "time", "name", "size", "statistic", "centre", "lcl", "ucl", "baseline", "beyond", "rules"
)  # fmt: skip
OVERVIEW = (
    "characteristic_id", "chart", "points", "centre", "sigma", "beyond", "signalling", "spread_beyond",
    "autocorrelation",
)  # fmt: skip
PARETO = ("name", "events", "cumulative", "share", "cumulative_share")


def show(chart: Chart, fmt: str | None, codes: Sequence[str]) -> None:
    """Print the points; for people with what must be known about them, else that on standard error."""
    if not for_people(fmt):
        for line in (line for code in CODES for one in chain(chart) for line in said(language(code), one)):
            print(line, file=sys.stderr)  # noqa: T201 - a message for people
        emit((row for one in chain(chart) for row in rows(one)), fmt)
        return
    for words in map(language, codes):
        for one in chain(chart):
            sys.stdout.write("\n".join(said(words, one)) + "\n")
            show_table(words, rows(one), POINTS)


def show_list(found: list[Row], fmt: str | None, columns: Sequence[str], codes: Sequence[str]) -> None:
    """Print a list: a table in each language for people, else every key."""
    if not for_people(fmt):
        emit(found, fmt)
        return
    for words in map(language, codes):
        show_table(words, found, columns)


def for_people(fmt: str | None) -> bool:
    """Whether a table is asked for, or a person looks."""
    return fmt == Format.table or (fmt is None and sys.stdout.isatty())


def said(words: Language, chart: Chart) -> Iterator[str]:
    """Yield what the chart shows and what must be known about it."""
    yield summary(words, chart)
    yield from (note(words, remark) for remark in chart.notes)


def show_table(words: Language, found: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows under the headings of a language; no heading and no number is broken."""
    table = _headed(words, columns)
    for row in found:
        table.add_row(*(_shown(words, row[name]) for name in columns))
    sys.stdout.write(f"{rendered(table)}\n\n" if table.row_count else f"{words('none.dash')}\n\n")


def _headed(words: Language, columns: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        text = name in ("characteristic_id", "chart", "time", "name", "rules")
        folds = name in ("characteristic_id", "name")
        table.add_column(
            words(f"spc.column.{name}"),
            justify="left" if text else "right",
            no_wrap=not folds,
            overflow="fold",
            min_width=len(words(f"spc.column.{name}")),
        )
    return table


def _shown(words: Language, value: Any) -> Any:  # noqa: ANN401 - any cell of a row
    if isinstance(value, bool):
        return words("spc.yes") if value else ""
    return cell(None if isinstance(value, float) and value != value else value)
