"""`zhuoyue report proposal` as a user runs it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import docx
import pytest

from features.settings import Settings
from tests import command


def zhuoyue(*arguments: object, home: Path) -> command.Answer:
    return command.zhuoyue("report", "proposal", *arguments, ZHUOYUE_HOME=home)


def test_a_published_enterprise(full_home: Settings, tmp_path: Path) -> None:
    files = [tmp_path / "a.docx", tmp_path / "a.html"]
    done = zhuoyue(
        "--enterprise", "E0002", "--language", "en", "--out", files[0], "--out", files[1], home=full_home.home
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert [row["file"] for row in rows] == [str(file) for file in files]
    assert {row["language"] for row in rows} == {"en"}
    word = docx.Document(BytesIO(files[0].read_bytes()))
    assert word.paragraphs[0].text == "Quality Improvement Proposal"
    assert rows[0]["model_version"] in files[1].read_text(encoding="utf-8")


def test_without_an_outlook_it_says_so_and_gives_the_grade(records_home: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    done = zhuoyue("--enterprise", "E0001", "--out", file, home=records_home.home)
    assert done.returncode == 0
    assert "zhuoyue train" in done.stderr
    assert "官方等级" in file.read_text(encoding="utf-8")
    assert json.loads(done.stdout)[0]["model_version"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--enterprise", "NOBODY", "--out", "a.docx"], "which the records do not know"),
        (["--enterprise", "E0001", "--out", "a.xlsx"], "allowed: FILE with .pdf, .docx, .html"),
        (["--enterprise", "E0001", "--out", "no/where/a.docx"], "a folder that is there"),
    ],
)
def test_bad_input_is_named(
    arguments: list[str], said: str, records_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = zhuoyue(*arguments, home=records_home.home)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
