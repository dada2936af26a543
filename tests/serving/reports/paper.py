"""Reads finished PDF pages: their text, their pictures, and whether anything stands where it should not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2

from serving.reports.blocks import Document, Figure, Heading, Signature, Table, Text

HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
MARGIN_POINTS = 30


def page_texts(pdf: bytes | Path) -> list[str]:
    """Return the text of every page."""
    document = _opened(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def page_pictures(pdf: bytes | Path, scale: float = 1.0) -> list[np.ndarray]:
    """Return every page as grey values, 0 black to 255 white; a point is `scale` pixels."""
    document = _opened(pdf)
    pictures = [
        np.asarray(page.render(scale=scale, grayscale=True).to_numpy()).squeeze() for page in document
    ]
    document.close()
    return pictures


def blank_characters(pdf: bytes | Path, pages: int) -> list[str]:
    """Return the Chinese characters on the first pages whose place on the rendered page has no ink."""
    document, blank, scale = _opened(pdf), [], 2.0
    for page in list(document)[:pages]:
        text, high = page.get_textpage(), page.get_height()
        picture = np.asarray(page.render(scale=scale, grayscale=True).to_numpy()).squeeze()
        for index in range(text.count_chars()):
            letter = chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))
            if HAN.match(letter):
                left, bottom, right, top = (edge * scale for edge in text.get_charbox(index))
                rows = slice(max(int(high * scale - top), 0), int(high * scale - bottom) + 1)
                place = picture[rows, max(int(left), 0) : int(right) + 1]
                if place.size and int(place.max()) - int(place.min()) < 40:
                    blank.append(letter)
    document.close()
    return blank


def _opened(pdf: bytes | Path) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(BytesIO(pdf) if isinstance(pdf, bytes) else str(pdf))


def content(document: Document) -> Iterator[str]:
    """Yield every text of a document, those of its drawings included."""
    for part in document.parts:
        yield from (part.title, part.subtitle, part.subject, part.running, part.draft)
        for block in part.blocks:
            yield from _texts(block)


def _texts(block: Heading | Text | Table | Figure | Signature) -> Iterator[str]:
    if isinstance(block, Heading | Text):
        yield block.text
    elif isinstance(block, Table):
        yield from (column.head for column in block.columns)
        yield from (cell.text for row in block.rows for cell in row)
    elif isinstance(block, Figure):
        yield block.caption
        yield from (shape["text"] for shape in block.drawing.shapes if shape["shape"] == "text")
    else:
        yield block.seal
        yield from (text for line in block.lines for text in line)


def han(text: str) -> set[str]:
    """Return the Chinese characters of a text, those that only look alike taken together."""
    return set(HAN.findall(unicodedata.normalize("NFKC", text)))


def empty_margin(picture: np.ndarray, points: int = MARGIN_POINTS) -> bool:
    """Say whether nothing stands in the outer margin of a page."""
    edges = (picture[:points], picture[-points:], picture[:, :points], picture[:, -points:])
    return all(int(edge.min()) > 200 for edge in edges)
