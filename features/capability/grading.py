"""Which indices a characteristic gets: normal or by percentiles, within or overall, and how sure they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.capability.constants import Floats, Ints
from features.capability.indices import bissell, cpm, expected_outside, indices, target
from features.capability.outliers import resolution
from features.capability.percentiles import FEWEST, Fitted, fit, geometric, interval, share_below
from features.capability.ranks import Block, Ranked
from features.capability.samples import Flags, Samples
from features.capability.spread import Within

_CHUNK = 2000


class Limits(NamedTuple):
    """Lower and upper limit and nominal value per characteristic; NaN where there is none."""

    lsl: Floats
    usl: Floats
    nominal: Floats

    @classmethod
    def of(cls, characteristics: pd.DataFrame) -> Limits:
        """Read the limits of a table of characteristics, which may lack `nominal`."""
        names = ["lsl", "usl", "nominal"]
        numbers = characteristics.reindex(columns=names).to_numpy(dtype=np.float64, na_value=np.nan)
        return cls(*numbers.T)

    def at(self, members: Ints) -> Limits:
        """Return the limits of some characteristics."""
        return Limits(*(each[members] for each in self))


class Graded(NamedTuple):
    """The columns of `assess` that say how capable a characteristic is."""

    cp: Floats
    cpk: Floats
    cpk_low: Floats
    cpk_high: Floats
    pp: Floats
    ppk: Floats
    ppk_low: Floats
    ppk_high: Floats
    cpm: Floats
    method: NDArray[Any]
    distribution: NDArray[Any]
    q_low: Floats
    q_mid: Floats
    q_high: Floats
    expected_outside: Floats
    observed_outside: Floats


def graded_indices(
    samples: Samples, within: Within, ranks: Ranked, limits: Limits, refuted: Flags, stable: Flags
) -> Graded:
    """Return the indices of normal characteristics, and over them those by percentiles where normality is
    refuted.
    """
    found = _normal(samples, _visible(samples, within, ranks), limits)
    for block in ranks.blocks:
        members = np.flatnonzero(refuted[block.members])
        if block.n >= FEWEST:
            for start in range(0, len(members), _CHUNK):
                _by_percentiles(found, block, members[start : start + _CHUNK], limits, stable)
    return found


def _visible(samples: Samples, within: Within, ranks: Ranked) -> Within:
    """Take σ overall for σ within where the gauge's step exceeds it: such a gauge shows no variation within.

    Most steps between neighbours are then zero, and a moving range would flatter the process without end.
    """
    coarse = resolution(samples, ranks) > samples.sd_overall
    return replace(within, sd=np.where(coarse, samples.sd_overall, within.sd))


def _normal(samples: Samples, within: Within, limits: Limits) -> Graded:
    lsl, usl, nominal = limits
    short = indices(samples.mean, within.sd, lsl, usl)
    long = indices(samples.mean, samples.sd_overall, lsl, usl)
    width = 3 * samples.sd_overall
    return Graded(
        short.spread,
        short.nearest,
        *bissell(short.nearest, samples.n),
        long.spread,
        long.nearest,
        *bissell(long.nearest, samples.n),
        cpm(samples.mean, within.sd, lsl, usl, target(nominal, lsl, usl)),
        np.full(samples.count, "normal", dtype=object),
        np.where(samples.n >= FEWEST, "normal", np.array(None)),
        samples.mean - width,
        samples.mean.copy(),
        samples.mean + width,
        _sum_of_known(*expected_outside(samples.mean, within.sd, lsl, usl)),
        _observed(samples, lsl, usl),
    )


def _by_percentiles(found: Graded, block: Block, rows: Ints, limits: Limits, stable: Flags) -> None:
    """Write over what does not rest on normality; of a stable process that is everything."""
    members = block.members[rows]
    lsl, usl, nominal = limits.at(members)
    fitted = fit(block.ordered[rows])
    low, mid, high = _bounded(fitted.points, block.ordered[rows, 0], lsl)
    index = geometric(low, mid, high, lsl, usl)
    _, nearest = interval(fitted, lsl, usl)
    overall = (index.spread, index.nearest, *nearest)
    for name, values in zip(("pp", "ppk", "ppk_low", "ppk_high"), overall, strict=True):
        getattr(found, name)[members] = values
    for name, values in zip(("q_low", "q_mid", "q_high"), (low, mid, high), strict=True):
        getattr(found, name)[members] = values
    found.method[members] = "percentile"
    found.distribution[members] = fitted.names()
    found.expected_outside[members] = _fitted_outside(fitted, lsl, usl)
    kept = stable[members]
    for name, values in zip(("cp", "cpk", "cpk_low", "cpk_high"), overall, strict=True):
        getattr(found, name)[members[kept]] = values[kept]
    taguchi = cpm(mid, (high - low) / 6, lsl, usl, target(nominal, lsl, usl))
    found.cpm[members[kept]] = taguchi[kept]


def _bounded(points: Floats, least: Floats, lsl: Floats) -> tuple[Floats, Floats, Floats]:
    """Keep the low point from being negative where no value is and no limit stands below."""
    low, mid, high = points.T
    return np.where(np.isnan(lsl) & (least >= 0), np.maximum(low, 0.0), low), mid, high


def _fitted_outside(fitted: Fitted, lsl: Floats, usl: Floats) -> Floats:
    return _sum_of_known(share_below(fitted, lsl), 1 - share_below(fitted, usl))


def _observed(samples: Samples, lsl: Floats, usl: Floats) -> Floats:
    owner, value = samples.characteristic, samples.values  # noqa: PD011 - ours, not of pandas
    outside = samples.sums((value < lsl[owner]) | (value > usl[owner]))
    return outside / np.where(samples.n > 0, samples.n, np.nan)


def _sum_of_known(one: Floats, other: Floats) -> Floats:
    """Add two shares, one of which may not apply."""
    return np.where(np.isnan(one), other, one + np.nan_to_num(other))
