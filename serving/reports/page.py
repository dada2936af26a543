"""The document as one HTML page that prints on A4: style, drawings and all, nothing fetched from anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from serving.palette import LIGHT
from serving.reports.blocks import Document, Figure, Heading, Signature, Table, Text
from serving.reports.drawing.svg import svg
from serving.templating import strict_environment

TEMPLATES = Path(__file__).with_name("templates")
KINDS = {Heading: "heading", Text: "text", Table: "table", Figure: "figure", Signature: "signature"}


def to_html(
    document: Document,
    links: tuple[tuple[str, str], ...] = (),
    back: str = "",
    other: tuple[str, str] | None = None,
) -> str:
    """Return the page.

    Above it, on a screen only, stand `links` to files (text, address), `back` (address) and `other`, the same
    in another language (text, address).
    """
    template = _environment().get_template("declaration.html")
    return template.render(document=document, palette=LIGHT, links=links, back=back, other=other)


@cache
def _environment() -> Environment:
    found = strict_environment(TEMPLATES)
    found.filters["drawn"] = _drawn
    found.filters["kind"] = lambda block: KINDS[type(block)]
    found.filters["share"] = _share
    return found


def _drawn(figure: Figure) -> Markup:
    return Markup(svg(figure.drawing, figure.alt))  # noqa: S704 - every text in it is escaped there


def _share(table: Table) -> list[str]:
    total = sum(column.share for column in table.columns)
    return [f"{100 * column.share / total:.2f}" for column in table.columns]
