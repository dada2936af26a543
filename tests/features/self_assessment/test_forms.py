"""The questionnaire: the annex word for word; what is filled in comes back; what is hostile is named."""

import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.records.schema import ITEMS
from features.self_assessment import Answer, AssessmentRefused, Link, checks
from features.self_assessment.form_markdown import to_markdown
from features.self_assessment.form_reading import read_workbook
from features.self_assessment.form_words import EVIDENCE_ROOM
from features.self_assessment.form_workbook import write_workbook
from features.self_assessment.questionnaire import questionnaire
from qm_rules import load_pack

PACK = load_pack()
ASKED = questionnaire(PACK)
LEVEL, WHY, TITLE, LINK = 8, 9, 10, 11
"""Columns of the sheet 问卷, from 1."""


def read(path):
    return read_workbook(path, ASKED.edition, ASKED.pack_sha256)


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    path = tmp_path_factory.mktemp("form") / "blank.xlsx"
    write_workbook(ASKED, path)
    return path


@pytest.fixture
def filled(blank, tmp_path):
    """Return a function: change the blank form and save it."""

    def fill(change):
        book = openpyxl.load_workbook(blank)
        change(book)
        book.save(tmp_path / "filled.xlsx")
        book.close()
        return tmp_path / "filled.xlsx"

    return fill


def cells(**values):
    """Return a change that writes cells of the sheet 问卷."""

    def change(book):
        for place, value in values.items():
            book["问卷"][place] = value

    return change


def test_the_questions_are_the_nine_items_in_the_words_of_the_annex():
    assert tuple(question.id for question in ASKED.questions) == ITEMS
    assert [group.id for group in ASKED.groups] == ["system", "digital", "sustained"]
    flat = "".join(PACK.source.split())
    for question in (*ASKED.questions, *ASKED.facts.questions):
        assert [one.level for one in question.wordings] == [1, 2, 3, 4, 5]
        for one in question.wordings:
            assert "".join(one.quote.zh.split()) in flat
            assert one.clause.zh.startswith("附件·")
            assert one.quote.en.isascii() or "–" in one.quote.en or "“" in one.quote.en or "σ" in one.quote.en
    assert [question.id for question in ASKED.facts.questions] == list(PACK.indicators)


def test_the_document_and_the_workbook_hold_every_wording(blank):
    document = to_markdown(ASKED)
    book = openpyxl.load_workbook(blank)
    sheet = "\n".join(str(cell.value) for row in book["问卷"].iter_rows() for cell in row if cell.value)
    facts = "\n".join(str(cell.value) for row in book["定量指标"].iter_rows() for cell in row if cell.value)
    for question in ASKED.questions:
        for one in question.wordings:
            for text in (one.quote.zh, one.quote.en, one.clause.zh):
                assert text in document
                assert text in sheet
    for question in ASKED.facts.questions:
        for one in question.wordings:
            assert one.quote.zh in document
            assert one.quote.zh in facts
    validation = book["问卷"].data_validations.dataValidation[0]
    assert (validation.formula1, str(validation.sqref)) == ('"1,2,3,4,5"', "H2:H10")
    book.close()


