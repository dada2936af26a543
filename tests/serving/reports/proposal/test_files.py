"""The proposal as files: real styles and heads in Word, the same bytes, nothing that a name could break."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from serving.reports.page import to_html
from serving.reports.pdf import to_pdf
from serving.reports.proposal.document import proposal
from serving.reports.word import to_docx
from serving.web.proposal_words import site_words
from tests.serving.reports import cases as evidences
from tests.serving.reports import paper
from tests.serving.reports.proposal import cases

WHOLE = cases.known(cases.whole_rows())
EVIL = (
    "<script>alert(1)</script>",
    '#import "/etc/passwd": *',
    "😀]]>&amp;",
    "长" * 300,
    "a\u0000b\u202egnp",
    "{title}{0}%s",
)


@pytest.fixture(scope="module")
def words() -> dict[str, docx.document.Document]:
    """Both languages, as Word reads them back."""
    return {code: docx.Document(BytesIO(to_docx(proposal(WHOLE, site_words(code))))) for code in ("zh", "en")}


def test_headings_are_headings_and_texts_have_styles(words) -> None:
    for code, first in (("zh", "一、一页看懂"), ("en", "1. On one page")):
        lines = [line for line in words[code].paragraphs if line.text.strip()]
        heads = [line.text for line in lines if line.style.name == "Heading 1"]
        assert heads[0] == first
        assert len(heads) == 8
        assert {"Title", "Subtitle", "Lead", "Note", "Caption", "Heading 2"} <= {
            line.style.name for line in lines
        }
        assert words[code].core_properties.language == {"zh": "zh-CN", "en": "en-GB"}[code]
        assert words[code].core_properties.title == lines[0].text


def test_every_table_with_a_head_repeats_it(words) -> None:
    for word in words.values():
        heads = [table for table in word.tables if "w:tblHeader" in table._tbl.tr_lst[0].xml]
        assert len(heads) == 9  # moves, indicators, drivers, three effects, withheld, benefits, schedule
        assert all("w:cantSplit" in row._tr.xml for table in word.tables for row in table.rows)


def test_chinese_and_latin_letters_have_their_own_fonts(words) -> None:
    for name, chinese in (("Normal", "宋体"), ("Heading 1", "黑体"), ("Note", "宋体"), ("Title", "黑体")):
        fonts = words["zh"].styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == chinese
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:asciiTheme")) is None


def test_pictures_are_described(words) -> None:
    shapes = words["en"].inline_shapes
    assert len(shapes) == 4  # benefits, course, losses, first submissions
    assert all(shape._inline.docPr.get("descr") for shape in shapes)


def test_same_facts_same_bytes_and_no_clock() -> None:
    once, again = (to_docx(proposal(cases.known(cases.whole_rows()), site_words("zh"))) for _ in range(2))
    assert once == again
    with zipfile.ZipFile(BytesIO(once)) as file:
        assert "2025-12-31T00:00:00Z" in file.read("docProps/core.xml").decode()


def test_hostile_names_break_nothing() -> None:
    names = dict(zip(cases.PARAMETERS, EVIL, strict=True))
    parameters = {
        key: {**row, "name": names[key], "unit": names[key]} for key, row in cases.PARAMETERS.items()
    }
    rows = [{**row, "process_name": EVIL[0], "unit": EVIL[5]} for row in cases.whole_rows()]
    processes = {"10": EVIL[1], "20": EVIL[2]}
    known = replace(cases.known(rows, evidences.hostile(), parameters=parameters), processes=processes)
    document = proposal(known, site_words("en"))
    html = to_html(document)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert docx.Document(BytesIO(to_docx(document))).tables
    assert "[U+1F600]" in "".join(paper.page_texts(to_pdf(document)))


def test_the_page_prints_alone_in_its_language() -> None:
    html = to_html(proposal(WHOLE, site_words("en")), other=("中文", "/proposals/E001?lang=zh"))
    assert '<html lang="en">' in html
    assert 'href="/proposals/E001?lang=zh"' in html
    assert "break-after: avoid" in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
