"""Is normality refuted? The Shapiro–Francia test, which coarse gauges do not mislead.

W′ is the squared correlation of the values with their normal scores (Shapiro & Francia 1972); 1 − W′ is
nearly lognormal (Royston 1993, Statistics and Computing 3). Equal values share the mean of their scores,
so rounding moves both alike: a normal process read on a coarse gauge is refuted no more often than on a
fine one.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from features.capability.constants import Floats, Ints
from features.capability.samples import Flags, Samples

FEWEST = 8
"""Below this many values nothing is said."""
_MOST = 5000
"""Royston's approximation ends here; longer records are judged as if they had this many values."""
FALSE_ALARM = 0.01
"""Chance that any normal characteristic of an enterprise is called not normal, at most.

It is small, because percentiles of a process that is normal after all are several times as uncertain.
"""


def p_normal(samples: Samples, scores: Floats) -> Floats:
    """Return the p-value of normality per characteristic; NaN below `FEWEST` values or without spread."""
    n = samples.n.astype(np.float64)
    centred = scores - _mean(samples, scores)[samples.characteristic]
    common = samples.sums(centred * samples.deviations)
    size = samples.sums(centred**2) * samples.squares
    with np.errstate(invalid="ignore", divide="ignore"):
        unexplained = np.clip(1 - common**2 / size, 1e-15, 1)
        u = np.log(np.clip(n, FEWEST, _MOST))
        v = np.log(u)
        expected, spread = -1.2725 + 1.0521 * (v - u), 1.0308 - 0.26758 * (v + 2 / u)
        p = ndtr(-(np.log(unexplained) - expected) / spread)
    return np.where((samples.n >= FEWEST) & (size > 0), p, np.nan)


def refuted(p_values: Floats, family: Ints, false_alarm: float = FALSE_ALARM) -> Flags:
    """Return which characteristics are not normal; `family` is the number of each's enterprise (Šidák)."""
    size = np.bincount(family)[family]
    counts: Flags = p_values < -np.expm1(np.log1p(-false_alarm) / size)
    return counts


def _mean(samples: Samples, of_values: Floats) -> Floats:
    return samples.sums(of_values) / np.maximum(samples.n, 1)
