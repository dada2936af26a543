"""A card of headings, texts, lists and tables, written as Markdown and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid #8884}
td{font-variant-numeric:tabular-nums}:root{color-scheme:light dark}"""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it: text, bullets, a table, each if there is any."""

    title: str
    text: str = ""
    bullets: Sequence[str] = ()
    table: pd.DataFrame | None = None


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """The card as Markdown."""
    return "\n\n".join([f"# {title}", *(part for s in sections for part in _markdown(s))]) + "\n"


def _markdown(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    if section.text:
        yield section.text
    if section.bullets:
        yield "\n".join(f"- {bullet}" for bullet in section.bullets)
    if section.table is not None:
        yield pipes(section.table)


def pipes(table: pd.DataFrame) -> str:
    """A pipe table; numbers with four significant digits."""
    lines = ["| " + " | ".join(map(str, table.columns)) + " |", "|" + "---|" * len(table.columns)]
    lines += ["| " + " | ".join(row).replace("\n", " ") + " |" for row in _cells(table)]
    return "\n".join(lines)


def as_html(title: str, sections: Sequence[Section]) -> str:
    """The card as one page."""
    body = "\n".join(part for section in sections for part in _html(section))
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    page = f"<head>{head}</head><body><h1>{escape(title)}</h1>\n{body}</body>"
    return f'<!doctype html><html lang="en">{page}</html>\n'


def _html(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.title)}</h2>"
    if section.text:
        yield f"<p>{escape(section.text)}</p>"
    if section.bullets:
        yield "<ul>" + "".join(f"<li>{escape(bullet)}</li>" for bullet in section.bullets) + "</ul>"
    if section.table is not None:
        head = "".join(f"<th>{escape(str(name))}</th>" for name in section.table.columns)
        rows = "".join(_row(row) for row in _cells(section.table))
        yield f"<table><tr>{head}</tr>{rows}</table>"


def _row(cells: list[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _cells(table: pd.DataFrame) -> list[list[str]]:
    return [[_cell(value) for value in row] for row in table.itertuples(index=False)]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "–" if value != value else f"{value:.4g}"
    return str(value).replace("|", "∣")
