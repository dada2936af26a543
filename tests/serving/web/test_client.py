"""The client of docs/api.md: generated from the description, given a real key, run as printed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from serving.web.app import create_app
from tests.command import zhuoyue
from tests.serving import province

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    settings = province.with_model(tmp_path_factory)
    app = create_app(settings)
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(app.openapi()), encoding="utf-8")
    with province.served(app) as url:
        yield settings, url, folder


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


def generate(folder: Path) -> str:
    beside = Path(sys.executable).parent  # the generator looks for its formatter in PATH
    words = [beside / "openapi-python-client", "generate", "--meta", "none"]
    paths = ["--path", folder / "openapi.json", "--output-path", folder / "zhuoyue_client", "--overwrite"]
    told = {**os.environ, "PATH": f"{beside}:{os.environ.get('PATH', '')}"}
    run = subprocess.run(
        [*map(str, words), *map(str, paths)], capture_output=True, text=True, timeout=120, env=told
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def test_the_description_is_generated_without_a_warning_and_the_example_runs(service):
    settings, url, folder = service
    assert "Warning" not in (said := generate(folder)), said
    (make,) = (line for line in blocks("bash")[0].splitlines() if "key make" in line)
    made = zhuoyue(*make.split()[1:], "--format", "json", ZHUOYUE_HOME=settings.home)
    assert made.returncode == 0, made.stderr
    code = (
        blocks("python")[0]
        .replace("http://127.0.0.1:8000", url)
        .replace("KEY", json.loads(made.stdout)["key"])
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=folder
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0].startswith("E0001 ")
    assert re.match(r"2025-01 0\.\d+ 0\.\d+ 0\.\d+", lines[1])


def test_names_of_schemas_are_their_own(service):
    _, _, folder = service
    names = json.loads((folder / "openapi.json").read_text("utf-8"))["components"]["schemas"]
    assert [name for name in names if name.startswith(("serving__", "models__", "features__"))] == []
