"""The file: the same bytes every time, nothing that needs a new program, no evidence in formulas."""

import io
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from qm_rules import Policy, grade, load_pack, parse_evidence
from qm_rules.shortfall import shortfalls
from serving.reports.workbook import write_workbook
from serving.reports.workbook.places import TITLES
from tests.qm_rules.evidences import capable, excellent
from tests.serving.reports.workbook.cases import BASE, ODD_IDS, SPECIAL, anyone, stage
from tests.serving.reports.workbook.spreadsheet import convert, needs_libreoffice, workbook_bytes

OF_EXCEL_2010 = {
    "ABS", "AND", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "EXACT", "GCD", "IF", "IFERROR", "INDEX", "INT",
    "ISBLANK", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "MAX", "MID", "MIN", "NOT", "OR", "PRODUCT", "RIGHT",
    "ROUND", "ROW", "SMALL", "SUM", "SUMIFS", "SUMPRODUCT", "TEXT", "VALUE",
}  # fmt: skip
READINGS = Policy().readings(load_pack().policies)
RESULTS = (
    "ZY_LEVEL",
    "ZY_AT_MOST",
    "ZY_STATUS",
    "ZY_VERDICT",
    "ZY_CHECK",
    "ZY_AGREES",
    "ZY_LEVEL_OF_THE_RULES",
)


@pytest.fixture(scope="module")
def data():
    return workbook_bytes(grade(parse_evidence(BASE)))


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def formulas(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, getattr(cell.value, "text", cell.value)


def test_the_same_grade_gives_the_same_bytes(data, tmp_path):
    again = parse_evidence(BASE)
    write_workbook(grade(again), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == data


def test_no_macro_no_link_outside_no_new_or_volatile_function(data, book):
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    used = {
        name
        for _, text in formulas(book)
        for name in re.findall(r"([A-Z][A-Z0-9.]+)\(", re.sub(r'"[^"]*"', "", text))
    }
    assert used <= OF_EXCEL_2010
    assert {"SUMIFS", "SUMPRODUCT", "INDEX", "GCD"} <= used


def test_every_page_is_live_and_the_results_have_names(book):
    assert book.sheetnames == list(TITLES.values())
    assert {title for title, _ in formulas(book)} == set(book.sheetnames)
    assert set(RESULTS) <= set(book.defined_names)


def test_names_and_formulas_keep_to_the_limits_of_excel(book):
    """Names are read without regard to case and must not look like cells; formulas end at 8192 signs."""
    names = list(book.defined_names)
    assert len({name.lower() for name in names}) == len(names)
    assert not [name for name in names if re.fullmatch(r"[A-Za-z]{1,3}[0-9]+", name)]
    texts = [text for _, text in formulas(book)]
    assert max(map(len, texts)) < 4_000
    assert max(max(depth(text)) for text in texts) < 64
    used = {name for text in texts for name in re.findall(r"\b(?:zy|ZY)_\w+", text)}
    assert used <= set(names)


def depth(formula):
    level = 0
    for character in re.sub(r'"[^"]*"', "", formula):
        level += {"(": 1, ")": -1}.get(character, 0)
        yield level


def test_formulas_say_names_not_numbers_of_the_document(book):
    bounds = {
        f"{bound.value.normalize():f}" for rule in load_pack().indicators.values() for bound in rule.bounds
    }
    numbers = {
        number for _, text in formulas(book) for number in re.findall(r"(?<![\w.$])\d+\.\d+(?![\w.])", text)
    }
    assert not numbers & bounds


def test_ids_stand_as_text_and_never_reach_a_formula():
    found = openpyxl.load_workbook(io.BytesIO(workbook_bytes(grade(parse_evidence(SPECIAL["odd_ids"])))))
    sheet = found[TITLES["deliveries"]]
    held = [sheet.cell(6 + i, 1) for i in range(len(ODD_IDS))]
    assert {cell.data_type for cell in held} == {"s"}
    plain = {name for name in ODD_IDS if not name.startswith("<r>")}
    assert {cell.value for cell in held} >= plain
    assert not [text for _, text in formulas(found) if "SUM(A1)" in text or "真空泵" in text]


def test_inputs_are_open_and_marked_and_all_else_is_locked(book):
    policies = book[TITLES["policies"]]
    assert policies.protection.sheet
    assert policies["C6"].value == "lowest"
    assert not policies["C6"].protection.locked
    assert policies["D6"].protection.locked
    assert {
        tuple(rule.formula1.strip('"').split(","))
        for rule in policies.data_validations.dataValidation
        if rule.type == "list"
    } == {tuple(setting.choices) for setting in load_pack().policies.values() if setting.reading}


@pytest.mark.parametrize("seed", range(6))
def test_the_gaps_are_those_of_the_rules(seed):
    found = grade(parse_evidence(anyone(seed)), policy=READINGS[seed])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(found)), data_only=True)[TITLES["gaps"]]
    shown = {
        (level, name): sheet.cell(6 + row, level + 1).value
        for row, name in enumerate(found.book.order)
        for level in range(2, 6)
    }
    gaps = {(gap.to_level, gap.indicator) for gap in found.gaps}
    assert {key for key, text in shown.items() if text not in ("✓", "·", "未提供 not supplied")} == gaps
    assert {key for key, text in shown.items() if text == "·"} == {
        key for key in shown if key[0] <= found.at_most and found.own[key[1]] is not None
    }
    check_lacking(sheet, found)


