"""How the Word document looks: fonts for Chinese and for Latin letters, sizes, colours."""

from __future__ import annotations

from typing import Any, NamedTuple

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from serving.palette import LIGHT
from serving.reports.word_xml import xml_safe

CHINESE, LATIN, HEADLINE = "宋体", "Times New Roman", "黑体"
"""What Word has wherever Chinese is written; other programs take their own Song and Hei faces for them."""
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


class Look(NamedTuple):
    """How a paragraph of a style is written."""

    size: float
    strong: bool
    colour: str
    ground: str


STYLES = {
    "body": Look(10.5, False, "ink", ""),
    "lead": Look(11.5, True, "ink", ""),
    "note": Look(9, False, "soft", ""),
    "quote": Look(10, False, "soft", ""),
    "working": Look(9.5, False, "ink", ""),
    "warning": Look(11, True, "warn-ink", "warn-ground"),
    "code": Look(9, False, "ink", "sunken"),
}


def add_styles(word: Any) -> None:  # noqa: ANN401 - python-docx has no types
    """Set the fonts and sizes of plain text and of the headings."""
    normal = word.styles["Normal"]
    normal.font.size = Pt(10.5)
    set_fonts(normal.element.get_or_add_rPr(), CHINESE)
    for level, size in ((1, 14), (2, 12)):
        style = word.styles[f"Heading {level}"]
        style.font.size, style.font.bold = Pt(size), True
        style.font.color.rgb = RGBColor.from_string(LIGHT["ink"][1:].upper())
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(14 - 4 * level + 4),
            Pt(6),
        )
        style.paragraph_format.keep_with_next = True
        set_fonts(style.element.get_or_add_rPr(), HEADLINE)


def set_fonts(properties: Any, chinese: str) -> None:  # noqa: ANN401
    """Name the fonts for Chinese (`eastAsia`) and for all other letters."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), font)


def write(line: Any, text: str, *, size: float, strong: bool = False, colour: str = "ink") -> None:  # noqa: ANN401
    """Add a run of text to a paragraph."""
    run = line.add_run(xml_safe(text))
    run.font.size, run.font.bold = Pt(size), strong or None
    run.font.color.rgb = RGBColor.from_string(LIGHT[colour][1:].upper())
    if strong:
        set_fonts(run._element.get_or_add_rPr(), HEADLINE)


def shade(where: Any, colour: str) -> None:  # noqa: ANN401
    """Give a paragraph or a cell a ground."""
    element = where._element
    properties = element.get_or_add_tcPr() if element.tag == qn("w:tc") else element.get_or_add_pPr()
    ground = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour[1:].upper())):
        ground.set(qn(f"w:{name}"), value)
    properties.append(ground)


def border_below(line: Any) -> None:  # noqa: ANN401
    """Draw a line under a paragraph."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", LIGHT["ink"][1:])):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._element.get_or_add_pPr().append(borders)
