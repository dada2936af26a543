"""How much of ridge, of LightGBM and of each simple baseline goes into the forecast.

The weights come from past out-of-sample errors only. A fixed grid of mixtures is scored in the target's own
unit; each mixture counts by how close its mean error is to the best one's, in standard errors over time
(months share shocks, so a month is one observation). With much evidence the best mixture wins, with little
the answer is an average of plausible ones: that is what shrinks a small panel without signal towards its
best simple baseline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.baselines import BASES
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.links import Array, Link
from models.forecast.mixture import COMPONENTS
from models.results import HORIZONS

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
BOOSTS = (0.0, 0.5, 1.0)
FEWEST_TIMES = 3
MOST_PAIRS = 8_000


def mixtures() -> Array:
    """m × 7 weights over `COMPONENTS`: baselines and ridge add up to one, boost is at most ridge's share."""
    rows = []
    for share in SHARES:
        for boost in BOOSTS if share > 0 else (0.0,):
            for base in range(len(BASES)) if share < 1 else (0,):
                row = np.zeros(len(COMPONENTS))
                row[base] += 1.0 - share
                row[-2:] = share, share * boost
                rows.append(row)
    return np.array(rows)


def default_weights(trust: float) -> Array:
    """12 × 7: before any evidence, ridge as far as it is trusted, and the two long means for the rest."""
    row = np.zeros(len(COMPONENTS))
    row[BASES.index("ew12")] = row[BASES.index("mean")] = (1.0 - trust) / 2.0
    row[COMPONENTS.index("ridge")] = trust
    return np.tile(row, (HORIZONS, 1))


def prior_belief(candidates: Array, trust: float) -> Array:
    """m weights of the mixtures before any evidence: ridge's share lies about `trust`, all else is equal."""
    share = candidates[:, COMPONENTS.index("ridge")]
    _, position, alike = np.unique(share, return_inverse=True, return_counts=True)
    return np.asarray(np.exp(-4.0 * (share - trust) ** 2) / alike[position], dtype=np.float64)


@dataclass(frozen=True)
class Evidence:
    """Past forecasts and what came: `bases` n × 5, the others n × 12 (`ridge` NaN where none was made).

    `actual` is in the target's unit, `arrival` the time of each target. `columns` is how many ridge has to
    learn.
    """

    link: Link
    bases: Array
    ridge: Array
    boost: Array
    actual: Array
    arrival: NDArray[np.int64]
    columns: int = 0

    def trust(self, until: int, horizon: float) -> float:
        """How far ridge is believed before its errors speak: n / (n + 5 columns √horizon), n the pairs it
        learned from.
        """
        n = float((np.isfinite(self.actual[:, 0]) & (self.arrival[:, 0] <= until)).sum())
        return n / (n + 5.0 * self.columns * np.sqrt(horizon)) if n else 0.0


def learn_weights(evidence: Evidence, until: int) -> Array:
    """12 × 7 weights from the errors whose target came at or before `until`."""
    weights = np.empty((HORIZONS, len(COMPONENTS)))
    usable = np.isfinite(evidence.ridge) & np.isfinite(evidence.actual) & (evidence.arrival <= until)
    for group in HORIZON_GROUPS:
        columns = np.array(group) - 1
        trust = evidence.trust(until, float(np.mean(group)))
        weights[columns] = default_weights(trust)[columns]
        rows, picked = np.nonzero(usable[:, columns])
        learned = _weigh(evidence, rows, columns[picked], len(group), trust)
        if learned is not None:
            weights[columns] = learned
    return weights


def _weigh(
    evidence: Evidence, rows: NDArray[np.int64], columns: NDArray[np.int64], overlap: int, trust: float
) -> Array | None:
    step = max(1, len(rows) // MOST_PAIRS)
    rows, columns = rows[::step], columns[::step]
    times, position = np.unique(evidence.arrival[rows, columns], return_inverse=True)
    if len(times) < FEWEST_TIMES:
        return None
    parts = np.column_stack(
        [evidence.bases[rows], evidence.ridge[rows, columns], evidence.boost[rows, columns]]
    )
    candidates = mixtures()
    actual = evidence.actual[rows, columns]
    errors = np.abs(evidence.link.inverse(parts @ candidates.T) - actual[:, None])
    belief = _by_closeness(errors, position, len(times), overlap) * prior_belief(candidates, trust)
    return np.asarray(belief / belief.sum() @ candidates)


def _by_closeness(errors: Array, position: NDArray[np.intp], times: int, overlap: int) -> Array:
    """exp(−z²/2) of m mixtures, z = the distance to the best mixture in standard errors over time."""
    by_time = np.stack([np.bincount(position, e, minlength=times) for e in errors.T]) / len(position)
    best = int(np.argmin(by_time.sum(axis=1)))
    worse = by_time - by_time[best]
    spread = np.sqrt(
        np.sum((worse - worse.mean(axis=1, keepdims=True)) ** 2, axis=1) * (1.0 + np.log(overlap))
    )
    z = worse.sum(axis=1) / np.maximum(spread, 1e-12 + 1e-3 * by_time[best].sum())
    return np.asarray(np.exp(-0.5 * z**2), dtype=np.float64)
