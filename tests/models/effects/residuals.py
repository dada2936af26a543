"""Residuals as they come out of partialling out, where there was nothing to partial out."""

import numpy as np

from models.effects.residuals import Residuals
from models.effects.responses import ECHOES, Responses


def plain(
    y: np.ndarray, d: np.ndarray, noise: float = 0.0, lines: int = 20, surroundings: int = 0
) -> Residuals:
    """Rows (n,), (n, K) of `lines` plants in turn, columns straight parts of levers, the last ones
    surroundings; every column with error variance `noise`.
    """
    n, k = d.shape
    levers = k - surroundings
    who, t = np.repeat(np.arange(lines), n // lines), np.tile(np.arange(n // lines), lines)
    responses = Responses(
        lever=np.concatenate([np.arange(levers), np.full(surroundings, -1)]),
        bend=np.zeros(k, dtype=np.int64),
        size=np.ones(k),
        centre=np.zeros(levers),
        scale=np.ones(levers),
        lead=np.zeros(levers, dtype=np.int64),
        knots=np.tile([-1.5, -0.5, 0.5, 1.5], (levers, 1)),
        usual=np.zeros((lines, levers)),
        echo=np.tile(np.eye(len(ECHOES))[0], (levers, 1)),
        pairs=np.zeros((0, 2), dtype=np.int64),
    )
    return Residuals(
        y=y,
        d=d,
        noise=np.full((n, k), noise),
        upstream=np.zeros((n, k)),
        who=who,
        series=who,
        t=t,
        responses=responses,
        predicted=np.zeros(k),
        enterprises=lines,
        squares=np.zeros((n, levers)),
    )
