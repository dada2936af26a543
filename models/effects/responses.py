"""From a lever's settings to what may act: its shape over the range, and how long it echoes.

Shape: a straight line and, where the data show it, a parabola about the sector's middle (a best place), one
about the line's own usual place (more of the same does less, or more), or a restricted cubic spline (Harrell
2015, *Regression Modeling Strategies*, sect. 2.4), straight beyond the outer knots (saturation). Echo: a
share c of an effect stays from one period to the next (geometric lags, Koyck 1954), after the lead that the
parameter names.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.links import FloatArray
from models.effects.panel import Flags, IntArray

SURROUNDING: Final = -1
PAIR: Final = -2
"""What stands for a lever in the column of a surrounding, and in one that is a product of two levers."""

ECHOES: Final = (0.0, 0.25, 0.45, 0.65, 0.8)
KNOTS: Final = (0.05, 0.35, 0.65, 0.95)
BENDS: Final = len(KNOTS)
OWN: Final = 4
CURVES: Final = ((), (1,), (2, 3), (OWN,))
"""Which bends a lever may have: none, the sector's parabola, the spline's two, the line's own parabola."""


@dataclass(frozen=True)
class Responses:
    """K columns made of J levers, C surroundings and products of two levers (the last ones).

    `lever` (K,) is `SURROUNDING` or `PAIR` where a column is no lever's, `pairs` the levers (pairs, 2) of the
    products, `bend` (K,) 0 for the straight part, 1 for the sector's parabola, 2
    and 3 for the spline's, 4 for the line's own parabola. A column is its part of z divided by `size` (K,).
    `centre`, `scale`, `lead` (J,); `knots` (J, 4) and `usual` (E, J), every line's usual place, in z; `echo`
    (J, len(ECHOES)) weights of the echoes that the data leave possible, adding up to one.
    """

    lever: IntArray
    bend: IntArray
    size: FloatArray
    centre: FloatArray
    scale: FloatArray
    lead: IntArray
    knots: FloatArray
    usual: FloatArray
    echo: FloatArray
    pairs: IntArray

    def contrast(self, lever: int, before: float, after: float, enterprise: int | None = None) -> FloatArray:
        """What a lasting move of one lever (its unit) on one line does to the K columns in the end: multiply
        by effects to get the change of the outcome's link. Without a line: on one that usually stands
        between.
        """
        ends = (np.array([before, after]) - self.centre[lever]) / self.scale[lever]
        usual = float(ends.mean()) if enterprise is None else float(self.usual[enterprise, lever])
        parts = shapes(ends, self.knots[lever], usual)
        moved = parts[1] - parts[0]
        mine = self.lever == lever
        return np.where(mine, moved[np.where(mine, self.bend, 0)], 0.0) / self.size

    def joint(self, pair: tuple[int, int], ends: FloatArray, enterprise: int) -> FloatArray:
        """What moving two levers at once adds in the columns (K,) that are their products; `ends` (2, 2):
        their places (rows: levers; columns: before, after) in their units.
        """
        at = list(pair)
        z = (ends - self.centre[at][:, None]) / self.scale[at][:, None] - self.usual[enterprise, at][:, None]
        product = float(z[0, 1] * z[1, 1] - z[0, 0] * z[1, 0])
        mine = np.zeros(len(self.lever), dtype=np.bool_)
        mine[len(self.lever) - len(self.pairs) :] = (self.pairs == np.sort(at)).all(axis=1)
        return np.where(mine, product, 0.0) / self.size

    def straight(self) -> dict[int, int]:
        """Levers that act along a straight line, each with its column."""
        bent = set(self.lever[self.bend > 0].tolist())
        lines = np.flatnonzero((self.lever >= 0) & (self.bend == 0))
        return {int(self.lever[k]): int(k) for k in lines if int(self.lever[k]) not in bent}

    def own_square(self, lever: int, before: float, after: float, enterprise: int) -> float:
        """Change of the square of a lever's distance from the line's usual place, in z², by a move."""
        ends = (np.array([before, after]) - self.centre[lever]) / self.scale[lever]
        away = (ends - self.usual[enterprise, lever]) ** 2
        return float(away[1] - away[0])

    def arrival(self, lever: int, periods: int) -> FloatArray:
        """Share (periods,) of a lasting move's full effect that is there 1, 2, … periods after it."""
        after = np.maximum(np.arange(1, periods + 1) - self.lead[lever], 0)
        kept = np.asarray(ECHOES)[:, None] ** after
        return np.asarray(self.echo[lever] @ np.where(after > 0, 1 - kept, 0.0))


def shapes(z: FloatArray, knots: FloatArray, usual: float) -> FloatArray:
    """(…, 1 + BENDS): z itself, its square about the middle, the spline's curved parts, which are straight
    beyond the outer knots, and its square about the line's usual place.
    """
    first, *middle, before, last = knots
    width = max((last - first) ** 2, 1e-12)

    def cube(at: float) -> FloatArray:
        return np.asarray(np.maximum(z - at, 0.0) ** 3)

    bent = [
        (
            cube(k)
            - cube(before) * (last - k) / max(last - before, 1e-9)
            + cube(last) * (before - k) / max(last - before, 1e-9)
        )
        / width
        for k in (first, *middle)
    ]
    middle_of_all = float(knots.mean())
    return np.stack([z, (z - middle_of_all) ** 2, *bent, (z - usual) ** 2], axis=-1)


def knots_of(z: FloatArray, has: Flags) -> FloatArray:
    """(J, 4) quantiles of each lever's z (E, J, T) over the enterprises that have it."""
    rows = []
    for j in range(z.shape[1]):
        seen = z[has[:, j], j].ravel()
        rows.append(np.quantile(seen, KNOTS) if seen.size else np.array([-1.5, -0.5, 0.5, 1.5]))
    return np.array(rows).reshape(-1, len(KNOTS))


def led(z: FloatArray, lead: int) -> FloatArray:
    """z (…, T) as it is felt `lead` periods later; before the first period it stood as in it."""
    if lead <= 0:
        return z
    return np.concatenate([np.repeat(z[..., :1], lead, axis=-1), z[..., :-lead]], axis=-1)


def echoing(share: float, periods: int) -> FloatArray:
    """(T, T): what remains of a past in which a share of each period's effect stays for the next; before the
    first period all stood as in it.
    """
    at = np.arange(periods)
    weights = np.tril((1 - share) * share ** np.maximum(at[:, None] - at, 0).astype(np.float64))
    weights[:, 0] += share ** (at + 1.0)
    return np.asarray(weights)
