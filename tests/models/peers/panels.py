"""Tiny panels whose every number is known, and questions about them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from models.forecast.panel import Panel, panel
from models.learning.rolling import refit_times
from models.peers.question import Question

START = 2020 * 12


def rows_of(values: dict[str, list[float]], feature: np.ndarray | None = None) -> pd.DataFrame:
    """Model-table rows of plants (equally many months each) whose yield is given."""
    frames = []
    for plant, known in values.items():
        t = START + np.arange(len(known))
        frames.append(
            pd.DataFrame(
                {
                    "enterprise_id": plant,
                    "product_id": "",
                    "period": [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in t],
                    "t": t,
                    "ftq": known,
                    "cpk": 1.0 + 5.0 * (np.array(known) - 0.9),
                    "q.submitted": 5000.0,
                }
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    rows["param.a"] = np.arange(len(rows)) % 7 if feature is None else feature
    return rows


def panel_of(values: dict[str, list[float]], feature: np.ndarray | None = None) -> Panel:
    rows = rows_of(values, feature)
    for base in ("last", "ew3", "ew12", "mean12"):
        rows[f"ftq.{base}"] = rows.groupby("enterprise_id")["ftq"].ffill()
    return panel(rows, ("param.a", *(c for c in rows if c.startswith("ftq."))), "month", "enterprise")


def wandering(seed: int, plants: int = 6, months: int = 40, missing: float = 0.1) -> dict[str, list[float]]:
    """Yields that wander about a plant's own level, some months unknown."""
    rng = np.random.default_rng(seed)
    drawn = {}
    for i in range(plants):
        steps = rng.normal(0, 0.01, months)
        known = np.clip(0.85 + 0.02 * i + 0.5 * np.cumsum(steps) + 0.5 * steps, 0.05, 0.999)
        known[rng.random(months) < missing] = np.nan
        known[0] = 0.9
        drawn[f"E{i}"] = list(known)
    return drawn


def asked(panel: Panel, *origins: int, target: str = "ftq") -> Question:
    """A question to peers that need no run of ours: rows at months counted from the panel's first."""
    times = refit_times(panel.t, 4)
    block = np.searchsorted(np.array(times), panel.t, side="right").astype(np.int64) - 1
    run = SimpleNamespace(panel=panel, times=times, block=block)
    return Question(run, target, np.flatnonzero(np.isin(panel.t - START, origins)))
