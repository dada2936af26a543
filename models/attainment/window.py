"""The official twelve-month windows of future months: known months as they are, future months from paths.

A path gives rates; the window is rebuilt from sums. Future quantities (units, output, submissions,
measurements) are held at their mean over the last twelve months. A yield path is split over a product's
stages in proportion to their share of the log yield; a Cpk path scales the recent σ of every
characteristic.

Paths are R × P × 12 (windows, paths, months ahead); answers R × P × 13, the last axis being the number of
future months in the window: with 0 of them it is the official value.
"""

from __future__ import annotations

import numpy as np

from models.attainment.known import MONTHS, Array, Characteristics, Index, Known, Mask, Stages

AHEAD = np.arange(MONTHS + 1)
LOWEST_CPK = 0.05


def nonconforming_ppm(known: Known, ppm: Array) -> Array:
    """Nonconforming units per million of the windows, for paths of the monthly ppm."""
    monthly = typical(known.units)
    bad = _tail(known.bad)[:, None] + grown(ppm * (monthly / 1e6)[:, None, None])
    return ratio(bad * 1e6, (_tail(known.units) + monthly[:, None] * AHEAD)[:, None])


def internal_rate(known: Known, rate: Array) -> Array:
    """Internal losses ÷ output of the windows, for paths of the monthly rate; NaN without output."""
    return _loss_rate(known, known.internal, common_months(known, "internal"), rate)


def external_rate(known: Known, rate: Array) -> Array:
    """The same of external losses."""
    return _loss_rate(known, known.external, common_months(known, "external"), rate)


def _loss_rate(known: Known, lost: Array, used: Mask, rate: Array) -> Array:
    monthly = typical(known.output)
    loss = _masked_tail(lost, used)[:, None] + grown(rate * monthly[:, None, None])
    return ratio(loss, (_masked_tail(known.output, used) + monthly[:, None] * AHEAD)[:, None])


def common_months(known: Known, family: str) -> Mask:
    """R × 13 × 12: the known months of each window over which a family's losses and output are summed.

    They are those that have output and every family which has any month in the window; where two families
    share none, those of the one that has more.
    """
    later = np.arange(MONTHS) >= AHEAD[:, None]
    stated = {
        name: np.isfinite(getattr(known, name))[:, None] & np.isfinite(known.output)[:, None] & later
        for name in ("internal", "external")
    }
    own = stated[family]
    other = stated["external" if family == "internal" else "internal"]
    both = own & other
    # Without the other family in the window its own months count; of two that share none, the longer.
    alone = own.sum(axis=2) >= other.sum(axis=2)
    return np.asarray(np.where(both.any(axis=2)[..., None], both, own & alone[..., None]))


def rolled_yield(known: Known, path: Array) -> Array:
    """Yields of the windows, for paths of the enterprise's monthly yield."""
    stages = known.stages
    monthly = np.nan_to_num(stages.submitted).mean(axis=1)
    submitted = _tail(stages.submitted) + monthly[:, None] * AHEAD
    future = stage_yields(stages, path) * monthly[:, None, None]
    passed = _tail(stages.passed)[:, None] + grown(future)
    share = np.where(submitted[:, None] > 0, passed / np.where(submitted > 0, submitted, 1.0)[:, None], 1.0)
    return _weighted_products(stages, submitted, share, len(path))


def stage_yields(stages: Stages, path: Array) -> Array:
    """S × P × 12: each path's log yield, split as the last twelve months split it."""
    submitted, passed = np.nansum(stages.submitted, axis=1), np.nansum(stages.passed, axis=1)
    # Half a unit of doubt on each side: a stage without a reject would otherwise never have one.
    stage = (passed + 0.5) / (submitted + 1.0)
    recent = _weighted_products(stages, submitted[:, None], stage[:, None, None], len(path))
    factor = np.log(np.clip(path, 1e-9, 1.0)) / np.log(recent)
    return np.asarray(np.exp(np.log(stage)[:, None, None] * factor[stages.row]), dtype=np.float64)


def _weighted_products(stages: Stages, submitted: Array, share: Array, rows: int) -> Array:
    """Mean over a window's products of Π stage shares, weighted by units started at the first stage.

    `submitted` S × H, `share` S × P × H; the answer is R × P × H, NaN for a window without stages.
    """
    if not len(stages.row):
        return np.full((rows, *share.shape[1:]), np.nan)
    start = np.flatnonzero(_changes(stages.row) | _changes(stages.product))
    owner = stages.row[start]
    rolled = np.multiply.reduceat(share, start, axis=0)
    weight = np.add.reduceat(submitted * stages.first[:, None], start, axis=0)[:, None]
    total = _sum_by_row(rolled * weight, owner, rows)
    return ratio(total, _sum_by_row(weight, owner, rows))


