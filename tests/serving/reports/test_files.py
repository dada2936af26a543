"""The same evidence gives the same bytes; files appear whole; the PDF carries what it rests on."""

from __future__ import annotations

import json
import re
import time
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest

from qm_rules import canonical_json, grade, parse_evidence
from serving.reports.declaration import declaration
from serving.reports.facts import facts_from_evidence
from serving.reports.media import MEDIA_TYPES
from serving.reports.page import to_html
from serving.reports.pdf import to_pdf
from serving.reports.word import to_docx
from serving.reports.writing import ReportError, check_kinds, write_reports
from tests.serving.reports import cases


def test_same_evidence_same_bytes(tmp_path: Path) -> None:
    """Also when its rows stand in another order, and a second later; every kind of file."""
    evidence = cases.whole()
    turned = {**evidence, **{key: evidence[key][::-1] for key in ("deliveries", "first_pass", "capability")}}
    first, second = ([tmp_path / f"{name}{suffix}" for suffix in MEDIA_TYPES] for name in "ab")
    write_reports(facts_from_evidence(evidence), first)
    time.sleep(1.1)
    write_reports(facts_from_evidence(turned), second)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.suffix


def test_no_clock_in_any_file(tmp_path: Path) -> None:
    """This year's digits stand nowhere, because the window ended in 1999."""
    evidence = cases.whole(window={"start": "1999-01", "end": "1999-12"})
    document = declaration(facts_from_evidence(evidence))
    pdf, word = to_pdf(document), to_docx(document)
    assert b"D:19991231" in pdf
    assert f"D:{date.today().year}".encode() not in pdf
    with zipfile.ZipFile(BytesIO(word)) as file:
        assert {member.date_time[0] for member in file.infolist()} == {1980}
        assert "1999-12-31T00:00:00Z" in file.read("docProps/core.xml").decode()


def test_the_pdf_carries_evidence_and_answer() -> None:
    evidence = parse_evidence(cases.whole())
    pdf = pypdfium2.PdfDocument(BytesIO(to_pdf(declaration(facts_from_evidence(evidence)))))
    found = {
        pdf.get_attachment(index).get_name(): bytes(pdf.get_attachment(index).get_data())
        for index in range(pdf.count_attachments())
    }
    pdf.close()
    again = parse_evidence(found["evidence.json"])
    assert again.sha256 == evidence.sha256
    assert found["grade.json"].decode() == canonical_json(grade(again).to_dict())


def test_word_is_a_real_document() -> None:
    """Headings are headings, tables repeat their heads, every picture has a description."""
    document = declaration(facts_from_evidence(cases.whole()))
    word = docx.Document(BytesIO(to_docx(document)))
    styles = [line.style.name for line in word.paragraphs]
    assert styles.count("Heading 1") == 2 * 10
    assert any("w:tblHeader" in table._tbl.xml for table in word.tables)
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(described) >= 8
    assert all(described)
    assert word.core_properties.author == "E001"


def test_page_is_self_contained() -> None:
    """No script, and nothing that a browser would fetch: no element or style names an address."""
    html = to_html(declaration(facts_from_evidence(cases.hostile())))
    assert "<script" not in html
    addresses = re.findall(
        r"<[^>]*\s(?:src|href|srcset|data|action)\s*=|url\(|@import|<(?:link|iframe|object|base)", html
    )
    assert addresses == []


def test_kinds_are_checked_before_anything_is_made(tmp_path: Path) -> None:
    for wrong, said in (
        ([tmp_path / "a.txt"], "allowed: FILE with .pdf"),
        ([], "found nothing"),
        ([tmp_path / "a.pdf", tmp_path / "a.pdf"], "more than once"),
        ([tmp_path / "no" / "a.pdf"], "folder that is there"),
    ):
        with pytest.raises(ReportError, match=said):
            check_kinds(wrong)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    write_reports(facts_from_evidence(cases.whole()), [tmp_path / "a.pdf", tmp_path / "a.html"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.pdf"]
    assert (tmp_path / "a.pdf").stat().st_mode & 0o044


def test_answer_is_the_grade() -> None:
    facts = facts_from_evidence(cases.whole())
    assert json.loads(declaration(facts).answer) == facts.grade.to_dict()
