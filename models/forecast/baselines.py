"""The simple forecasters that every model has to beat, and falls back to where there is no signal.

Each is one causal feature of the model table carried forward: the last value, an exponentially weighted
mean of half-life 3 or 12 periods, the mean of 12 periods, or the entity's mean over all its history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.forecast.design import INDUSTRY
from models.forecast.links import Array, Link
from models.forecast.panel import Panel
from models.results import TARGETS

BASES: tuple[str, ...] = ("last", "ew3", "ew12", "mean12", "mean")
OFFSET = "ew12"
SECTOR_WEIGHT = 24.0  # known periods at which a sector's own mean outweighs the mean over all sectors


@dataclass(frozen=True)
class Prior:
    """What to expect of an entity without history: its sector's mean on the model scale, and the spread."""

    mean: float
    spread: float
    sectors: dict[str, float]

    def expect(self, industry: Array) -> Array:
        """n model-scale means by industry code (NaN or unseen: the overall mean)."""
        return np.array([self.sectors.get(str(code), self.mean) for code in industry], dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"mean": self.mean, "spread": self.spread, "sectors": self.sectors}


def fit_prior(panel: Panel, target: str, link: Link) -> Prior:
    """Sector means of a target on the model scale, pulled to the overall mean where a sector is small."""
    y = link.forward(panel.scored[target])
    known = np.isfinite(y)
    if not known.any():
        return Prior(0.0, 1.0, {})
    mean, spread = float(y[known].mean()), float(y[known].std()) or 0.1
    code = panel.column(INDUSTRY)
    sectors = {}
    for value in np.unique(code[known & np.isfinite(code)]):
        own = y[known & (code == value)]
        sectors[str(value)] = float((own.sum() + SECTOR_WEIGHT * mean) / (len(own) + SECTOR_WEIGHT))
    return Prior(mean, spread, sectors)


def base_forecasts(panel: Panel, target: str, link: Link, prior: Prior) -> Array:
    """n × 5 model-scale forecasts, one per baseline, the same at every horizon; no history: the prior."""
    expected = prior.expect(panel.column(INDUSTRY))
    columns = []
    for base in BASES:
        value = link.forward(panel.column(f"{target}.{base}"))
        columns.append(value)
    bases = np.column_stack(columns)
    best_known = np.where(np.isfinite(bases[:, BASES.index("mean")]), bases[:, BASES.index("mean")], expected)
    return np.where(np.isfinite(bases), bases, best_known[:, None])


def has_history(panel: Panel, target: str) -> Array:
    """n ones and zeros: whether the entity ever showed a value up to the row."""
    return np.isfinite(panel.column(f"{target}.mean")).astype(np.float64)


def offset(bases: Array) -> Array:
    """The part that ridge does not have to learn: the own EWMA of half-life 12, on the model scale."""
    return np.asarray(bases[:, BASES.index(OFFSET)])


__all__ = ["BASES", "OFFSET", "TARGETS", "Prior", "base_forecasts", "fit_prior", "has_history", "offset"]
