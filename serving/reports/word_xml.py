"""What python-docx has no method for: page numbers, repeated heads, rules of tables, fixed bytes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from serving.palette import LIGHT

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = (1980, 1, 1, 0, 0, 0)


def xml_safe(text: str) -> str:
    """Return the text with every character that XML may not hold written as its code."""
    return _NOT_XML.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)


def fixed(word: Any) -> bytes:  # noqa: ANN401 - python-docx has no types
    """Return the file with every member dated alike, so that equal documents are equal bytes."""
    raw, out = BytesIO(), BytesIO()
    word.save(raw)
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(member, made.read(name))
    return out.getvalue()


def page_numbers(line: Any, mark: str, language: str) -> None:  # noqa: ANN401
    """Write the mark of the evidence to the left, the page and the number of pages to the right."""
    line.paragraph_format.tab_stops.add_tab_stop(Mm(166), WD_TAB_ALIGNMENT.RIGHT)
    before, between, after = ("Page ", " of ", "") if language == "en" else ("第 ", " 页 共 ", " 页")
    _small(line, f"{mark}\t{before}")
    _field(line, "PAGE")
    _small(line, between)
    _field(line, "NUMPAGES")
    _small(line, after)


def _field(line: Any, code: str) -> None:  # noqa: ANN401
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        if kind in ("begin", "separate", "end"):
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:t" if kind == "shown" else "w:instrText")
            part.text = text
        _small(line, "")._element.append(part)


def _small(line: Any, text: str) -> Any:  # noqa: ANN401
    run = line.add_run(text)
    run.font.size = Pt(8)
    return run


def repeat_head(row: Any) -> None:  # noqa: ANN401
    """Repeat a row at the top of every page that the table reaches."""
    _row_property(row, "w:tblHeader")
    keep_row_whole(row)


def keep_row_whole(row: Any) -> None:  # noqa: ANN401
    """Never break a row between two pages."""
    _row_property(row, "w:cantSplit")


def _row_property(row: Any, name: str) -> None:  # noqa: ANN401
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def rule_lines(table: Any) -> None:  # noqa: ANN401
    """Give a table strong rules above and below and fine ones between its rows."""
    borders = OxmlElement("w:tblBorders")
    for edge, size, colour in (("top", "8", "ink"), ("bottom", "8", "ink"), ("insideH", "4", "faint")):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", LIGHT[colour][1:])):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def speak_chinese(word: Any) -> None:  # noqa: ANN401
    """Say that Chinese is meant wherever Chinese characters stand: it decides between faces of a font."""
    for tag in word.styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), "en-GB")
        tag.set(qn("w:eastAsia"), "zh-CN")
