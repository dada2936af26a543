"""Where levers really stood: what noisy readings up to a period let one expect of the level in that period.

A regression on noisy levels is attenuated. Regression calibration puts in their place the expectation of the
true level given the readings (Carroll, Ruppert, Stefanski & Crainiceanu 2006, *Measurement Error in
Nonlinear Models*, ch. 4): its error is of Berkson's kind and leaves slopes and curves unbiased. Only readings
up to the period count, for later ones already answer the quality of that period.

The error variance of a period's level is the spread of repeated readings within the period, squared, over
their number; where readings never repeat, the gauge's variance from an R&R study.

A surrounding is left as it was read, and the variance of its error is handed on to be taken off the moments
(Fuller 1987, *Measurement Error Models*, ch. 2): levers tell of it too, so that putting its expectation in
its place would leave part of what it confounds. It stands for what hides behind it and lasts (the material,
the crew); what of it passes within a period, the nugget of its variogram, is error
(a proximal control, Miao, Geng & Tchetgen Tchetgen 2018, *Biometrika* 105).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import FloatArray
from models.effects.panel import EffectTable, Flags, Panel

DEFAULT_READINGS: Final = 4.0
LEAST_READ: Final = 6
MEMORY: Final = (0.2, 0.95)
LEAST_TRUE: Final = 0.15
"""A level's own variance is never taken for less than this share of what was read."""

DIFFUSE: Final = 9.0
MOST_PASSING: Final = 0.7
SURE: Final = 3.0
LAGS: Final = 6


@dataclass(frozen=True)
class Settings:
    """Expected levels of a panel in standard units: z = (level − `centre`) ÷ `scale`, both (K,).

    `z` (E, K, T) as known at the time, 0 where the enterprise has no such parameter (`has` (E, K));
    `known_at` (E, J, T, T): a lever's level of each period (last axis) as known at another; `reliability`
    (E, K): share of the readings' variance in time that is the level's own; `error` (E, C): variance of the
    surroundings' error, in their standard units squared.
    """

    z: FloatArray
    known_at: FloatArray
    has: Flags
    centre: FloatArray
    scale: FloatArray
    reliability: FloatArray
    error: FloatArray

    @property
    def usual(self) -> FloatArray:
        """(E, K) mean of z over time: where each line usually stands."""
        return np.asarray(self.z.mean(axis=2))


def error_variance(panel: Panel, table: EffectTable, readings: pd.DataFrame | None = None) -> FloatArray:
    """Variance (E, K), in the parameter's unit squared, of the error of one period's level.

    `readings`: columns enterprise_id, parameter_id, readings (typical number per period); without it four are
    assumed.
    """
    gauge = _lookup(panel, table.parameters, "gauge_sd")
    count = np.full(gauge.shape, np.nan) if readings is None else _lookup(panel, readings, "readings")
    per_period = np.where(np.isfinite(count) & (count > 0), count, DEFAULT_READINGS)
    return np.asarray(
        np.nan_to_num(np.where(np.isfinite(panel.spread), panel.spread, gauge)) ** 2 / per_period
    )


def _lookup(panel: Panel, rows: pd.DataFrame, column: str) -> FloatArray:
    names = [*panel.levers, *panel.surrounding_names]
    if column not in rows:
        return np.full((len(panel.enterprises), len(names)), np.nan)
    wide = rows.pivot_table(
        index="enterprise_id", columns="parameter_id", values=column, aggfunc="first", dropna=False
    )
    return wide.astype(float).reindex(index=list(panel.enterprises), columns=names).to_numpy(np.float64)


def calibrate(panel: Panel, error: FloatArray, passing: FloatArray | None = None) -> Settings:
    """Expected levels of every lever and surrounding of a panel.

    `error` (E, K) as `error_variance` gives it; `passing` (C,) the surroundings' passing shares.
    """
    levers = len(panel.levers)
    has = np.isfinite(panel.levels).sum(axis=2) >= LEAST_READ
    error = np.maximum(error, _passing_variance(panel, passing))
    parts = [_expected(panel.levels[:, k], error[:, k]) for k in range(panel.levels.shape[1])]
    periods = np.arange(panel.periods)
    ever = np.stack([p[0] for p in parts], axis=1) if parts else np.zeros((*has.shape, *[panel.periods] * 2))
    levels = ever[:, :, periods, periods]
    read = np.isfinite(panel.levels) & (np.arange(has.shape[1]) >= levers)[:, None]
    levels = np.where(read, panel.levels, levels)
    centre, scale = _units(levels, has)
    z = np.where(has[:, :, None], (levels - centre[:, None]) / scale[:, None], 0.0)
    known_at = (ever[:, :levers] - centre[:levers, None, None]) / scale[:levers, None, None]
    reliability = np.stack([p[1] for p in parts], axis=1) if parts else np.zeros(has.shape)
    error = (error / scale**2)[:, levers:]
    return Settings(z, known_at, has, centre, scale, reliability, error)


def _passing_variance(panel: Panel, passing: FloatArray | None) -> FloatArray:
    share = np.zeros(panel.levels.shape[1])
    if passing is not None:
        share[len(panel.levers) :] = passing
    variance = np.nan_to_num(_centred(panel.levels)[0] ** 2).sum(axis=2) / _count(panel.levels)
    return np.asarray(share * variance)


