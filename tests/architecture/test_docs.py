"""What the documents name exists: commands, files, decisions, settings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def commands() -> set[str]:
    run = subprocess.run(
        [sys.executable, "-m", "serving", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(re.findall(r"^[│ ]+([a-z]+) {2,}", run.stdout, re.MULTILINE))


def test_every_command_that_a_document_names_exists_and_every_command_is_in_the_readme():
    known = commands()
    assert known
    named = {
        match
        for path in DOCUMENTS
        for match in re.findall(r"(?:^|[`$ /])zhuoyue ([a-z]+)\b", path.read_text("utf-8"))
    }
    assert named <= known, f"documents name commands that do not exist: {sorted(named - known)}"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in known if f"zhuoyue {name}" not in readme]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_document_names_exists(document):
    text = document.read_text("utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    paths = re.findall(r"`((?:qm_rules|features|models|serving|tests|docs|notebooks)/[\w./-]+)`", text)
    missing = [link for link in links if not (document.parent / link).exists()]
    missing += [path for path in paths if not (ROOT / path).exists() and "<" not in path]
    assert not missing


def test_every_make_target_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {match for path in DOCUMENTS for match in re.findall(r"`make ([a-z-]+)", path.read_text("utf-8"))}
    assert named <= targets


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_why_and_what_holds_it(decision):
    text = decision.read_text("utf-8")
    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert "**Decided.**" in text
    assert "**Why.**" in text
    assert "**Held by**" in text or "**Revisit**" in text
    assert len(text.splitlines()) <= 40


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
