"""The walls of the house: who may import whom, where files may lie, how large a room may grow."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("qm_rules", "features", "models", "serving")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_imports_run_one_way():
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("library", ["mlflow", "shap"])
def test_a_peer_library_is_imported_in_one_file(library):
    pattern = re.compile(rf"^\s*(?:import|from) {library}\b", re.MULTILINE)
    importers = {
        path.relative_to(ROOT).as_posix() for path in SOURCES if pattern.search(path.read_text("utf-8"))
    }
    allowed = {"mlflow": {"models/registry.py"}, "shap": {"models/shap_plots.py"}}[library]
    assert importers == allowed


def test_tests_have_no_init_that_would_shadow_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_no_room_is_called_utils_and_none_outgrows_a_person():
    names = [path for path in SOURCES if re.search(r"util|helper|misc", path.stem)]
    large = {
        path.relative_to(ROOT).as_posix(): n
        for path in SOURCES
        if (n := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not names
    assert not large


def test_every_entry_of_gitignore_that_names_a_top_folder_is_anchored():
    entries = [
        line
        for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert not [entry for entry in entries if entry.rstrip("/") in {*PACKAGES, "notebooks", "tests", "docs"}]
