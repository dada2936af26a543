"""The official twelve-month window of a future month: known months as they are, future months from paths.

A path gives rates; the window is rebuilt from sums. Future quantities (units, output, submissions,
measurements) are held at their mean over the last twelve months. A yield path is split over a product's
stages in proportion to their share of the log yield; a Cpk path scales the recent σ of every
characteristic.

Every function takes `ahead`, the number of future months in the window (0…12): with 0 it gives the official
value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.attainment.known import MONTHS, Array, Known


def nonconforming_share(known: Known, ppm: Array, ahead: int) -> tuple[Array, Array]:
    """(nonconforming, units) of the window for paths × 12 of `ppm`."""
    monthly = _typical(known.units)
    bad = np.nansum(known.bad[ahead:]) + (ppm[:, :ahead] * monthly / 1e6).sum(axis=1)
    return bad, np.full(len(bad), np.nansum(known.units[ahead:]) + monthly * ahead)


def loss_rate(known: Known, family: str, rate: Array, ahead: int) -> Array:
    """Loss ÷ output of the window for paths × 12 of monthly `rate`."""
    used = common_months(known, ahead)
    monthly = _typical(known.output)
    loss = np.nansum(known.losses[family][used]) + (rate[:, :ahead] * monthly).sum(axis=1)
    return np.asarray(loss / (np.nansum(known.output[used]) + monthly * ahead), dtype=np.float64)


def common_months(known: Known, ahead: int) -> NDArray[np.intp]:
    """Columns of the known months in the window over which losses and output are summed: all stated."""
    columns = np.arange(ahead, MONTHS)
    stated = np.isfinite(known.output[columns])
    families = [np.isfinite(lost[columns]) for lost in known.losses.values()]
    both = stated & np.logical_and.reduce(families) if families else stated
    if both.any() or not families:
        return columns[both]
    shared = [stated & own for own in families]
    return columns[max(shared, key=lambda own: int(own.sum()))]


def rolled_yield(known: Known, path: Array, ahead: int) -> Array:
    """Yield of the window for paths × 12 of the enterprise's monthly yield."""
    submitted, passed = (
        np.nansum(known.submitted[:, ahead:], axis=1),
        np.nansum(known.passed[:, ahead:], axis=1),
    )
    future = stage_yields(known, path[:, :ahead])
    monthly = np.nan_to_num(known.submitted).mean(axis=1)
    all_submitted = submitted + monthly * ahead
    all_passed = passed[None, :] + (future * monthly[None, :, None]).sum(axis=2)
    share = np.where(all_submitted > 0, all_passed / np.where(all_submitted > 0, all_submitted, 1.0), 1.0)
    return _weighted_products(known, all_submitted, share)


def stage_yields(known: Known, path: Array) -> Array:
    """paths × stages × months: the path's log yield, split as the last twelve months split it."""
    submitted, passed = np.nansum(known.submitted, axis=1), np.nansum(known.passed, axis=1)
    # Half a unit of doubt on each side: a stage without a reject would otherwise never have one.
    stage = (passed + 0.5) / (submitted + 1.0)
    recent = _weighted_products(known, submitted, stage[None, :])[0]
    factor = np.log(np.clip(path, 1e-9, 1.0 - 1e-9)) / np.log(recent)
    return np.asarray(np.exp(np.log(stage)[None, :, None] * factor[:, None, :]), dtype=np.float64)


def _weighted_products(known: Known, submitted: Array, share: Array) -> Array:
    """Mean over products of Π stage shares (paths × stages), weighted by units started at the first stage."""
    total, weight = np.zeros(len(share)), 0.0
    for product in np.unique(known.product):
        own = known.product == product
        started = float(submitted[own & known.first].sum())
        total += started * share[:, own].prod(axis=1)
        weight += started
    return total / weight


def lowest_cpk(known: Known, path: Array, ahead: int) -> Array:
    """Cpk of the window for paths × 12 of the enterprise's monthly lowest Cpk.

    Means and σ within are pooled over months (σ² by degrees of freedom); future σ is the recent pooled one
    times recent ÷ future Cpk.
    """
    n, df = np.nan_to_num(known.n), np.where(np.isfinite(known.sd), np.nan_to_num(known.df), 0.0)
    sums, squares = n * np.nan_to_num(known.mean), df * np.nan_to_num(known.sd) ** 2
    mean, variance = _ratio(sums.sum(axis=1), n.sum(axis=1)), _ratio(squares.sum(axis=1), df.sum(axis=1))
    scale = recent_cpk(known) / np.maximum(path[:, :ahead], 0.05)
    monthly_n, monthly_df = n.mean(axis=1), df.mean(axis=1)
    future = (scale**2).sum(axis=1)[:, None] * (monthly_df * variance)[None, :]
    pooled = (squares[:, ahead:].sum(axis=1) + future) / (df[:, ahead:].sum(axis=1) + monthly_df * ahead)
    centre = (sums[:, ahead:].sum(axis=1) + mean * monthly_n * ahead) / (
        n[:, ahead:].sum(axis=1) + monthly_n * ahead
    )
    lowest = nearest(centre, np.sqrt(pooled), known).min(axis=1)
    return np.asarray(np.floor(lowest * 1e6) / 1e6)  # as the official Cpk: down to six decimals


def recent_cpk(known: Known) -> float:
    """Mean over the known months of the month's lowest Cpk: what a Cpk path is measured against."""
    monthly = nearest(known.mean.T, known.sd.T, known)
    measured = np.isfinite(known.sd).any(axis=0)
    return max(float(np.nanmin(monthly[measured], axis=1).mean()), 0.05)


def nearest(mean: Array, sd: Array, known: Known) -> Array:
    """Distance to the nearer limit ÷ 3σ, characteristics along the last axis; a side without limit is far."""
    upper, lower = (known.usl - mean) / (3.0 * sd), (mean - known.lsl) / (3.0 * sd)
    return np.asarray(np.fmin(upper, lower), dtype=np.float64)


def _typical(monthly: Array) -> float:
    known = monthly[np.isfinite(monthly)]
    return float(known.mean()) if len(known) else 0.0


def _ratio(top: Array, bottom: Array) -> Array:
    return np.asarray(np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0), dtype=np.float64)
