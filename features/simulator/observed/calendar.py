"""Where in a month things happen."""

import numpy as np

from features.simulator.observed.columns import Moments
from features.simulator.streams import Array, Whole


def month_labels(first: int, months: int) -> list[str]:
    """'YYYY-MM' of each month; `first` counts year·12 + month − 1."""
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(first, first + months)]


def within_month(first: int, t: Whole, share: Array) -> Moments:
    """The minute at `share` (0–1) of month t, in working hours 8–20."""
    start = np.datetime64("1970-01", "M") + (first - 1970 * 12 + t)
    days = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    place = share * days
    day = np.minimum(np.floor(place), days - 1)
    minute = 8 * 60 + np.floor((place - np.floor(place)) * 720)
    return np.asarray(start.astype("datetime64[m]") + (day * 1440 + minute).astype(np.int64))
