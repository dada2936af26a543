"""`zhuoyue report` as a user runs it: files written, rows on standard output, faults on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from features.settings import Settings
from tests import command
from tests.serving.reports import cases


def zhuoyue(*arguments: object, home: Path | None = None) -> command.Answer:
    return command.zhuoyue("report", *arguments, **({"ZHUOYUE_HOME": home} if home else {}))


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(cases.whole("E1😀")), encoding="utf-8")
    return file


def test_one_evidence_gives_every_kind_of_file(evidence: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"out{suffix}" for suffix in (".docx", ".pdf", ".HTML", ".xlsx")]
    done = zhuoyue("--evidence", evidence, *(part for file in files for part in ("--out", file)))
    assert done.returncode == 0
    assert "U+1F600" in done.stderr
    rows = json.loads(done.stdout)
    assert [row["file"] for row in rows] == [str(file) for file in files]
    assert {(row["level"], row["status"]) for row in rows} == {(3, "final")}
    assert [file.read_bytes()[:4] for file in files] == [b"PK\x03\x04", b"%PDF", b"<!do", b"PK\x03\x04"]


def test_an_enterprise_of_the_store(records_home: Settings, tmp_path: Path) -> None:
    file = tmp_path / "out.html"
    done = zhuoyue("--enterprise", "E0001", "--date", "2025-01-15", "--out", file, home=records_home.home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2025年1月15日" in file.read_text(encoding="utf-8")


REFUSED = {
    "no file": (["--enterprise", "E0001", "--out", "a.txt"], "allowed: FILE with .pdf"),
    "no folder": (["--enterprise", "E0001", "--out", "no/where/a.pdf"], "a folder that is there"),
    "nobody": (["--out", "a.pdf"], "needed: an enterprise of the store"),
    "unknown": (["--enterprise", "NOBODY", "--out", "a.pdf"], "which the records do not know"),
    "both": (["--enterprise", "E0001", "--evidence", "e.json", "--out", "a.pdf"], "the file alone"),
    "month": (["--enterprise", "E0001", "--as-of", "2025-13", "--out", "a.pdf"], "2025-13"),
    "day": (["--enterprise", "E0001", "--date", "15.1.2025", "--out", "a.pdf"], "a day YYYY-MM-DD"),
    "policy": (["--enterprise", "E0001", "--policy", "x=1", "--out", "a.pdf"], "allowed: aggregation"),
    "edition": (["--enterprise", "E0001", "--edition", "x", "--out", "a.pdf"], "with --evidence only"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_named(
    name: str, records_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, said = REFUSED[name]
    monkeypatch.chdir(tmp_path)
    done = zhuoyue(*arguments, home=records_home.home)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_bad_evidence_says_all_its_faults(evidence: Path, tmp_path: Path) -> None:
    evidence.write_text('{"enterprise_id":"E","window":{"start":"x","end":"2025-12"},"extra":1}')
    done = zhuoyue("--evidence", evidence, "--out", tmp_path / "a.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2
    assert not (tmp_path / "a.pdf").exists()
