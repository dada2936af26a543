"""Interactions: two levers of one step that do more, or less, together than each alone.

Every pair of levers that act on the same series is tried as the product of their distances from where the
line usually stands. A pair stays where the data ask for it: its chi-square on top of everything else must
reach `PRICE` (p about 0.0005, so that a dozen pairs rarely leave one in by chance).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.effects.calibration import Settings
from models.effects.links import FloatArray
from models.effects.panel import IntArray, Panel
from models.effects.responses import PAIR, Responses, led
from models.effects.series import Series

PRICE: Final = 12.0
LEAST_SERIES: Final = 3


@dataclass(frozen=True)
class Products:
    """Columns (S, T, P) of products, and the levers (P, 2) they are made of."""

    columns: FloatArray
    levers: IntArray


def products(panel: Panel, settings: Settings, series: Series, whitener: FloatArray) -> Products:
    """Prediction errors of the products of every pair that acts on `LEAST_SERIES` series or more."""
    j = len(panel.levers)
    both = [(a, b) for a in range(j) for b in range(a + 1, j)]
    kept = [p for p in both if (series.acts[:, p[0]] & series.acts[:, p[1]]).sum() >= LEAST_SERIES]
    columns = np.zeros((*series.known.shape, len(kept)))
    for number, (a, b) in enumerate(kept):
        for i in np.flatnonzero(series.acts[:, a] & series.acts[:, b]):
            product = _away(panel, settings, int(series.who[i]), a) * _away(
                panel, settings, int(series.who[i]), b
            )
            columns[i, :, number] = np.einsum("tu,tu->t", whitener[i], product - np.diag(product).mean())
    return Products(columns, np.array(kept, dtype=np.int64).reshape(-1, 2))


def _away(panel: Panel, settings: Settings, enterprise: int, lever: int) -> FloatArray:
    """(T, T) a lever's distance from its usual place, in z, as known at each period."""
    known = led(settings.known_at[enterprise, lever], int(panel.lead[lever]))
    return np.asarray(known - settings.usual[enterprise, lever])


def with_pairs(
    y: FloatArray, d: FloatArray, tried: FloatArray, levers: IntArray, responses: Responses
) -> tuple[FloatArray, Responses]:
    """(d with the products (n, P) that earn their place, responses that know them)."""
    for _ in range(tried.shape[1]):
        gains = _gains(y, d, tried)
        if not gains.size or gains.max() < PRICE:
            break
        best = int(gains.argmax())
        size = max(float(np.sqrt((tried[:, best] ** 2).mean())), 1e-9)
        d = np.column_stack([d, tried[:, best] / size])
        responses = _knowing(responses, levers[best], size)
        tried, levers = np.delete(tried, best, axis=1), np.delete(levers, best, axis=0)
    return d, responses


def _gains(y: FloatArray, d: FloatArray, tried: FloatArray) -> FloatArray:
    """Chi-square (P,) of each product on top of all that is in d."""
    q, _ = np.linalg.qr(np.column_stack([d, np.zeros((len(d), 0))]))
    left, apart = y - q @ (q.T @ y), tried - q @ (q.T @ tried)
    power = (apart**2).sum(axis=0)
    told = np.where(
        power > 1e-9 * (tried**2).sum(axis=0) + 1e-12, (apart.T @ left) ** 2 / np.maximum(power, 1e-12), 0.0
    )
    return np.asarray(told / max(float(left @ left) / len(y), 1e-12))


def _knowing(responses: Responses, pair: IntArray, size: float) -> Responses:
    return replace(
        responses,
        lever=np.append(responses.lever, PAIR),
        bend=np.append(responses.bend, 0),
        size=np.append(responses.size, size),
        pairs=np.vstack([responses.pairs, pair[None]]),
    )
