"""How fast one caller may ask: a bucket of a minute's requests that fills evenly. For one event loop."""

from __future__ import annotations

import math
from time import monotonic
from typing import Final

MOST: Final = 20_000
"""Callers that are remembered."""


class Pace:
    """So many requests a minute for each caller; 0 is no limit."""

    def __init__(self, per_minute: int) -> None:
        """Let everybody begin with a full bucket."""
        self._most, self._each = float(per_minute), per_minute / 60
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, who: str) -> int:
        """Take one; return 0 if there was one, else the seconds until there is."""
        if not self._most:
            return 0
        now = monotonic()
        left, at = self._left.get(who, (self._most, now))
        left = min(self._most, left + (now - at) * self._each)
        if left < 1:
            return max(1, math.ceil((1 - left) / self._each))
        if len(self._left) >= MOST and who not in self._left:
            self._left.clear()
        self._left[who] = (left - 1, now)
        return 0
