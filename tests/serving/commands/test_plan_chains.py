"""`zhuoyue plan chain`: lists as rows, papers as files, and refusals that say what is allowed."""

from __future__ import annotations

import json

import pytest

from tests.command import zhuoyue

CHAIN = "新能源汽车"


def rows(home, *words):
    answer = zhuoyue("plan", "chain", *words, "--format", "json", ZHUOYUE_HOME=home.home)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_the_lists_are_rows(full_home):
    chains = {row["chain"]: row for row in rows(full_home, "list")}
    assert chains[CHAIN]["enterprises"] > 0
    problems = rows(full_home, "problems", CHAIN, "--language", "en")
    assert [row["number"] for row in problems] == list(range(1, len(problems) + 1))
    assert all(row["source"] for row in problems)
    numbers = {row["number"] for row in problems}
    for project in rows(full_home, "projects", CHAIN):
        assert set(project["problems"]) <= numbers
    *lines, total = rows(full_home, "benefit", CHAIN)
    assert total["net"] == pytest.approx(sum(line["net"] for line in lines))
    assert rows(full_home, "levels", CHAIN) == [], "so small a province shows no slope"


def test_papers_are_written(full_home, tmp_path):
    files = [tmp_path / "a.docx", tmp_path / "a.pdf", tmp_path / "a.html"]
    outs = [word for file in files for word in ("--out", file)]
    told = rows(full_home, "proposal", CHAIN, *outs, "--language", "en")
    assert [row["file"] for row in told] == [str(file) for file in files]
    rows(full_home, "workbook", CHAIN, "--out", tmp_path / "a.xlsx")
    assert all(file.stat().st_size > 5000 for file in (*files, tmp_path / "a.xlsx"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("problems", "nope"), "found 'nope'; allowed: "),
        (("proposal", CHAIN, "--out", "a.xlsx"), "allowed: FILE with .pdf, .docx, .html"),
        (("workbook", CHAIN, "--out", "a.docx"), "allowed: FILE with .xlsx"),
    ],
)
def test_bad_input_is_refused_in_words(full_home, words, said):
    answer = zhuoyue("plan", "chain", *words, ZHUOYUE_HOME=full_home.home)
    assert answer.returncode == 2
    assert said in answer.stderr


def test_without_an_outlook_the_way_to_one_is_told(records_home):
    answer = zhuoyue("plan", "chain", "list", ZHUOYUE_HOME=records_home.home)
    assert answer.returncode == 2
    assert "zhuoyue train" in answer.stderr
