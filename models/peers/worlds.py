"""Worlds whose best possible forecast is known: simulated, judged, and forgotten, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.learning.rolling import Progress
from models.learning.rolling import Settings as Effort
from models.peers.cells import Plan, compare
from models.peers.oracle import Oracle


class WorldsError(ValueError):
    """Seeds of worlds that cannot be read."""


@dataclass(frozen=True)
class Worlds:
    """Seeds and what their worlds have in common."""

    seeds: tuple[int, ...]
    family: str = "additive"
    enterprises: int = 60
    months: int = 72


def seeds_of(text: str) -> tuple[int, ...]:
    """`301-305` or `11,12` or both; raises `WorldsError`."""
    try:
        parts = [[int(end) for end in part.split("-")] for part in text.split(",")]
        seeds = [seed for ends in parts for seed in range(ends[0], ends[-1] + 1)]
    except ValueError:
        seeds = []
    if not seeds:
        raise WorldsError(f"--worlds: found {text!r}; allowed are seeds such as 301-305 or 11,12")
    return tuple(dict.fromkeys(seeds))


def compare_worlds(worlds: Worlds, plan: Plan, effort: Effort, progress: Progress) -> pd.DataFrame:
    """The cells of all worlds (see `cells.compare`), with the oracle among the forecasters."""
    frames = []
    for seed in worlds.seeds:
        progress(f"world {seed}", 0, len(worlds.seeds))
        world = World(seed, worlds.enterprises, worlds.months, family=worlds.family)
        table = build_model_table(FrameTables(world.tables()))
        frames.append(compare(table, plan, effort, progress, Oracle(world).ask, seed))
    return pd.concat(frames, ignore_index=True)