def _count(values: FloatArray) -> FloatArray:
    return np.asarray(np.maximum(np.isfinite(values).sum(axis=-1), 1), dtype=np.float64)


def _centred(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(values less their own mean in time, that mean)."""
    mean = np.nansum(values, axis=-1) / _count(values)
    return values - mean[..., None], mean


def _expected(levels: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(level (E, T, T) of each period, last axis, to be expected from readings up to another, reliability
    (E,)) of one parameter.

    A level with a mean nobody knows, an AR(1) around it, and white error. With L the Cholesky factor of the
    readings' covariance and C that of level and readings, each reading's surprise e adds (C·L⁻ᵀ)·e to what is
    known of every level.
    """
    x, mean = _centred(levels)
    known, x = np.isfinite(x), np.nan_to_num(x)
    total = (x**2).sum(axis=1) / _count(levels)
    own = np.maximum(total - error, LEAST_TRUE * total) + 1e-12
    wrong = np.where(known, np.maximum(error, 1e-4 * own)[:, None], 1e6 * own[:, None])
    at = np.arange(x.shape[1])
    level = own[:, None, None] * (_memory(x, known) ** np.abs(at[:, None] - at) + DIFFUSE)
    covariance = level.copy()
    covariance[:, at, at] += wrong
    root = np.linalg.cholesky(covariance)
    surprise = np.linalg.solve(root, x[:, :, None])
    tells = np.linalg.solve(root, level)
    learned = np.cumsum(tells * surprise, axis=1)
    return learned + mean[:, None, None], own / (own + error)


def _memory(x: FloatArray, known: Flags) -> float:
    """φ of an AR(1) seen with error: γ₂ ÷ γ₁, which the error does not touch."""
    one, two = (_product(x, known, k) for k in (1, 2))
    return float(np.clip(two / one if one > 0 else 0.0, *MEMORY))


def _product(x: FloatArray, known: Flags, lag: int) -> float:
    both = known[:, lag:] & known[:, :-lag]
    return float((x[:, lag:] * x[:, :-lag] * both).sum() / max(both.sum(), 1))


def _units(levels: FloatArray, has: Flags) -> tuple[FloatArray, FloatArray]:
    """Centre (K,) of the sector and scale (K,): root mean square of movements within plants."""
    seen = has[:, :, None] & np.isfinite(levels)
    count = np.maximum(seen.sum(axis=(0, 2)), 1)
    centre = np.where(seen, levels, 0.0).sum(axis=(0, 2)) / count
    around = np.where(seen, _centred(levels)[0], 0.0)
    scale = np.sqrt((around**2).sum(axis=(0, 2)) / count)
    return centre, np.where(scale > 1e-9, scale, 1.0)


def passing_shares(panels: list[Panel]) -> dict[tuple[str, str], float]:
    """Share of the variance of each surrounding that does not last, by (frequency, parameter): all sectors
    tell of the same one.

    0 where its memory is too weak to tell (under `SURE` standard errors), at most `MOST_PASSING`.
    """
    sums: dict[tuple[str, str], FloatArray] = {}
    for panel in panels:
        for c, name in enumerate(panel.surrounding_names):
            key, steps = (panel.frequency, name), _variogram(panel.levels[:, len(panel.levers) + c])
            sums[key] = sums.get(key, np.zeros(steps.shape)) + steps
    return {key: _share(total) for key, total in sums.items()}


def _variogram(levels: FloatArray) -> FloatArray:
    """(sum, number of pairs) of half squared differences at lags 1 … `LAGS`, less what all plants share."""
    x = _centred(levels)[0]
    known, x = np.isfinite(x), np.nan_to_num(x)
    x = x / max(float(np.sqrt((x**2).sum() / max(known.sum(), 1))), 1e-12)
    seen = known.sum(axis=0)
    x = (x - np.where(seen >= 5, x.sum(axis=0) / np.maximum(seen, 1), 0.0)) * known
    rows = []
    for lag in range(1, LAGS + 1):
        pairs = known[:, lag:] & known[:, :-lag]
        half = 0.5 * (x[:, lag:] - x[:, :-lag]) ** 2 * pairs
        rows.append([half.sum(), float(pairs.sum())])
    return np.array(rows)


def _share(total: FloatArray) -> float:
    """Nugget ÷ sill of the variogram n + s·(1 − φ^k), least squares over a grid of φ: it needs no mean."""
    if total[:, 1].min() < 1:
        return 0.0
    steps, lag = total[:, 0] / np.maximum(total[:, 1], 1), np.arange(1, LAGS + 1)
    fits = []
    for memory in np.linspace(0.3, 0.97, 68):
        design = np.column_stack([np.ones(LAGS), 1 - memory**lag])
        parts, *_ = np.linalg.lstsq(design, steps, rcond=None)
        fits.append((float(((steps - design @ parts) ** 2).sum()), memory, parts))
    _, memory, (nugget, lasting) = min(fits, key=lambda f: f[0])
    # by how much the variogram rises over the lags seen: `lasting` alone is a guess where memory is long
    risen = lasting * (memory - memory**LAGS)
    if risen * np.sqrt(total[0, 1]) < SURE or nugget <= 0:
        return 0.0
    return float(np.clip(nugget / (nugget + lasting), 0.0, MOST_PASSING))
