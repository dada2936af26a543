"""The document for Word, by python-docx: real headings, tables whose head repeats, pictures, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from serving.palette import LIGHT
from serving.reports.blocks import Block, Cell, Document, Figure, Heading, Part, Signature, Table, Text
from serving.reports.pdf import to_pictures
from serving.reports.word_styles import (
    AFTER,
    ALIGN,
    CELL,
    NAMES,
    SMALL,
    STYLES,
    add_styles,
    border_below,
    shade,
    tighten,
    write,
)
from serving.reports.word_xml import (
    fixed,
    keep_row_whole,
    page_numbers,
    repeat_head,
    rule_lines,
    speak_chinese,
    xml_safe,
)

WIDTH = Mm(166)
"""Of the text: A4 less the margins."""
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
WHOLE = 8
"""Tables of so many rows are never broken between pages."""


def to_docx(document: Document) -> bytes:
    """Return the document as .docx; the same document gives the same bytes."""
    word = docx.Document()
    add_styles(word)
    if document.dense:
        tighten(word, document.parts[0].language)
    speak_chinese(word)
    figures = [block for part in document.parts for block in part.blocks if isinstance(block, Figure)]
    pictures = iter(to_pictures([figure.drawing for figure in figures]))
    for index, part in enumerate(document.parts):
        section = word.sections[0] if index == 0 else word.add_section(WD_SECTION.NEW_PAGE)
        _set_page(section, part, document)
        _title(word, part)
        for block in part.blocks:
            _block(word, block, pictures)
    _describe(word, document)
    return fixed(word)


def _describe(word: Any, document: Document) -> None:  # noqa: ANN401 - python-docx has no types
    moment = datetime.fromisoformat(document.day)
    about = word.core_properties
    about.title, about.author = xml_safe(document.parts[0].title)[:255], xml_safe(document.name)[:255]
    about.created = about.modified = moment
    about.last_modified_by, about.revision, about.comments = "", 1, ""
    about.language = LOCALES[document.parts[0].language]


def _set_page(section: Any, part: Part, document: Document) -> None:  # noqa: ANN401
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    top, bottom = (18, 16) if document.dense else (24, 22)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    if document.dense:
        section.header_distance = section.footer_distance = Mm(8)
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.style = foot.style = "Normal"
    write(
        head, part.running if not part.draft else f"{part.running}  【{part.draft}】", size=8, colour="soft"
    )
    border_below(head)
    page_numbers(foot, xml_safe(document.mark), part.language)


def _title(word: Any, part: Part) -> None:  # noqa: ANN401
    for text, style, size in (
        (part.title, "Title", None if part.language == "zh" else 16),
        (part.subtitle, "Subtitle", None),
        (part.subject, "Normal", 13),
    ):
        line = word.add_paragraph(style=style)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(6)
        write(line, text, size=size, strong=style == "Normal")
        if style == "Subtitle":
            border_below(line)


def _block(word: Any, block: Block, pictures: Any) -> None:  # noqa: ANN401
    if isinstance(block, Heading):
        line = word.add_heading(xml_safe(block.text), level=block.depth)
        line.paragraph_format.page_break_before = block.new_page
    elif isinstance(block, Text):
        _paragraph(word, block)
    elif isinstance(block, Table):
        _table(word, block)
    elif isinstance(block, Figure):
        _figure(word, block, next(pictures))
    else:
        _signature(word, block)


def _paragraph(word: Any, block: Text) -> None:  # noqa: ANN401
    line = word.add_paragraph(style=NAMES.get(block.style, "Normal"))
    write(line, block.text)
    if ground := STYLES[block.style].ground:
        shade(line, LIGHT[ground])


def _table(word: Any, block: Table) -> None:  # noqa: ANN401
    total = sum(column.share for column in block.columns)
    widths = [int(WIDTH * column.share / total) for column in block.columns]
    table = word.add_table(rows=len(block.rows) + block.has_head, cols=len(block.columns))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    rule_lines(table)
    rows = list(table.rows)
    if block.has_head:
        repeat_head(rows[0])
        for cell, column, width in zip(rows.pop(0).cells, block.columns, widths, strict=True):
            _fill(cell, column.head, column.align, width, strong=True, ground="sunken", together=True)
    for number, (line, row) in enumerate(zip(rows, block.rows, strict=True), 1):
        keep_row_whole(line)
        together = len(rows) <= WHOLE and (number < len(rows) or block.with_next)
        _row(line, row, block, widths, together=together)
    after = word.add_paragraph(style=AFTER)
    after.paragraph_format.keep_with_next = block.with_next


def _row(line: Any, row: Sequence[Cell], block: Table, widths: Sequence[int], *, together: bool) -> None:  # noqa: ANN401
    for index, (place, cell, width) in enumerate(zip(line.cells, row, widths, strict=True)):
        label = not block.has_head and index % 2 == 0
        ground = f"level-{cell.level}" if cell.level else "sunken" if label else ""
        colour = f"level-{cell.level}-ink" if cell.level else ""
        strong = cell.strong or bool(cell.level)
        align = block.columns[index].align
        _fill(place, cell.text, align, width, strong=strong, ground=ground, colour=colour, together=together)


def _fill(
    cell: Any,  # noqa: ANN401
    text: str,
    align: str,
    width: int,
    *,
    strong: bool = False,
    ground: str = "",
    colour: str = "",
    together: bool = False,
) -> None:
    cell.width = width
    line = cell.paragraphs[0]
    line.style, line.alignment = CELL, ALIGN[align]
    line.paragraph_format.keep_with_next = together
    write(line, text, strong=strong, colour=colour)
    if ground:
        shade(cell, LIGHT[ground])


def _figure(word: Any, block: Figure, picture: bytes) -> None:  # noqa: ANN401
    line = word.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.line_spacing = 1.0  # a line of fixed height would cut the picture off
    shape = line.add_run().add_picture(BytesIO(picture), width=WIDTH)
    shape._inline.docPr.set("descr", xml_safe(block.alt)[:2000])
    caption = word.add_paragraph(style=SMALL)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(caption, block.caption)


def _signature(word: Any, block: Signature) -> None:  # noqa: ANN401
    table = word.add_table(rows=0, cols=3)
    table.autofit = False
    widths = (int(WIDTH * 0.28), int(WIDTH * 0.42), int(WIDTH * 0.30))
    for name, value in block.lines:
        row = table.add_row()
        row.height = Mm(13)
        keep_row_whole(row)
        for index, text in enumerate((name, value, "")):
            _fill(row.cells[index], text, "left", widths[index], together=True)
        border_below(row.cells[1].paragraphs[0])
    seal = table.cell(0, 2).merge(table.cell(len(block.lines) - 1, 2))
    seal.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    seal.paragraphs[0].add_run().add_break(WD_BREAK.LINE)
    write(seal.paragraphs[0], block.seal, size=9, colour="faint")
