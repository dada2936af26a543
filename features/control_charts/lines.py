"""What every control chart consists of: points, a centre line, and limits of a stated width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from features.capability.constants import Floats
from features.capability.samples import Flags
from features.control_charts.series import Series


class WidthError(ValueError):
    """A width of control limits that is none."""


class Width(NamedTuple):
    """How far the limits stand from the centre: in standard errors, or by the probability between them.

    With `confidence` (between 0 and 1) the limits are quantiles of the statistic's own distribution (normal,
    range, χ, binomial, Poisson, geometric) and `sigmas` is not used.
    """

    sigmas: float = 3.0
    confidence: float | None = None

    @property
    def factor(self) -> float:
        """Standard errors of a normal statistic."""
        return self.sigmas if self.confidence is None else float(ndtri(1 - self.tail))

    @property
    def tail(self) -> float:
        """Probability beyond one of the limits, where `confidence` is given."""
        return (1 - (self.confidence or 0.0)) / 2

    def checked(self) -> Width:
        """Return itself; raise `WidthError` for a width that is not positive or a level outside 0 … 1."""
        if self.confidence is not None and not 0 < self.confidence < 1:
            raise WidthError(f"confidence: found {self.confidence}; allowed is a number between 0 and 1")
        if not 0 < self.sigmas < np.inf:
            raise WidthError(f"sigmas: found {self.sigmas}; allowed is a number above 0")
        return self


THREE_SIGMA = Width()


@dataclass(frozen=True)
class Lines:
    """Many charts at once, point after point.

    `series` holds the charted statistic; `centre`, `lcl`, `ucl` and `error` (standard error of the
    statistic, the unit of the zones) have one number per point and are NaN where nothing can be said. What
    outgrows a double becomes infinite or NaN without a warning, and so has no limits.
    """

    series: Series
    centre: Floats
    lcl: Floats
    ucl: Floats
    error: Floats

    @cached_property
    @np.errstate(all="ignore")
    def z(self) -> Floats:
        """Distance of each point to the centre line in standard errors: zones also where limits vary."""
        return np.asarray((self.series.values - self.centre) / np.where(self.error > 0, self.error, np.nan))

    @cached_property
    def beyond(self) -> Flags:
        """Whether a point lies outside its limits; a point on a limit does not."""
        return self.above | self.below

    @cached_property
    def above(self) -> Flags:
        """Whether a point lies above its upper limit."""
        outside: Flags = self.series.values > self.ucl
        return outside

    @cached_property
    def below(self) -> Flags:
        """Whether a point lies below its lower limit."""
        outside: Flags = self.series.values < self.lcl
        return outside


def around(
    series: Series,
    centre: Floats,
    error: Floats,
    width: Width = THREE_SIGMA,
    least: float = -np.inf,
    most: Floats | float = np.inf,
) -> Lines:
    """Return lines at centre ± width · error, cut off at `least` and `most`; one number per point each."""
    error = np.where(error > 0, error, np.nan)
    half = width.checked().factor * error
    low, high = np.maximum(centre - half, least), np.minimum(centre + half, most)
    return Lines(series, centre, low, high, error)


def between(series: Series, centre: Floats, error: Floats, low: Floats, high: Floats) -> Lines:
    """Return lines with limits of their own; NaN where there is no spread."""
    error = np.where(error > 0, error, np.nan)
    known = np.isfinite(error)
    return Lines(series, centre, np.where(known, low, np.nan), np.where(known, high, np.nan), error)
