"""Effects from lots: one plant, few months, but every batch with its own settings and its own yield.

Monthly means of one plant cannot tell fourteen levers apart; a thousand batches may. A row is a lot in order
of time. Its loss (share of first submissions that failed, per cent) and its settings are partialled out by
what was known before the lot was made: the product's own past losses and settings (their mean is taken off
first), how the plant has run lately, the lots of material, the lot's size, its place in the campaign, and the
calendar. Ridge, out of fold by blocks of months with a month's gap (Chernozhukov et al. 2018); then one
regression of residual loss on all residual settings together, in units of each setting's spread within
products.

Evidence is counted by clusters, not by lots: a jackknife that leaves out products, one that leaves out
months, put together as Cameron, Gelbach & Miller (2011) do; Student's t with the *effective* number of
products (the inverse of the sum of squared shares; Carter, Schnepel & Steigerwald 2017, *Rev. Econ. Stat.*
99), because two of 25 products may hold half of the lots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

PENALTIES: Final = (1.0, 10.0, 100.0, 1000.0)
FOLDS: Final = 5
GAP: Final = 1
HALF_LIFE: Final = 3.0
LATELY: Final = 5
LEAST_PAST: Final = 4
SHOWN: Final = (0.05, 0.95)
EXTREME: Final = (0.005, 0.995)


@dataclass(frozen=True)
class Lots:
    """n lots in order of time: `loss` (n,) in per cent of what was submitted first and `settings` (n, J) in
    spreads within products, both less the mean of the product's earlier lots; `controls` (n, p) all known
    before the lot was made, `product` and `month` (n,) codes; `spread` (J,) is one unit of a setting in the
    setting's own unit.
    """

    loss: Array
    settings: Array
    spread: Array
    controls: Array
    product: Labels
    month: Labels
    levers: tuple[str, ...]


@dataclass(frozen=True)
class LotEffects:
    """Change of loss (percentage points) per spread of each setting: `theta` (J,), its covariance (J, J),
    degrees of freedom, and residuals `y` (n,), `d` (n, J).
    """

    lots: Lots
    theta: Array
    covariance: Array
    degrees: float
    y: Array
    d: Array

    def error(self) -> Array:
        """Standard errors (J,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def interval(self, level: float = 0.9) -> tuple[Array, Array]:
        """Two-sided confidence limits (J,), (J,)."""
        reach = stats.t.ppf(0.5 + level / 2, self.degrees) * self.error()
        return self.theta - reach, self.theta + reach


def lots_of(
    table: pd.DataFrame, levers: tuple[str, ...], context: tuple[str, ...], outcome: str = "loss"
) -> Lots:
    """Lots from a table in order of time with columns product_id, month (integer), submitted, the outcome and
    one per lever and context parameter. A product's first `LEAST_PAST` lots serve as past only.
    """
    table = table.reset_index(drop=True)
    product: Labels = np.unique(table["product_id"], return_inverse=True)[1].astype(np.int64)
    loss = pd.Series(_cut(table[outcome].to_numpy(float)))
    raw = table[list(levers)].astype(float)
    spread = np.maximum(np.sqrt(((raw - raw.groupby(product).transform("mean")) ** 2).mean()), 1e-9)
    answers = pd.concat([loss.rename("loss"), raw / spread], axis=1)
    own = answers.groupby(product).transform(_past_mean)
    seen = pd.Series(product).groupby(product).cumcount().to_numpy() >= LEAST_PAST
    away = (answers - own)[seen].to_numpy(float)
    return Lots(
        loss=away[:, 0],
        settings=away[:, 1:],
        spread=spread.to_numpy(float),
        controls=_controls(table, answers, own, product, context)[seen].to_numpy(float),
        product=product[seen].astype(np.int64),
        month=table["month"].to_numpy(np.int64)[seen],
        levers=levers,
    )


def _cut(loss: Array) -> Array:
    """Half a per cent of the lots on each side is drawn in: a batch that was dropped on the floor says
    nothing of settings.
    """
    return np.asarray(np.clip(loss, *np.quantile(loss, EXTREME)))


def _past_mean(values: pd.Series, /) -> pd.Series:
    return values.shift(1).expanding().mean()


def _past_lately(answers: pd.DataFrame, product: Labels) -> pd.DataFrame:
    return pd.DataFrame(
        answers.groupby(product).transform(lambda x: x.shift(1).ewm(halflife=HALF_LIFE).mean())
    )


def _controls(
    table: pd.DataFrame, answers: pd.DataFrame, own: pd.DataFrame, product: Labels, context: tuple[str, ...]
) -> pd.DataFrame:
    groups = answers.groupby(product)
    last, lately = groups.shift(1) - own, _past_lately(answers, product) - own
    month, campaign = table["month"].astype(float), pd.Series(product).diff().ne(0).cumsum()
    plant = (answers["loss"] - own["loss"]).shift(1).rolling(LATELY, min_periods=1).mean()
    about = {
        "plant.lately": plant,
        "place": np.log1p(campaign.groupby(campaign).cumcount()),
        "rest": np.log1p(month - month.groupby(product).shift(1)),
        "size": np.log(table["submitted"].astype(float)),
        "month": month,
        "sin": np.sin(month * np.pi / 6),
        "cos": np.cos(month * np.pi / 6),
        **{f"context.{c}": table[c].astype(float) for c in context},
    }
    past = [own.add_suffix(".mean"), last.add_suffix(".last"), lately.add_suffix(".lately")]
    return pd.concat([*past, pd.DataFrame(about)], axis=1)


def lot_effects(lots: Lots) -> LotEffects:
    """Effects of all settings together, free of what was known before."""
    left = np.column_stack([lots.loss, lots.settings])
    left = left - out_of_fold(lots.controls, left, lots.month)
    y, d = left[:, 0], left[:, 1:]
    theta = np.linalg.solve(d.T @ d, d.T @ y).astype(np.float64)
    row = np.arange(len(y))
    products, months, lone = (_jackknife(y, d, theta, c) for c in (lots.product, lots.month, row))
    covariance = max((_positive(products + months - lone), products, months), key=np.trace)
    return LotEffects(lots, theta, covariance, effective_clusters(lots.product) - 1.0, y, d)


def effective_clusters(cluster: Labels) -> float:
    """The number of equally large clusters that would hold as much independent evidence."""
    share = np.bincount(cluster) / len(cluster)
    return float(1.0 / (share**2).sum())


def out_of_fold(X: Array, Z: Array, month: Labels) -> Array:
    """Ridge predictions (n, k) of every column of Z, each month by models that saw neither it nor its
    neighbours; penalty by the least error, per column.
    """
    centre, spread = np.nanmean(X, axis=0), np.nanstd(X, axis=0)
    X = np.nan_to_num((X - centre) / np.where(spread > 0, spread, 1.0))
    answers = np.zeros((len(PENALTIES), *Z.shape))
    for block in np.array_split(np.unique(month), FOLDS):
        test = (month >= block[0]) & (month <= block[-1])
        train = (month < block[0] - GAP) | (month > block[-1] + GAP)
        answers[:, test] = _ridge(X[train], Z[train], X[test])
    best = ((Z - answers) ** 2).sum(axis=1).argmin(axis=0)
    return np.asarray(answers[best, :, np.arange(Z.shape[1])].T)


def _ridge(X: Array, Z: Array, at: Array) -> Array:
    centre, middle = X.mean(axis=0), Z.mean(axis=0)
    values, vectors = np.linalg.eigh((X - centre).T @ (X - centre))
    cross, rotated = vectors.T @ ((X - centre).T @ (Z - middle)), (at - centre) @ vectors
    return np.asarray(
        middle + np.stack([rotated @ (cross / (np.maximum(values, 0) + p)[:, None]) for p in PENALTIES])
    )


def _jackknife(y: Array, d: Array, theta: Array, cluster: Labels) -> Array:
    """Covariance (J, J) by leaving out one cluster at a time (CV3 of MacKinnon, Nielsen & Webb 2023)."""
    codes, code = np.unique(cluster, return_inverse=True)
    j, n = d.shape[1], len(codes)
    moments, cross = np.zeros((n, j, j)), np.zeros((n, j))
    np.add.at(moments, code, d[:, :, None] * d[:, None, :])
    np.add.at(cross, code, d * y[:, None])
    rest = np.linalg.solve(moments.sum(axis=0) - moments, (cross.sum(axis=0) - cross)[:, :, None])[:, :, 0]
    return np.asarray((n - 1) / n * (rest - theta).T @ (rest - theta))


def _positive(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
