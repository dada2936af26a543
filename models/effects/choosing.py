"""Which shape and which echo the data show for each lever.

Echoes are averaged by how well each explains the prediction errors (Bayesian model averaging with flat odds:
Hoeting et al. 1999, *Statistical Science* 14), lever by lever, the others held. Of straight line, parabola
and spline a lever gets the one with the least chi-square plus `PRICE` for each bend.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from models.effects.links import FloatArray
from models.effects.panel import Flags
from models.effects.responses import BENDS, CURVES, ECHOES, Responses

SWEEPS: Final = 3
PRICE: Final = 5.0


class _Moments:
    """Sums of squares and products of one regression, asked many times for its residual sum of squares."""

    def __init__(self, y: FloatArray, x: FloatArray) -> None:
        self.xx, self.xy, self.yy, self.rows = x.T @ x, x.T @ y, float(y @ y), len(y)

    def left(self, mix: FloatArray) -> float:
        """Residual sum of squares of y on x @ mix."""
        cross = mix.T @ self.xy
        moments = mix.T @ self.xx @ mix
        moments[np.diag_indices_from(moments)] += 1e-6 * float(np.trace(moments)) / len(moments) + 1e-9
        return self.yy - float(cross @ np.linalg.solve(moments, cross))


def choose(y: FloatArray, x: FloatArray, blank: Responses, curved: bool) -> tuple[Responses, FloatArray]:
    """(responses with the columns and echoes that the data leave, mix (columns of x, K)).

    `x` (n, J·echoes·(1 + BENDS) + C) in the order of `models.effects.residuals`; `blank` has every column.
    """
    moments = _Moments(y, x)
    kept = blank.bend == 0
    echo = np.zeros_like(blank.echo)
    echo[:, 0] = 1.0
    for _ in range(SWEEPS):
        for lever in range(len(echo)):
            if curved:
                kept = _reshape(moments, blank, kept, echo, lever)
            echo = _reweigh(moments, blank, kept, echo, lever)
    chosen = replace(blank, lever=blank.lever[kept], bend=blank.bend[kept], size=blank.size[kept], echo=echo)
    return chosen, _mix(blank, kept, echo)


def _mix(blank: Responses, kept: Flags, echo: FloatArray) -> FloatArray:
    """How the kept columns are put together from all that were tried, in units of their size."""
    levers, around = len(echo), int((blank.lever < 0).sum())
    tried = levers * len(ECHOES) * (1 + BENDS)
    mix = np.zeros((tried + around, len(blank.lever)))
    for k, (lever, bend) in enumerate(zip(blank.lever, blank.bend, strict=True)):
        if lever < 0:
            mix[tried + k - levers * (1 + BENDS), k] = 1 / blank.size[k]
            continue
        at = (lever * len(ECHOES) + np.arange(len(ECHOES))) * (1 + BENDS) + bend
        mix[at, k] = echo[lever] / blank.size[k]
    return mix[:, kept]


def _reweigh(moments: _Moments, blank: Responses, kept: Flags, echo: FloatArray, lever: int) -> FloatArray:
    left = []
    for one in np.eye(len(ECHOES)):
        tried = echo.copy()
        tried[lever] = one
        left.append(moments.left(_mix(blank, kept, tried)))
    chi = (np.array(left) - min(left)) / (min(left) / moments.rows)
    weights = np.exp(-0.5 * chi)
    answer = echo.copy()
    answer[lever] = weights / weights.sum()
    return answer


def _reshape(moments: _Moments, blank: Responses, kept: Flags, echo: FloatArray, lever: int) -> Flags:
    tried = [_shaped(blank, kept, lever, bends) for bends in CURVES]
    left = np.array([moments.left(_mix(blank, t, echo)) for t in tried])
    price = PRICE * np.array([len(bends) for bends in CURVES])
    return tried[int(np.argmin(left / (left.min() / moments.rows) + price))]


def _shaped(blank: Responses, kept: Flags, lever: int, bends: tuple[int, ...]) -> Flags:
    mine = blank.lever == lever
    return np.asarray(np.where(mine, (blank.bend == 0) | np.isin(blank.bend, bends), kept))
