"""Adds kinds of jobs that tests steer to every Python process that starts with this folder in its path."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[4]))

from pydantic import Field

from serving.jobs.kinds import KINDS, Arguments, Kind


class Steered(Arguments):
    """Which folder to write to, and what to do there."""

    folder: str
    act: str = "finish"
    tag: str = Field(default="")
    enterprise_id: str | None = None


for name, lane in (("steered", None), ("single", "lane")):
    KINDS[name] = Kind(name, "tests.serving.jobs.steered:run", Steered, lane=lane)