@pytest.mark.parametrize(
    ("language", "there", "absent"),
    [("zh", "体系与方法", "System and methods"), ("en", "System and methods", "体系与方法")],
)
def test_a_form_in_one_language(tmp_path, language, there, absent):
    assert there in to_markdown(ASKED, language)
    assert absent not in to_markdown(ASKED, language)
    write_workbook(ASKED, tmp_path / "form.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book["问卷"]["B2"].value == there
    book["问卷"]["H2"], book["问卷"]["I2"] = 3, "so"
    book.save(tmp_path / "form.xlsx")
    assert read(tmp_path / "form.xlsx") == {"qms": Answer(3, "so")}


def test_a_blank_form_answers_nothing(blank):
    assert read(blank) == {}


texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=30,
)
links = st.builds(
    Link, texts.map(str.strip), st.sampled_from(["https://example.org/质量?a=b", "QM-1", "C:\\q.pdf"])
)
answers_ = st.builds(
    Answer, st.integers(1, 5), texts.map(str.strip), st.lists(links, max_size=EVIDENCE_ROOM).map(tuple)
).filter(
    lambda one: (
        not checks.answer("qms", one)
        and not one.why.startswith("=")
        and not any(link.title.startswith("=") for link in one.evidence)
    )
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(given_=st.dictionaries(st.sampled_from(ITEMS), answers_))
def test_what_is_filled_in_comes_back(filled, given_):
    def change(book):
        for item, one in given_.items():
            row = ITEMS.index(item) + 2
            book["问卷"].cell(row, LEVEL).value = one.level
            book["问卷"].cell(row, WHY).value = one.why
            for at, link in enumerate(one.evidence):
                book["问卷"].cell(row, TITLE + 2 * at).value = link.title
                book["问卷"].cell(row, LINK + 2 * at).value = link.link

    assert read(filled(change)) == given_


def test_levels_as_people_and_programs_write_them(filled):
    path = filled(cells(H2="3", I2="a", H3=4.0, I3="b", H4=5, I4="c", J4="number", K4=20240101))
    found = read(path)
    assert [found[item].level for item in ("qms", "rd_design", "production")] == [3, 4, 5]
    assert found["production"].evidence == (Link("number", "20240101"),)


def test_all_faults_are_named_with_their_cells(filled):
    path = filled(
        cells(
            H2=7, I2="why",
            H3=3,
            H4=3, I4="x", J4="t", K4="javascript:alert(1)",
            H5="=1+1", I5="x",
            H6=2.5, I6="x",
            I7="no level",
            H8=3, I8="x", J8="title without link",
            A9="nonsense", H9=3, I9="x",
            A10="strategy", H10=3, I10="x",
        )
    )  # fmt: skip
    with pytest.raises(AssessmentRefused) as refused:
        read(path)
    told = "\n".join(refused.value.faults)
    for words in (
        "问卷!H2: found level '7'; allowed: a whole number from 1 to 5",
        "问卷!A3: rd_design: justification: found nothing",
        "问卷!A4: production: evidence 1: link: found 'javascript:alert(1)'",
        "问卷!H5: found a formula '=1+1'; allowed: values only",
        "问卷!H6: found level '2.5'",
        "问卷!H7: found level nothing",
        "问卷!A8: strategy: evidence 1: link: found nothing",
        "问卷!A9: found item 'nonsense'; allowed: qms",
        "问卷!A10: found 'strategy' again; allowed: every item once",
    ):
        assert words in told
    assert len(refused.value.faults) == 9


def test_an_item_twice(filled):
    with pytest.raises(AssessmentRefused, match=r"A3: found .qms. again"):
        read(filled(cells(H2=3, I2="a", A3="qms", H3=4, I3="b")))


def test_a_form_of_another_edition(filled):
    def change(book):
        book["说明"]["C1"] = "0" * 64

    with pytest.raises(AssessmentRefused, match=r"说明!B1: found edition .*0000.*; allowed: miit-2023-249 "):
        read(filled(change))


def without_sheet(book):
    del book["问卷"]


def without_column(book):
    book["问卷"]["I1"] = "something else"


def twice_a_column(book):
    book["问卷"]["A1"], book["问卷"]["B1"] = "Item id", "Item id"


def many_rows(book):
    for row in range(11, 300):
        book["问卷"].cell(row, 1).value = "qms"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_sheet, "found no sheet 问卷"),
        (without_column, "not exactly once: 理由 · Justification"),
        (twice_a_column, "not exactly once: 项目编号"),
        (many_rows, "more than 200 rows"),
    ],
)
def test_a_form_that_is_none(filled, change, words):
    with pytest.raises(AssessmentRefused, match=words):
        read(filled(change))


def damaged(tmp_path, blank):
    data = blank.read_bytes()
    return {
        "text": b"hello",
        "nothing": b"",
        "cut": data[: len(data) // 2],
        "old": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    }


@pytest.mark.parametrize("kind", ["text", "nothing", "cut", "old"])
def test_a_file_that_is_no_workbook(tmp_path, blank, kind):
    path = tmp_path / "form.xlsx"
    path.write_bytes(damaged(tmp_path, blank)[kind])
    with pytest.raises(AssessmentRefused, match=r"form.xlsx: found .*; allowed: "):
        read(path)


def repacked(blank, path, name, content):
    with zipfile.ZipFile(blank) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return path


ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefg", "bcdefgh", strict=True)
)
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]><x>&h;</x>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/vbaProject.bin", b"x"),
        ("xl/media/image1.png", b"\0" * (65 << 20)),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1'"),
        ("xl/workbook.xml", b"<no"),
        ("xl/sharedStrings.xml", BILLION.encode()),
    ],
)
def test_hostile_packages(blank, tmp_path, name, content):
    with pytest.raises(AssessmentRefused):
        read(repacked(blank, tmp_path / "form.xlsx", name, content))
