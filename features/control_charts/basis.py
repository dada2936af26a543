"""What the limits of a chart rest on, and how wide they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from features.capability.samples import Flags
from features.control_charts.lines import THREE_SIGMA, Width
from features.control_charts.reading import ChartError
from features.control_charts.sigma import Standard


@dataclass(frozen=True)
class Basis:
    """The points of phase I, or a standard that is given, and the width of the limits.

    The limits rest on the points up to the day `until` (all without it), except those whose numbers (from 1)
    stand in `exclude` because their cause was found and removed; all points are drawn, and later ones are
    judged by the same limits (phase II). A given `centre` (of counts: the rate per unit) or `sigma` (of
    single values) takes the place of its estimate; with all that a chart needs given, no point is part of
    the baseline.
    """

    until: date | None = None
    exclude: tuple[int, ...] = ()
    centre: float | None = None
    sigma: float | None = None
    width: Width = THREE_SIGMA

    def baseline(self, moments: pd.Series, *, complete: bool) -> Flags:
        """Return which points the limits rest on; `complete` says that the standard is given as a whole.

        Raises:
            ChartError: a number in `exclude` is not that of a point.
        """
        wrong = [number for number in self.exclude if not 1 <= number <= len(moments)]
        if wrong:
            named = ", ".join(map(str, wrong))
            raise ChartError(f"exclude: found {named}; allowed are numbers of points, 1 to {len(moments)}")
        inside = np.full(len(moments), not complete)
        if self.until is not None:
            end = datetime.combine(self.until + timedelta(days=1), time.min)
            inside &= np.asarray(moments < end, dtype=bool)
        inside[np.asarray(self.exclude, dtype=np.int64) - 1] = False
        return inside

    def standard(self) -> Standard:
        """Return what is given of centre and σ, NaN for what is to be estimated.

        Raises:
            ChartError: a centre that is no number, or a σ that is not above 0.
        """
        if self.centre is not None and not np.isfinite(self.centre):
            raise ChartError(f"centre: found {self.centre}; allowed is a number")
        if self.sigma is not None and not 0 < self.sigma < np.inf:
            raise ChartError(f"sigma: found {self.sigma}; allowed is a number above 0")
        given = [np.nan if value is None else value for value in (self.centre, self.sigma)]
        return Standard(np.array(given[:1], dtype=np.float64), np.array(given[1:], dtype=np.float64))


WHOLE = Basis()
"""Every point, three standard errors."""
