"""Trainings at once in one home, and one that is killed: the champion is always whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from features.settings import Settings
from models import versions
from models.forecast import load_champion

ROOT = Path(__file__).parents[3]
TRAIN = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from features.model_table import build_model_table
from features.settings import Settings
from features.simulator.world import World
from features.tables import FrameTables
from models.training import artifacts
from models.learning.rolling import Settings as Effort
from models.training import train, champion

artifacts.draw_summaries = lambda *_: None  # its library takes as long as all the rest

home, seed, killed_at = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
if killed_at:
    setattr(champion, killed_at, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
tables = FrameTables(World(3, enterprises=4, months=20).tables())
table = build_model_table(tables)
rows = (table.frame["frequency"] == "month") & (table.frame["product_id"] == "")
table = replace(table, frame=table.frame[rows].reset_index(drop=True))
print(train(tables, Settings(home=home), effort=Effort(refits=1, seed=seed), table=table).model_version)
"""


def _start(home: Path, seed: int, killed_at: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TRAIN, str(home), str(seed), killed_at],
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_trainings_take_turns_and_a_killed_one_leaves_the_champion(tmp_path) -> None:
    both = [_start(tmp_path, seed) for seed in (1, 2)]
    said = [process.communicate(timeout=500) for process in both]
    assert [process.returncode for process in both] == [0, 0], [err[-2000:] for _, err in said]
    made = {out.strip() for out, _ in said}
    assert len(made) == 2
    settings = Settings(home=tmp_path)
    served = _served(settings)
    assert served in made

    killed = _start(tmp_path, 3, "point_to")
    killed.communicate(timeout=500)
    assert killed.returncode == -signal.SIGKILL
    assert _served(settings) == served
    assert versions.find("champion", settings).tags["model_version"] == served


def _served(settings: Settings) -> str:
    pointer = json.loads((settings.home / "champion" / "current.json").read_text())
    model = load_champion(settings)
    assert model.version == pointer["version"]
    assert versions.find("champion", settings).number == pointer["registry_version"]
    return model.version
