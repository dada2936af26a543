"""Errors in the levers: what a gauge and few readings add to a period's level, and what they take from an effect.

A regression on a noisy level is attenuated; once history is partialled out, a persistent lever has little variance left and
the noise is a much larger share of it. With error variance s² known, the moments are corrected by subtracting it
(Fuller 1987, *Measurement Error Models*, ch. 2; Carroll, Ruppert, Stefanski & Crainiceanu 2006, ch. 3 and 4).
"""

from typing import Final

import numpy as np
import pandas as pd

from models.effects.kalman import lagged
from models.effects.links import FloatArray
from models.effects.nuisance import IntArray
from models.effects.panel import EffectTable, Panel

DEFAULT_READINGS: Final = 4.0
MOST_PASSING: Final = 0.7


def error_variance(panel: Panel, table: EffectTable, readings: pd.DataFrame | None = None) -> FloatArray:
    """Variance (E, J), in the lever's unit squared, of the error of one period's level.

    gauge_sd² ÷ readings where a gauge study is on record, else the spread of repeated readings within the period, squared,
    ÷ readings: an upper bound, for real change within the period is in it too. `readings`: columns enterprise_id,
    parameter_id, readings (typical number per period); without it four are assumed.
    """
    gauge = _lookup(panel, table.parameters, "gauge_sd")
    count = np.full(gauge.shape, np.nan) if readings is None else _lookup(panel, readings, "readings")
    per_period = np.where(np.isfinite(count) & (count > 0), count, DEFAULT_READINGS)
    return np.asarray(np.nan_to_num(np.where(np.isfinite(gauge), gauge, _repeat_sd(panel))) ** 2 / per_period)


def passing_share(z: FloatArray, who: IntArray) -> FloatArray:
    """Share (C,) of the variance of surroundings z (n, C; less their plant's mean) that does not last from a period to the next.

    A context parameter is mostly wanted as a proxy of something hidden that lasts (the material, the weather, the crew). Taken as
    an AR(1) seen with error, the lasting part has variance γ₁²/γ₂; the rest is read as error, so that the proxy stands for what
    hides behind it (a proximal control in the sense of Miao, Geng & Tchetgen Tchetgen 2018, *Biometrika* 105). Nothing is taken
    for error where the memory is too weak to tell.
    """
    seen = np.isfinite(z)
    power = np.nansum(z**2, axis=0) / np.maximum(seen.sum(axis=0), 1)
    memory = [_mean_product(lagged(z, who, k), z) / np.maximum(power, 1e-12) for k in (1, 2)]
    least = 3 / np.sqrt(np.maximum(seen.sum(axis=0), 1))
    lasting = memory[0] ** 2 / np.maximum(memory[1], 1e-12)
    return np.where((memory[0] > least) & (memory[1] > least), np.clip(1 - lasting, 0.0, MOST_PASSING), 0.0)


def _mean_product(a: FloatArray, b: FloatArray) -> FloatArray:
    both = np.isfinite(a) & np.isfinite(b)
    return np.asarray(np.where(both, a * b, 0.0).sum(axis=0) / np.maximum(both.sum(axis=0), 1))


def _lookup(panel: Panel, rows: pd.DataFrame, column: str) -> FloatArray:
    if column not in rows:
        return np.full((len(panel.enterprises), len(panel.levers)), np.nan)
    wide = rows.pivot_table(
        index="enterprise_id", columns="parameter_id", values=column, aggfunc="first", dropna=False
    )
    return wide.astype(float).reindex(index=panel.enterprises, columns=panel.levers).to_numpy(np.float64)


def _repeat_sd(panel: Panel) -> FloatArray:
    """Root mean square of the within-period standard deviation per enterprise × lever, NaN where readings never repeat."""
    sums, counts = (
        np.zeros((len(panel.enterprises), len(panel.levers))),
        np.zeros((len(panel.enterprises), len(panel.levers))),
    )
    np.add.at(sums, panel.who, np.nan_to_num(panel.spread) ** 2)
    np.add.at(counts, panel.who, np.isfinite(panel.spread))
    return np.sqrt(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan))
