"""Errors in the levers: what a gauge and few readings add to a period's level, and what they take from an
effect.

A regression on a noisy level is attenuated; once history is partialled out, a persistent lever has little
variance left and the noise is a much larger share of it. With error variance s² known, the moments are
corrected by subtracting it (Fuller 1987, *Measurement Error Models*, ch. 2; Carroll, Ruppert, Stefanski &
Crainiceanu 2006, ch. 3 and 4).
"""

from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import FloatArray
from models.effects.panel import EffectTable, Panel

DEFAULT_READINGS: Final = 4.0


def error_variance(panel: Panel, table: EffectTable, readings: pd.DataFrame | None = None) -> FloatArray:
    """Variance (E, J), in the lever's unit squared, of the error of one period's level.

    gauge_sd² ÷ readings where a gauge study is on record, else the spread of repeated readings within the
    period, squared, ÷ readings: an upper bound, for real change within the period is in it too. `readings`:
    columns enterprise_id, parameter_id, readings (typical number per period); without it four are assumed.
    """
    gauge = _lookup(panel, table.parameters, "gauge_sd")
    count = np.full(gauge.shape, np.nan) if readings is None else _lookup(panel, readings, "readings")
    per_period = np.where(np.isfinite(count) & (count > 0), count, DEFAULT_READINGS)
    return np.asarray(np.nan_to_num(np.where(np.isfinite(gauge), gauge, _repeat_sd(panel))) ** 2 / per_period)


def _lookup(panel: Panel, rows: pd.DataFrame, column: str) -> FloatArray:
    if column not in rows:
        return np.full((len(panel.enterprises), len(panel.levers)), np.nan)
    wide = rows.pivot_table(
        index="enterprise_id", columns="parameter_id", values=column, aggfunc="first", dropna=False
    )
    return wide.astype(float).reindex(index=panel.enterprises, columns=panel.levers).to_numpy(np.float64)


def _repeat_sd(panel: Panel) -> FloatArray:
    """Root mean square of the within-period standard deviation per enterprise × lever, NaN where readings
    never repeat.
    """
    sums, counts = (
        np.zeros((len(panel.enterprises), len(panel.levers))),
        np.zeros((len(panel.enterprises), len(panel.levers))),
    )
    np.add.at(sums, panel.who, np.nan_to_num(panel.spread) ** 2)
    np.add.at(counts, panel.who, np.isfinite(panel.spread))
    return np.sqrt(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan))
