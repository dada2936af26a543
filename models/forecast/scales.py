"""How large a row's error will be, told before it is made: by plant, by level and by length of history.

On the model scale errors are nearly alike everywhere; what is left is a plant's own noisiness, a smooth
dependence on the level (at a few failures a month counting noise rules), and youth: a level that rests on k
known periods is itself uncertain, with a variance in proportion to 1/k. Richer scale models (LightGBM, sample
sizes, recent jumps) did not predict |error| any better on simulated worlds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.forecast.baselines import BASES, has_history
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.links import Array
from models.forecast.panel import Index, Mask, Panel
from models.results import HORIZONS

ENTITY_WEIGHT = 24.0  # errors at which an entity's own spread outweighs the panel's
LEVEL_PENALTY = 20.0
YOUTH, YOUTH_WEIGHT = 0.4, 20.0  # excess variance of one known period before any evidence, and its weight
MATURE = 24.0  # the count of known periods in the model table stops here
OVERLAP = 4.0  # a row's twelve errors overlap: they are worth about three


@dataclass(frozen=True)
class Signs:
    """What n rows show of their errors to come: whose they are (`code` n into `names`), their `level` on the
    model scale, and how many periods are `known` so far (0: a cold start; counted up to 24).
    """

    names: tuple[str, ...]
    code: Index
    level: Array
    known: Array

    def take(self, rows: Index | Mask | slice) -> Signs:
        """Those of some rows."""
        return Signs(self.names, self.code[rows], self.level[rows], self.known[rows])


def signs(panel: Panel, target: str, bases: Array) -> Signs:
    """Signs of a panel's rows; `bases` n × 5 are its simple forecasts."""
    history = has_history(panel, target)
    counted = panel.column(f"{target}.known")
    known = np.where(np.isfinite(counted), np.maximum(counted, history), MATURE * history)
    keys = panel.keys["enterprise_id"].astype(str) + "|" + panel.keys["product_id"].astype(str)
    code, names = pd.factorize(keys)
    level = bases[:, BASES.index("mean12")]
    return Signs(tuple(names), code.astype(np.int64), level, np.where(history > 0, known, 0.0))


@dataclass(frozen=True)
class Scale:
    """A row's error relative to the panel's: own × exp(slope z + curve (z² − 1)) × √(1 + youth ÷ known).

    z = (level − `centre`) ÷ `width`, cut to ±3; `own` by entity name (else 1); `youth` 12 by horizon.
    """

    own: dict[str, float]
    centre: float
    width: float
    slope: float
    curve: float
    youth: tuple[float, ...]

    def of(self, rows: Signs) -> Array:
        """n × 12 factors."""
        own = np.array([self.own.get(name, 1.0) for name in rows.names], dtype=np.float64)[rows.code]
        by_level = np.exp(_terms(rows.level, self.centre, self.width) @ [self.slope, self.curve])
        return np.asarray((own * by_level)[:, None] * youthful(np.array(self.youth), rows.known))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Scale:
        """What `to_dict` wrote."""
        return cls(**data | {"youth": tuple(data["youth"])})


def fit_scale(errors: Array, rows: Signs, youth: Array) -> Scale:
    """Scale of n × 12 errors (NaN: unknown) whose rows show `rows`, given what youth does to them."""
    relative = relative_errors(errors / youthful(youth, rows.known))
    level = rows.level[np.isfinite(rows.level)]
    centre, width = (float(level.mean()), float(level.std()) or 1.0) if len(level) else (0.0, 1.0)
    terms = _terms(rows.level, centre, width)
    slope, curve = _by_level(relative, terms)
    own = entity_scales(relative / np.exp(terms @ [slope, curve])[:, None], rows)
    return Scale(own, centre, width, slope, curve, tuple(float(c) for c in youth))


def youthful(youth: Array, known: Array) -> Array:
    """n × 12 factors √(1 + youth ÷ known)."""
    return np.asarray(np.sqrt(1.0 + youth / np.maximum(known, 1.0)[:, None]))


def relative_errors(errors: Array) -> Array:
    """|error| over its horizon's mean, cut at 4."""
    count = np.maximum(np.isfinite(errors).sum(axis=0), 1)
    typical = np.nansum(np.abs(errors), axis=0) / count
    return np.asarray(np.minimum(np.abs(errors) / np.maximum(typical, 1e-9), 4.0))


def entity_scales(relative: Array, rows: Signs) -> dict[str, float]:
    """Root mean square of each entity's relative errors (n × 12) over the panel's, shrunk to 1."""
    known = np.isfinite(relative)
    typical = float(np.mean(relative[known] ** 2)) if known.any() else 0.0
    if typical == 0.0:  # nothing known, or a constant target, whose errors are all zero
        return {}
    size = len(rows.names)
    squares = np.bincount(rows.code, np.nansum(relative**2, axis=1), size) / typical
    count = np.bincount(rows.code, known.sum(axis=1), size) / OVERLAP
    scales = np.sqrt((squares / OVERLAP + ENTITY_WEIGHT) / (count + ENTITY_WEIGHT))
    return {name: float(scale) for name, scale in zip(rows.names, scales, strict=True)}


def fit_youth(errors: Array, known: Array) -> Array:
    """12 excess variances of one known period, from a simple baseline's n × 12 errors with `known` periods.

    Least squares of e²/σ² − 1 on 1/known by group of horizons, shrunk to `YOUTH`; σ² of mature rows. The
    baseline is an own mean carried forward: its errors are out of sample by construction and reach back to
    the panel's first months, when every plant was young, which a rolling backtest's never do.
    """
    youth = np.full(HORIZONS, YOUTH)
    young, mature = (known > 0) & (known < MATURE), known >= MATURE
    for group in HORIZON_GROUPS:
        columns = np.array(group) - 1
        if np.isfinite(errors[mature][:, columns]).sum() < 10 * len(group):
            continue
        sigma = np.sqrt(np.nanmean(errors[mature][:, columns] ** 2))
        if sigma == 0.0:
            continue
        excess = np.minimum((errors[young][:, columns] / sigma) ** 2, 16.0) - 1.0
        x = np.where(np.isfinite(excess), 1.0 / known[young][:, None], 0.0) / len(group)
        total = np.nansum(excess * x) + YOUTH_WEIGHT * YOUTH
        youth[columns] = max(total / (np.sum(x / known[young][:, None]) + YOUTH_WEIGHT), 0.0)
    return youth


def _terms(level: Array, centre: float, width: float) -> Array:
    z = np.clip((np.nan_to_num(level, nan=centre) - centre) / width, -3.0, 3.0)
    return np.column_stack([z, z**2 - 1.0])


def _by_level(relative: Array, terms: Array) -> tuple[float, float]:
    """Slope and curve of log scale: penalised Newton steps on Σ log s + |e|/s, the Laplace likelihood."""
    known = np.isfinite(relative)
    count = known.sum(axis=1) / OVERLAP
    rows = np.flatnonzero(count > 0)
    mean = np.nansum(relative[rows], axis=1) / known[rows].sum(axis=1)
    x, count = np.column_stack([np.ones(len(rows)), terms[rows]]), count[rows]
    penalty, beta = np.diag([1e-6, LEVEL_PENALTY, LEVEL_PENALTY]), np.zeros(3)
    for _ in range(6):
        over = mean / np.exp(x @ beta)
        slope = x.T @ (count * (over - 1.0)) - penalty @ beta
        bend = (x * (count * np.maximum(over, 0.3))[:, None]).T @ x + penalty
        beta = np.clip(beta + np.linalg.solve(bend, slope), -0.7, 0.7)
    return float(beta[1]), float(beta[2])
