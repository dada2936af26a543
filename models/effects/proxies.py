"""Context parameters as proxies of something hidden: how much of them is only passing.

A context parameter is mostly wanted for what hides behind it and lasts (the material, the crew, the
weather). Taken as an AR(1) seen with error, its lasting part has variance γ₁²/γ₂ of its autocovariances; the
rest is read as error, so that in the final stage the proxy stands for what hides behind it (a proximal
control in the sense of Miao, Geng & Tchetgen Tchetgen 2018, *Biometrika* 105).
"""

from typing import Final

import numpy as np

from models.effects.kalman import lagged
from models.effects.links import FloatArray
from models.effects.nuisance import remove_common_time, within_enterprise
from models.effects.panel import Panel
from models.effects.treatments import spread_of

MOST_PASSING: Final = 0.7
SURE: Final = 3.0


def standardised(panel: Panel) -> FloatArray:
    """Surroundings (n, C) less their plant's own mean, in units of their spread."""
    around = within_enterprise(panel.surroundings, panel.who)
    return around / spread_of(around)


def passing_shares(panels: list[Panel]) -> dict[tuple[str, str], float]:
    """Share of the variance of each surrounding that does not last, by (frequency, parameter): all sectors
    tell of the same one.

    0 where the memory is too weak to tell (under `SURE` standard errors), at most `MOST_PASSING`.
    """
    sums: dict[tuple[str, str], FloatArray] = {}
    for panel in panels:
        z = remove_common_time(standardised(panel), panel.t)
        moments = np.stack([_moments(z, lagged(z, panel.who, k) if k else z) for k in (0, 1, 2)])
        for i, name in enumerate(panel.surrounding_names):
            key = (panel.frequency, name)
            sums[key] = sums.get(key, np.zeros((3, 2))) + moments[:, :, i]
    return {key: _share(total) for key, total in sums.items()}


def _moments(z: FloatArray, before: FloatArray) -> FloatArray:
    """(sum of products, number of pairs) per column, (2, C)."""
    both = np.isfinite(z) & np.isfinite(before)
    return np.stack([np.where(both, z * before, 0.0).sum(axis=0), both.sum(axis=0)])


def _share(total: FloatArray) -> float:
    power, one, two = total[:, 0] / np.maximum(total[:, 1], 1)
    least = SURE / np.sqrt(max(float(total[0, 1]), 1.0)) * power
    if min(one, two) <= least:
        return 0.0
    return float(np.clip(1 - one**2 / (two * power), 0.0, MOST_PASSING))
