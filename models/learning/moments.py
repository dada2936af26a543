"""Sums of products of a panel up to many times, in one pass: every target, horizon and refit shares them.

Σxxᵀ over the rows up to a time differs between two targets, or two horizons, only by the few rows whose value
to come is unknown. So it is summed once per panel, and those rows are taken off.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.forecast.links import Array
from models.forecast.panel import Index, Mask
from models.learning.ridge import Sums
from models.results import HORIZONS


class Moments:
    """Sums over the rows of `matrix` (n × p, at times `t`) that come no later than `edges` less a horizon."""

    def __init__(self, matrix: Array, t: Index, edges: Sequence[int]) -> None:
        self.matrix, self.edges = matrix, tuple(edges)
        self.order = np.argsort(t, kind="stable")
        times = t[self.order]
        self.cuts = sorted({edge - h for edge in self.edges for h in range(1, HORIZONS + 1)})
        self.ends = np.searchsorted(times, self.cuts, side="right")
        self.x, self.xx = self._running()

    def _running(self) -> tuple[list[Array], list[Array]]:
        width, start = self.matrix.shape[1], 0
        x, xx = np.zeros(width), np.zeros((width, width))
        all_x, all_xx = [], []
        for end in self.ends:
            if end > start:
                rows = self.matrix[self.order[start:end]]
                x, xx, start = x + rows.sum(axis=0), xx + rows.T @ rows, int(end)
            all_x.append(x)
            all_xx.append(xx)
        return all_x, all_xx

    def of(self, values: Array) -> list[list[Sums]]:
        """For each horizon and edge, the sums of the rows whose value (n × 12) came by then and is known."""
        known = np.isfinite(values)
        filled = np.where(known, values, 0.0)
        products = self._products(filled)
        return [
            self._of_horizon(h, known[:, h - 1], filled[:, h - 1], products) for h in range(1, HORIZONS + 1)
        ]

    def _products(self, filled: Array) -> list[Array]:
        """At each cut, Σ x·y of the rows up to it: p × 12."""
        total, start, out = np.zeros((self.matrix.shape[1], HORIZONS)), 0, []
        for end in self.ends:
            if end > start:
                rows = self.order[start:end]
                total, start = total + self.matrix[rows].T @ filled[rows], int(end)
            out.append(total)
        return out

    def _of_horizon(self, h: int, known: Mask, y: Array, products: list[Array]) -> list[Sums]:
        out, start = [], 0
        width = self.matrix.shape[1]
        off_n, off_x, off_xx = 0.0, np.zeros(width), np.zeros((width, width))
        for edge in self.edges:
            cut = self.cuts.index(edge - h)
            end = int(self.ends[cut])
            fresh = self.order[start:end]
            lost = self.matrix[fresh[~known[fresh]]]
            off_n, off_x = off_n + len(lost), off_x + lost.sum(axis=0)
            if len(lost):
                off_xx = off_xx + lost.T @ lost
            start = end
            rows = y[self.order[:end]]
            out.append(
                Sums(
                    end - off_n,
                    self.x[cut] - off_x,
                    float(rows.sum()),
                    self.xx[cut] - off_xx,
                    products[cut][:, h - 1],
                    float(rows @ rows),
                )
            )
        return out
