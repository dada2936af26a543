"""The five minutes of the README, run as they are printed there, by somebody who has only the command."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOUR = re.search(r"## Five minutes.*?```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def lines() -> list[str]:
    assert TOUR, "the README has no tour"
    return [text.split("#")[0].strip() for text in TOUR[1].splitlines() if text.strip()]


def test_every_command_of_the_tour_works_and_answers(tmp_path):
    environment = os.environ | {
        "ZHUOYUE_HOME": str(tmp_path / "var"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    ran = [line for line in lines() if line.startswith("zhuoyue ") and line != "zhuoyue serve"]
    assert len(ran) >= 8
    for line in ran:
        run = subprocess.run(
            shlex.split(line), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, f"{line}\n{run.stderr}"
        assert run.stdout.strip(), f"{line} answered nothing"
        assert "Traceback" not in run.stderr


@pytest.mark.parametrize("line", [line for line in lines() if line.startswith("export ")])
def test_the_tour_keeps_apart_from_other_records(line):
    assert line.startswith("export ZHUOYUE_HOME=var/")
