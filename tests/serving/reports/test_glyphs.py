"""Glyphs are checked on the finished pages, not in the data: PDF, and Word through LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from serving.reports.blocks import Document
from serving.reports.declaration import declaration
from serving.reports.facts import Facts, facts_from_evidence
from serving.reports.fonts import FAMILY, RAISED, drawable, font_file, glyphs, missing
from serving.reports.pdf import to_pdf, to_pictures
from serving.reports.word import to_docx
from tests.serving.reports import cases, paper

BOXES = "\ufffd□▯"


def test_every_chinese_character_stands_on_the_page(case: tuple[str, Document, bytes]) -> None:
    name, document, pdf = case
    texts = "".join(paper.page_texts(pdf))
    wanted = paper.han(drawable("".join(paper.content(document))))
    assert len(wanted) > 200
    assert not wanted - paper.han(texts), name
    assert not set(BOXES) & set(texts), name


def test_nothing_asks_the_font_for_what_it_lacks(case: tuple[str, Document, bytes]) -> None:
    """Else Typst would draw glyph 0, the box, or nothing at all."""
    name, document, _ = case
    for text in paper.content(document):
        assert not missing(drawable(text)), (name, text)


def test_every_character_of_a_page_has_ink(case: tuple[str, Document, bytes]) -> None:
    """Where the PDF says that a Chinese character stands, the rendered page is not blank."""
    _, _, pdf = case
    assert paper.blank_characters(pdf, pages=3) == []


def test_rendered_characters_have_ink(case: tuple[str, Document, bytes]) -> None:
    """Each rare character is drawn, and drawn as itself: unlike the others and unlike the font's box."""
    shapes = {letter: _ink(letter) for letter in cases.RARE}
    box = _ink(chr(0xE000))
    assert len(set(shapes.values())) == len(cases.RARE)
    assert box not in shapes.values()


def _ink(letter: str) -> bytes:
    from serving.reports.drawing.canvas import Canvas

    canvas = Canvas(40, 40)
    canvas.text((4, 30), letter, 24)
    return to_pictures([canvas.done()])[0]


def test_the_simplified_face_is_used() -> None:
    """The same code point is drawn otherwise for Japan (骨, 直): the page must have the mainland's form."""
    with TTCollection(str(font_file()), lazy=True) as collection:
        faces = {font["name"].getDebugName(1): font.getBestCmap()[ord("骨")] for font in collection.fonts}
    assert faces[FAMILY] != faces["Noto Sans CJK JP"]
    assert ord("骨") in glyphs()


def test_what_the_font_lacks_is_named_in_text_and_warning() -> None:
    facts = facts_from_evidence(cases.whole(f"{cases.RARE}😀"))
    document = declaration(facts)
    assert document.warnings == ("U+1F600",)
    text = "".join(paper.page_texts(to_pdf(document)))
    assert "[U+1F600]" in text
    assert cases.RARE in text


def test_rare_characters_need_no_warning() -> None:
    assert declaration(facts_from_evidence(cases.whole(cases.RARE))).warnings == ()


def test_raised_signs_are_those_that_the_font_lacks() -> None:
    assert all(ord(sign) not in glyphs() for sign in RAISED if sign != "⁴")
    assert missing(RAISED) == []


@pytest.fixture(scope="session")
def word_pages(
    tmp_path_factory: pytest.TempPathFactory, store_facts: Facts
) -> dict[str, tuple[Document, bytes]]:
    """Word files as LibreOffice prints them, all in one start of it: an ordinary one and a hostile one."""
    documents = {
        "ordinary": declaration(store_facts),
        "hostile": declaration(facts_from_evidence(cases.hostile())),
    }
    folder = tmp_path_factory.mktemp("word")
    for name, document in documents.items():
        (folder / f"{name}.docx").write_bytes(to_docx(document))
    office_pdfs(folder)
    return {name: (one, (folder / f"{name}.pdf").read_bytes()) for name, one in documents.items()}


@pytest.mark.parametrize("name", ["ordinary", "hostile"])
def test_word_shows_every_character(name: str, word_pages: dict[str, tuple[Document, bytes]]) -> None:
    """LibreOffice lays the Word file out; its pages hold every Chinese character of the content."""
    document, pdf = word_pages[name]
    texts = "".join(paper.page_texts(pdf))
    assert not paper.han("".join(_without_drawings(document))) - paper.han(texts)
    assert not set(BOXES) & set(texts)
    assert paper.blank_characters(pdf, pages=2) == []


def test_word_leaves_markup_as_it_is(word_pages: dict[str, tuple[Document, bytes]]) -> None:
    assert "<script>alert(1)</script>" in "".join(paper.page_texts(word_pages["hostile"][1]))


def test_word_counts_its_pages(word_pages: dict[str, tuple[Document, bytes]]) -> None:
    pages = paper.page_texts(word_pages["ordinary"][1])
    assert f"第 1 页 共 {len(pages)} 页" in pages[0]
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


def _without_drawings(document: Document) -> list[str]:
    drawn = {
        shape["text"]
        for part in document.parts
        for block in part.blocks
        if hasattr(block, "drawing")
        for shape in block.drawing.shapes
        if shape["shape"] == "text"
    }
    return [text for text in paper.content(document) if text not in drawn]


def office_pdfs(folder: Path) -> None:
    """Print every Word file of a folder to PDF beside it, from a profile of its own."""
    office = shutil.which("soffice")
    if office is None:
        pytest.fail("no LibreOffice here; install the distribution's: apt-get install libreoffice-writer")
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
         "pdf:writer_pdf_Export", "--outdir", str(folder), *map(str, sorted(folder.glob("*.docx")))],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip


def test_fonts_of_word_are_named_for_chinese(store_facts: Facts) -> None:
    """Word takes the font of `eastAsia` for Chinese: a document without it shows whatever a theme says."""
    import zipfile

    with zipfile.ZipFile(BytesIO(to_docx(declaration(store_facts)))) as file:
        styles = file.read("word/styles.xml").decode()
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles
    assert "Theme" not in styles.split("<w:style ")[1]


def test_embedded_font_is_the_one_of_the_wheel() -> None:
    assert isinstance(glyphs(), frozenset)
    with TTFont(str(font_file()), fontNumber=2, lazy=True) as font:
        assert font["name"].getDebugName(1) == FAMILY