def lowest_cpk(known: Known, path: Array) -> Array:
    """Cpk of the windows, for paths of the enterprise's monthly lowest Cpk.

    Means and σ within are pooled over months (σ² by degrees of freedom); future σ is the recent pooled one
    times recent ÷ future Cpk.
    """
    own = known.characteristics
    n, df = np.nan_to_num(own.n), np.where(np.isfinite(own.sd), np.nan_to_num(own.df), 0.0)
    sums, squares = n * np.nan_to_num(own.mean), df * np.nan_to_num(own.sd) ** 2
    mean, variance = ratio(sums.sum(axis=1), n.sum(axis=1)), ratio(squares.sum(axis=1), df.sum(axis=1))
    scale = grown((recent_cpk(own, len(known))[:, None, None] / np.maximum(path, LOWEST_CPK)) ** 2)
    monthly_n, monthly_df = n.mean(axis=1), df.mean(axis=1)
    future = scale[own.row] * (monthly_df * variance)[:, None, None]
    pooled = ratio(_tail(squares)[:, None] + future, (_tail(df) + monthly_df[:, None] * AHEAD)[:, None])
    centre = ratio(_tail(sums) + (mean * monthly_n)[:, None] * AHEAD, _tail(n) + monthly_n[:, None] * AHEAD)
    lowest = nearest(centre[:, None], np.sqrt(pooled), own)
    out = _lowest_by_row(lowest, own.row, len(known))
    return np.asarray(np.floor(out * 1e6) / 1e6)  # as the official Cpk: down to six decimals


def recent_cpk(own: Characteristics, rows: int) -> Array:
    """Mean over the known months of the month's lowest Cpk (R): what a Cpk path is measured against."""
    monthly = nearest(own.mean[:, None], own.sd[:, None], own)
    lowest = _lowest_by_row(monthly, own.row, rows)[:, 0]
    known = np.isfinite(lowest)
    mean = ratio(np.where(known, lowest, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
    return np.fmax(mean, LOWEST_CPK)


def nearest(mean: Array, sd: Array, own: Characteristics) -> Array:
    """Distance to the nearer limit ÷ 3σ, characteristics along the first axis; no limit is far."""
    lsl, usl = own.lsl[:, None, None], own.usl[:, None, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.fmin((usl - mean) / (3.0 * sd), (mean - lsl) / (3.0 * sd)), dtype=np.float64)


def typical(monthly: Array) -> Array:
    """Mean of each row's known months; zero where none is known."""
    known = np.isfinite(monthly)
    mean = ratio(np.where(known, monthly, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
    return np.nan_to_num(mean)


def grown(months: Array) -> Array:
    """… × 12 → … × 13: sums of the first 0, 1 … 12 months."""
    return np.concatenate([np.zeros((*months.shape[:-1], 1)), np.cumsum(months, axis=-1)], axis=-1)


def ratio(top: Array, bottom: Array) -> Array:
    """Quotient, NaN where the denominator is not above zero."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0))


def _tail(monthly: Array) -> Array:
    """Rows × 13: sums of the known months that are left when 0 … 12 of the oldest have gone."""
    return np.asarray(grown(np.nan_to_num(monthly)[:, ::-1])[:, ::-1], dtype=np.float64)


def _masked_tail(monthly: Array, used: Mask) -> Array:
    return np.asarray(np.where(used, np.nan_to_num(monthly)[:, None], 0.0).sum(axis=2), dtype=np.float64)


def _changes(codes: Index) -> Mask:
    return np.append(True, codes[1:] != codes[:-1])


def _sum_by_row(values: Array, owner: Index, rows: int) -> Array:
    out = np.zeros((rows, *values.shape[1:]))
    start = np.flatnonzero(_changes(owner))
    out[owner[start]] = np.add.reduceat(values, start, axis=0)
    return out


def _lowest_by_row(values: Array, owner: Index, rows: int) -> Array:
    out = np.full((rows, *values.shape[1:]), np.nan)
    if len(owner):
        start = np.flatnonzero(_changes(owner))
        out[owner[start]] = np.fmin.reduceat(values, start, axis=0)
    return out