def check_lacking(sheet, found):
    """The amounts below the gaps are those of the shortfalls, which are exact."""
    rows = {name: 6 + len(found.book.order) + 2 + row for row, name in enumerate(found.indicators)}
    for one in shortfalls(found):
        if one.kind in ("units", "characteristics") and one.amount is not None:
            assert sheet.cell(rows[one.indicator], one.to_level + 1).value == float(one.amount), one
        if one.kind == "money" and one.amount is not None:
            shown = sheet.cell(rows[one.indicator], one.to_level + 1).value
            assert shown == pytest.approx(float(one.amount), abs=0.0100001), one


def test_a_reading_is_what_the_workbook_starts_from():
    found = grade(parse_evidence(BASE), policy=Policy(aggregation="lower_median", sigma_method="formula"))
    shown = openpyxl.load_workbook(io.BytesIO(workbook_bytes(found)), data_only=True)
    assert [shown[TITLES["policies"]][f"C{row}"].value for row in (6, 7, 8)] == [
        "lower_median",
        "tracked",
        "formula",
    ]
    assert shown[TITLES["verdict"]]["A6"].value == "4 预防级 Prevention · 最终 final"


def test_a_large_evidence_is_written_in_time_that_grows_with_its_rows():
    def seconds(products):
        document = excellent(
            first_pass=[
                stage(f"P{p}", str(s), s, 50_000 + p, 49_990) for p in range(products) for s in range(10)
            ],
            capability=[capable("2.5", name=f"C{i}") for i in range(products * 10)],
        )
        found = grade(parse_evidence(document))
        start = time.process_time()
        workbook_bytes(found)
        return time.process_time() - start

    seconds(1)
    assert seconds(40) < 40 * seconds(5)  # eight times the rows; far from their square


@pytest.mark.slow
@needs_libreoffice
def test_every_page_prints_on_a4_with_its_characters(tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(workbook_bytes(grade(parse_evidence(BASE))))
    convert([path], Path(tmp_path), "pdf")
    pdf = pdfium.PdfDocument(tmp_path / "out" / "workbook.pdf")
    texts = [pdf[i].get_textpage().get_text_range() for i in range(len(pdf))]
    for title in (
        "计算簿",
        "交付",
        "首次交验",
        "过程能力",
        "损失与产值",
        "管理项",
        "口径",
        "阈值",
        "条文",
        "综合判断",
        "差距",
        "校核",
    ):
        assert any(title in text for text in texts), title
    widths = {round(pdf[i].get_width()) for i in range(len(pdf))}
    assert widths == {595, 842}
