"""The briefing: two pages whatever it says, the same figures in both languages, and no false certainty."""

import re
import shutil
import subprocess

import pytest

from serving.reports.blocks import Figure, Table, Text
from serving.reports.briefing.document import PAGES, briefing
from serving.reports.writing import printed
from tests.serving.reports import paper
from tests.serving.reports.briefing.known import NAMES, goal, longest, nobody, ordinary

FACTS = {
    "ordinary": ordinary(),
    "longest": longest(),
    "longest, performance": longest("performance"),
}


def made(facts, code="zh"):
    return briefing(facts, NAMES[code], code)


def told(document):
    return " ".join(block.text for block in document.parts[0].blocks if isinstance(block, Text))


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", FACTS)
def test_it_has_two_pages(name, code):
    pages = paper.page_texts(printed(made(FACTS[name], code), ".pdf"))
    assert len(pages) == PAGES
    assert re.search(r"三、|3\. ", pages[1])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", FACTS)
def test_word_has_two_pages_too(name, code, tmp_path):
    (tmp_path / "b.docx").write_bytes(printed(made(FACTS[name], code), ".docx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        tmp_path,
        tmp_path / "b.docx",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert len(paper.page_texts(tmp_path / "b.pdf")) == PAGES


@pytest.mark.parametrize("name", FACTS)
def test_both_languages_have_the_same_figures(name):
    """In tables cell by cell; in the text as a set (sentences have another order)."""
    zh, en = (made(FACTS[name], code) for code in ("zh", "en"))
    kinds = [[type(block) for block in document.parts[0].blocks] for document in (zh, en)]
    assert kinds[0] == kinds[1]
    for mine, other in zip(tables(zh), tables(en), strict=True):
        for row, twin in zip(mine.rows, other.rows, strict=True):
            assert [figures(cell.text)[-1:] for cell in row[2:]] == [
                figures(cell.text)[-1:] for cell in twin[2:]
            ]


def tables(document):
    return [block for block in document.parts[0].blocks if isinstance(block, Table)]


def figures(text):
    return re.findall(r"\d[\d,.]*", text.replace(" ", ""))


def test_every_figure_of_the_offer_is_told():
    text = told(made(ordinary()))
    for part in ("26 家企业", "61 项", "534.00 万元", "31", "82", "66"):
        assert part in text


def test_a_group_of_nobody_is_told_without_inventing_anything():
    for code in ("zh", "en"):
        document = made(nobody(), code)
        assert not tables(document)
        assert not [block for block in document.parts[0].blocks if isinstance(block, Figure)]
        assert printed(document, ".docx")[:2] == b"PK"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"probability": 0.003}, "低于"),
        ({"probability": 0.999}, "高于"),
        ({"probability": 0.4, "beyond": True}, "不低于"),
        ({"probability": 0.001, "beyond": True}, "预测期内未达"),
        ({"achieved": 40}, "已达成"),
        ({"decided": True}, "未达成"),
        ({"national": True}, "—"),
        ({"probability": None}, "—"),
    ],
)
def test_a_chance_is_never_more_certain_than_it_is(other, says):
    from dataclasses import replace

    document = made(replace(ordinary(), goals=(goal(**other),)))
    cells = [cell.text for table in tables(document) for row in table.rows for cell in row]
    assert any(text.startswith(says) for text in cells)


def test_the_document_s_national_counts_are_never_judged_against_a_group():
    from dataclasses import replace

    facts = replace(ordinary(), goals=(goal(national=True, wanted=1000), goal(4, national=True, wanted=100)))
    text = told(made(facts))
    assert "全国目标数仅供对照" in text
    assert "达成概率不足五成" not in text


def test_the_pdf_carries_its_facts():
    document = made(ordinary())
    assert '"sure": 19' in document.evidence
    assert document.evidence == made(ordinary(), "en").evidence


def test_the_same_facts_give_the_same_bytes():
    first, second = (printed(made(ordinary()), ".docx") for _ in range(2))
    assert first == second
