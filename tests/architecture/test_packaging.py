"""The wheel holds all four packages with their data, and nothing of the tests."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = {".py", ".yaml", ".yml", ".json", ".txt", ".html", ".css", ".js", ".mako", ".svg", ".md"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.mark.parametrize("package", ["qm_rules", "features", "models", "serving"])
def test_every_file_of_a_package_that_git_tracks_is_in_the_wheel(wheel, package):
    listed = subprocess.run(
        ["git", "ls-files", "-z", package], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    wanted = {name for name in listed if Path(name).suffix in DATA and (ROOT / name).exists()}
    assert wanted
    assert wanted <= set(wheel.namelist())


def test_the_wheel_holds_nothing_else_at_its_top(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"qm_rules", "features", "models", "serving", "zhuoyue-0.1.0.dist-info"}
