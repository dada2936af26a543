"""How the Word document looks: fonts for Chinese and for Latin letters, sizes, colours."""

from __future__ import annotations

from typing import Any, NamedTuple

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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


NAMES = {
    "lead": "Lead",
    "note": "Note",
    "quote": "Quote",
    "warning": "Warning",
    "working": "Working",
    "code": "Code",
}
"""Names of our paragraph styles in Word; plain text is Word's own `Normal`."""
CELL, SMALL, AFTER = "Table Text", "Caption", "After Table"
DENSE = {
    "Heading 1": (12.5, 16, 5, 2), "Title": (17, 22, 0, 2),
    "Subtitle": (9, 12, 0, 2), NAMES["lead"]: (10.5, 14, 1, 2),
    CELL: (8, 11, 1, 1), AFTER: (4, 5, 0, 0), SMALL: (8, 10.5, 0, 2), NAMES["note"]: (8, 10.5, 2, 0),
}  # fmt: skip
"""Of a dense paper by style: letters, lines, space before and after, in points."""
DENSE_BODY = {"zh": (10, 14, 0, 2), "en": (9, 12.5, 0, 2)}
"""The same for plain text: the same sentence is longer in English."""


def add_styles(word: Any) -> None:  # noqa: ANN401 - python-docx has no types
    """Set the fonts and sizes of plain text, headings and title, and add a style for each kind of text."""
    normal = word.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(STYLES["body"].size), Pt(5)
    set_fonts(normal.element.get_or_add_rPr(), CHINESE)
    for level, size in ((1, 14), (2, 12)):
        style = word.styles[f"Heading {level}"]
        _look(style, Look(size, True, "ink", ""))
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(14 - 4 * level + 4),
            Pt(6),
        )
        style.paragraph_format.keep_with_next = True
    for name, look in STYLES.items():
        if name != "body":
            _look(_style(word, NAMES[name]), look)
    _look(_style(word, CELL), Look(8, False, "ink", ""))
    _look(_style(word, SMALL), Look(8.5, False, "soft", ""))
    _look(_style(word, "Title"), Look(20, True, "ink", ""))
    _look(_style(word, "Subtitle"), Look(9.5, False, "soft", ""))
    _look(_style(word, AFTER), Look(8, False, "ink", ""))
    after = word.styles[AFTER].paragraph_format
    after.space_before = after.space_after = Pt(0)
    word.styles[NAMES["quote"]].paragraph_format.left_indent = Mm(4)
    word.styles[CELL].paragraph_format.space_before = word.styles[CELL].paragraph_format.space_after = Pt(2)


def tighten(word: Any, language: str) -> None:  # noqa: ANN401
    """Give every style lines of fixed height and little space around them.

    So a paper has as many pages wherever it is opened: fonts differ in how much room they ask for.
    """
    for name, (size, line, before, after) in {**DENSE, "Normal": DENSE_BODY[language]}.items():
        style = word.styles[name]
        style.font.size = Pt(size)
        form = style.paragraph_format
        form.line_spacing, form.space_before, form.space_after = Pt(line), Pt(before), Pt(after)


def _style(word: Any, name: str) -> Any:  # noqa: ANN401
    """Return a paragraph style by name, a new one after `Normal` where Word has none."""
    if name in [style.name for style in word.styles]:
        return word.styles[name]
    made = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = word.styles["Normal"]
    return made


def _look(style: Any, look: Look) -> None:  # noqa: ANN401
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.strong, False
    style.font.color.rgb = RGBColor.from_string(LIGHT[look.colour][1:].upper())
    for own in ("w:pPr/w:pBdr", "w:rPr/w:spacing", "w:rPr/w:kern"):  # Word's template underlines its Title
        for found in style.element.xpath(own):
            found.getparent().remove(found)
    set_fonts(style.element.get_or_add_rPr(), HEADLINE if look.strong else CHINESE)


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


def write(line: Any, text: str, *, size: float | None = None, strong: bool = False, colour: str = "") -> None:  # noqa: ANN401
    """Add a run of text to a paragraph; what is not said is left to the paragraph's style."""
    run = line.add_run(xml_safe(text))
    if size is not None:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(LIGHT[colour][1:].upper())
    if strong:
        run.font.bold = True
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
