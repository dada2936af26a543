"""The planning workbook: what its formulas are said to give is what the paths on it give (NumPy's own)."""

import re
import shutil
import subprocess
from io import BytesIO

import numpy as np
import openpyxl
import pytest

from serving.reports.planning.book import FIRST
from serving.reports.planning.facts import Case, Enterprise, Helped, Like, Month, Planning, Published
from serving.reports.planning.writing import write_planning
from tests.serving.reports.briefing.known import goal, ordinary


def planning():
    """Three open targets and one that is decided, on 40 paths; text that looks like a formula."""
    from dataclasses import replace

    random = np.random.default_rng(1201)
    then = {at: tuple(int(n) for n in random.integers(10, 60, 40)) for at in range(3)}
    briefing = replace(ordinary(), goals=(goal(), goal(4), goal(2), goal(decided=True, by="2025-06")))
    return Planning(
        briefing=briefing,
        months=(Month(3, "2026-01", 1.25, (0, 1, 1, 2, 3)),),
        then=then,
        enterprises=(
            Enterprise("=1+1", "@甲厂", "3301", "36", "small", "", 2, 0.4, (0.1, 0.2, 0.3), ("ftq",)),
            Enterprise("E2", "乙厂", "3302", "36", "large", "", 0, None, (None, None, None), ()),
        ),
        likes=(Like("ftq", "", "36", "", 12, (0.8, 0.85, 0.9, 0.95, 0.99)),),
        published=(Published("ftq", 2023, "nation", "", "", 93.65, "percent", "", "SAMR", "https://x"),),
        helped=(Helped("E1", "甲厂", 2, 0.1, 0.7, 0.4, 2, "转速: 1 → 2", 120_000.0, 4),),
        cases=(Case("情景一", 3, "2027-12", 12.5, 8, 17, 1.5, -1, 4),),
    )


@pytest.fixture(scope="module")
def written():
    buffer = BytesIO()
    write_planning(planning(), buffer)
    return buffer.getvalue()


def sheet(content, name, *, values=True):
    book = openpyxl.load_workbook(BytesIO(content), data_only=values)
    return next(page for page in book if page.title.startswith(name))


def test_a_target_says_what_its_paths_say(written):
    targets, paths = sheet(written, "目标"), sheet(written, "路径")
    for at, then in planning().then.items():
        column = [paths.cell(FIRST + 1 + path, at + 2).value for path in range(len(then))]
        assert tuple(column) == then
        row = [cell.value for cell in targets[FIRST + 1 + at]]
        wanted = row[5]
        assert row[8] == pytest.approx(np.mean(then))
        assert row[9:11] == list(np.quantile(then, [0.05, 0.95], method="inverted_cdf"))
        assert row[11] == pytest.approx(np.mean(np.array(then) >= wanted))
        for value, share in ((row[12], 0.8), (row[13], 0.5)):
            reached = [n for n in range(100) if np.mean(np.array(then) >= n) >= share]
            assert value == max(reached)


def test_what_is_decided_is_not_counted_from_paths(written):
    row = [cell.value for cell in sheet(written, "目标")[FIRST + 4]]
    assert row[8:14] == [None] * 6
    assert "期限已过" in row[14]


def test_what_looks_like_a_formula_stays_text(written):
    page = sheet(written, "企业", values=False)
    assert page.cell(FIRST + 1, 1).value == "=1+1"
    assert page.cell(FIRST + 1, 1).data_type == "s" or page.cell(FIRST + 1, 1).quotePrefix


def test_every_page_has_its_rows(written):
    expected = {"预测": 1, "企业": 2, "帮扶": 2, "情景": 1, "标杆": 1, "参照": 1, "地区": 9, "等级": 6}
    for name, rows in expected.items():
        page = sheet(written, name)
        filled = 0
        while page.cell(FIRST + 1 + filled, 1).value:
            filled += 1
        assert filled == rows, name


def test_the_same_facts_give_the_same_bytes(written):
    again = BytesIO()
    write_planning(planning(), again)
    assert again.getvalue() == written


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_a_spreadsheet_computes_what_is_stored(written, tmp_path):
    """Stored results are ours; another program computes every formula anew, and one changed count."""
    book = openpyxl.load_workbook(BytesIO(written))
    targets = next(page for page in book if page.title.startswith("目标"))
    targets.cell(FIRST + 1, 6).value = 55
    book.save(tmp_path / "changed.xlsx")  # openpyxl keeps formulas and drops their results
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run(
        [*command, tmp_path / "out", tmp_path / "changed.xlsx"], check=True, capture_output=True, timeout=180
    )
    content = (tmp_path / "out" / "changed.xlsx").read_bytes()
    then = np.array(planning().then[0])
    assert sheet(content, "目标").cell(FIRST + 1, 12).value == pytest.approx(np.mean(then >= 55))
    for name in ("等级", "地区", "目标", "企业", "帮扶"):
        mine, theirs = sheet(written, name), sheet(content, name)
        formulas = sheet(written, name, values=False)
        for row in formulas.iter_rows():
            for cell in row:
                if cell.data_type == "f" and not re.match(r"[FHL]6$", cell.coordinate):
                    one, other = mine[cell.coordinate].value, theirs[cell.coordinate].value
                    assert (one or 0) == pytest.approx(other or 0), (name, cell.coordinate)
