"""Briefing and workbook by API and command: of the reader's own group, and of what was published."""

from io import BytesIO

import docx
import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio import Portfolio, Target, progress
from serving.reports.briefing.document import PAGES
from serving.web.papers.gathering import standing
from serving.web.planner.answers import reached_by
from serving.web.planner.moves import levels_at, moved
from tests.command import zhuoyue
from tests.models.portfolio.portfolios import TODAY, Plant, portfolio, steady
from tests.serving.reports import paper


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_briefing_is_two_pages(national, lang):
    answer = national.get("/api/v1/briefing", params={"lang": lang, "kind": "pdf"})
    assert answer.headers["content-type"] == "application/pdf"
    assert len(paper.page_texts(answer.content)) == PAGES


def test_the_briefing_tells_of_the_reader_s_group_only(zhejiang):
    content = zhejiang.get("/api/v1/briefing").content
    document = docx.Document(BytesIO(content))
    text = "\n".join(line.text for line in document.paragraphs)
    assert "浙江纳入监测的制造业企业 7 家" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not [text for text in cells if text.startswith(("4201", "4401", "1100"))]


def test_the_workbook_holds_the_reader_s_enterprises_only(zhejiang, national):
    def ids(client):
        content = client.get("/api/v1/planning-workbook").content
        page = openpyxl.load_workbook(BytesIO(content), data_only=True)["企业 Enterprises"]
        return [row[0].value for row in page.iter_rows(min_row=6) if row[0].value]

    assert len(ids(zhejiang)) == 7
    assert all(name.startswith("33") for name in ids(zhejiang))
    assert len(ids(national)) == 23


def test_every_count_of_the_briefing_stands_in_the_workbook(national):
    """Levels of the document's table are those of the sheet."""
    document = docx.Document(BytesIO(national.get("/api/v1/briefing").content))
    told = [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:]
    content = national.get("/api/v1/planning-workbook").content
    page = openpyxl.load_workbook(BytesIO(content), data_only=True)["等级 Levels"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=6, max_row=10)]
    for mine, sheet in zip(told, rows, strict=True):
        assert sheet[0].startswith(mine[0])
        assert int(mine[1]) == sheet[1]
        assert mine[3] == "—" or int(mine[3]) == sheet[3]


def test_papers_are_for_planners(plant_engineer):
    for path in ("/api/v1/briefing", "/api/v1/planning-workbook", "/board/briefing"):
        assert plant_engineer.get(path).status_code == 403


def test_the_briefing_as_a_page_leads_to_its_files(national):
    page = national.get("/board/briefing", params={"region": "33", "lang": "en"})
    assert page.status_code == 200
    for part in ("/api/v1/briefing?", "kind=docx", "kind=pdf", "/api/v1/planning-workbook?region=33"):
        assert part in page.text.replace("&amp;", "&")


@pytest.mark.parametrize("words", [("board",), ("targets",), ("list", "show")])
def test_commands_answer_as_json(hand_home, words):
    answer = zhuoyue("plan", *words, "--format", "json", ZHUOYUE_HOME=hand_home)
    assert answer.returncode == 0, answer.stderr


def test_a_group_of_a_list_by_command(hand_home, tmp_path):
    (tmp_path / "ids.txt").write_text("3301-0\n3301-1\n", encoding="utf-8")
    kept = zhuoyue(
        "plan", "list", "keep", "--name", "两家", "--ids", tmp_path / "ids.txt", ZHUOYUE_HOME=hand_home
    )
    assert kept.returncode == 0, kept.stderr
    board = zhuoyue("plan", "board", "--list", "两家", "--format", "table", ZHUOYUE_HOME=hand_home)
    assert "2 enterprises" in board.stdout
    out = tmp_path / "b.docx"
    made = zhuoyue("plan", "briefing", "--out", out, "--list", "两家", ZHUOYUE_HOME=hand_home)
    assert made.returncode == 0, made.stderr
    assert "两家" in "\n".join(line.text for line in docx.Document(out).paragraphs)
    made = zhuoyue("plan", "workbook", "--out", tmp_path / "w.xlsx", "--region", "33", ZHUOYUE_HOME=hand_home)
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize(
    "words",
    [("board", "--region", "浙江"), ("board", "--list", "no such list"), ("briefing", "--out", "b.xyz")],
)
def test_a_filter_that_says_nothing_is_bad_input(hand_home, words):
    answer = zhuoyue("plan", *words, ZHUOYUE_HOME=hand_home)
    assert answer.returncode == 2
    assert "--" in answer.stderr


def test_nothing_published_is_said(tmp_path):
    answer = zhuoyue("plan", "board", ZHUOYUE_HOME=tmp_path / "empty")
    assert answer.returncode == 1
    assert "zhuoyue" in answer.stderr


def test_who_moved_stands_elsewhere_than_a_month_ago(tmp_path):
    plants = [
        Plant("up", 3, steady(2)),
        Plant("down", 2, steady(3)),
        Plant("same", 2, steady(2)),
        Plant("late", 3, steady(2, until="2025-10"), end="2025-11"),
        Plant("new", 2, {}),
    ]
    own = portfolio(tmp_path / "p", plants)
    rose, fell = moved(own, "grade", np.ones(len(own), dtype=bool))
    assert [own.enterprise_ids[row] for row in rose] == ["up"]
    assert [own.enterprise_ids[row] for row in fell] == ["down"]
    then = dict(zip(own.enterprise_ids, levels_at(own, "grade", TODAY - 12), strict=True))
    assert then == {"up": 2, "down": 3, "same": 2, "late": 2, "new": 0}
    found = standing(own, "grade", np.ones(len(own), dtype=bool))
    assert found.known_then == 4
    by_level = {row.level: row for row in found.levels}
    assert (by_level[3].above, by_level[3].above_then, found.above_known[3]) == (2, 1, 2)
    assert by_level[3].newly == 2, "up and late were never there before; down was"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.sampled_from([0.05, 0.5, 0.8, 1.0]))
def test_a_sure_count_is_the_largest_that_enough_paths_reach(counts, share):
    class Counted:
        then = np.array(counts)

    reached = [n for n in range(32) if np.mean(np.array(counts) >= n) >= share - 1e-12]
    assert reached_by(Counted(), share) == max(reached)


def test_a_sure_count_can_be_promised(hand_home):
    folder = next((hand_home / "outlook").glob("*-hand"))
    own = Portfolio.load(folder)
    found = progress(own, Target("t", "assurance", "2024-12", "2026-12", 1, region="33"), "grade")
    assert np.mean(found.then >= reached_by(found)) >= 0.8
    assert np.mean(found.then >= reached_by(found) + 1) < 0.8
