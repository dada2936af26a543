"""What a document is made of, before anybody decides how it looks: headings, texts, tables, figures.

Word, PDF and page are written from the same blocks, so that they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from serving.reports.drawing.canvas import Drawing

Style = Literal["body", "lead", "note", "quote", "warning", "working", "code"]
Align = Literal["left", "center", "right"]


class Heading(NamedTuple):
    """A heading: depth 1 for a section, 2 for a part of it."""

    text: str
    depth: int = 1
    new_page: bool = False


class Text(NamedTuple):
    """A paragraph; `working` is arithmetic, `code` a command."""

    text: str
    style: Style = "body"


class Column(NamedTuple):
    """A column: heading, share of the width, alignment."""

    head: str
    share: float
    align: Align = "left"


class Cell(NamedTuple):
    """A cell of a table: its text, the level whose colour it carries, whether it stands out."""

    text: str
    level: int | None = None
    strong: bool = False


class Table(NamedTuple):
    """A table; without any heading text it has no heading row (a list of names and values).

    `with_next`: no page ends between it and what follows.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    with_next: bool = False

    @property
    def has_head(self) -> bool:
        """Say whether the table has a heading row."""
        return any(column.head for column in self.columns)


class Figure(NamedTuple):
    """A drawing with what stands under it; `alt` says in words what it shows."""

    drawing: Drawing
    caption: str
    alt: str


class Signature(NamedTuple):
    """The lines to be filled by hand: what goes there, and what is already known."""

    lines: tuple[tuple[str, str], ...]
    seal: str


Block: TypeAlias = Heading | Text | Table | Figure | Signature


@dataclass(frozen=True)
class Part:
    """The document in one language: title, what it rests on, a draft's warning, the running head, blocks."""

    language: str
    title: str
    subtitle: str
    subject: str
    draft: str
    running: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The Chinese part and the English part after it.

    `name` is the enterprise's; `day` (ISO) dates the file: the end of the window, never the clock; `mark`
    stands at the foot of every page and names the evidence; `evidence` and `answer` are the canonical JSON of
    both, which the PDF carries (an empty answer: none); `warnings` are for whoever asked for the file;
    `dense`: narrower margins and lines of fixed height, for a paper of so many pages and no more.
    """

    parts: tuple[Part, ...]
    name: str
    day: str
    mark: str
    evidence: str
    answer: str
    warnings: tuple[str, ...] = ()
    dense: bool = False


def cells(*texts: str) -> tuple[Cell, ...]:
    """Return plain cells."""
    return tuple(Cell(text) for text in texts)
