"""The official twelve-month windows of future months: known months as they are, future months from paths.

A path gives rates; the window is rebuilt from sums. Future quantities (units, output, submissions,
measurements) are held at their mean over the last twelve months. A yield path is split over a product's
stages in proportion to their share of the log yield; a Cpk path scales the recent σ of every
characteristic.

Paths are R × P × M (windows, paths, months ahead); answers R × P × (M + 1), the last axis being how many
months ahead the window ends: 0 is the official one of today, and from twelve on all of its months are a
path's. `pace` R × M are factors on the future quantities, where a scenario has them grow or shrink.
"""

from __future__ import annotations

import numpy as np

from models.attainment.known import MONTHS, Array, Characteristics, Index, Known, Mask, Stages

AHEAD = np.arange(MONTHS + 1)
LOWEST_CPK = 0.05
Pace = Array | None


def nonconforming_ppm(known: Known, ppm: Array, pace: Pace = None) -> Array:
    """Nonconforming units per million of the windows, for paths of the monthly ppm."""
    monthly, months = typical(known.units), ppm.shape[-1]
    bad = _tail(known.bad, months)[:, None] + rolled(_paced(ppm * (monthly / 1e6)[:, None, None], pace))
    return ratio(bad * 1e6, (_tail(known.units, months) + future(monthly, months, pace))[:, None])


def internal_rate(known: Known, rate: Array, pace: Pace = None) -> Array:
    """Internal losses ÷ output of the windows, for paths of the monthly rate; NaN without output."""
    return _loss_rate(known, known.internal, common_months(known, "internal"), rate, pace)


def external_rate(known: Known, rate: Array, pace: Pace = None) -> Array:
    """The same of external losses."""
    return _loss_rate(known, known.external, common_months(known, "external"), rate, pace)


def _loss_rate(known: Known, lost: Array, used: Mask, rate: Array, pace: Pace) -> Array:
    monthly, months = typical(known.output), rate.shape[-1]
    loss = _masked_tail(lost, used, months)[:, None] + rolled(_paced(rate * monthly[:, None, None], pace))
    return ratio(loss, (_masked_tail(known.output, used, months) + future(monthly, months, pace))[:, None])


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


def rolled_yield(known: Known, path: Array, pace: Pace = None) -> Array:
    """Yields of the windows, for paths of the enterprise's monthly yield."""
    stages, months = known.stages, path.shape[-1]
    monthly = np.nan_to_num(stages.submitted).mean(axis=1)
    own = None if pace is None else pace[stages.row]
    submitted = _tail(stages.submitted, months) + future(monthly, months, own)
    passing = _paced(stage_yields(stages, path) * monthly[:, None, None], own)
    passed = _tail(stages.passed, months)[:, None] + rolled(passing)
    share = passed / np.where(submitted > 0, submitted, 1.0)[:, None]
    if (submitted <= 0).any():
        share = np.where(submitted[:, None] > 0, share, 1.0)
    return _weighted_products(stages, submitted, share, len(path))


def stage_yields(stages: Stages, path: Array) -> Array:
    """S × P × M: each path's log yield, split as the last twelve months split it."""
    submitted, passed = np.nansum(stages.submitted, axis=1), np.nansum(stages.passed, axis=1)
    # Half a unit of doubt on each side: a stage without a reject would otherwise never have one.
    stage = (passed + 0.5) / (submitted + 1.0)
    recent = _weighted_products(stages, submitted[:, None], stage[:, None, None], len(path))
    factor = np.log(np.clip(path, 1e-9, 1.0)) / np.log(recent)
    own = factor[stages.row]
    own *= np.log(stage)[:, None, None]
    return np.exp(own, out=own)


def _weighted_products(stages: Stages, submitted: Array, share: Array, rows: int) -> Array:
    """Mean over a window's products of Π stage shares, weighted by units started at the first stage.

    `submitted` S × H, `share` S × P × H; the answer is R × P × H, NaN for a window without stages.
    """
    if not len(stages.row):
        return np.full((rows, *share.shape[1:]), np.nan)
    start = np.flatnonzero(_changes(stages.row) | _changes(stages.product))
    owner = stages.row[start]
    rolled = _together(np.multiply, share, start)
    weight = _together(np.add, submitted * stages.first[:, None], start)[:, None]
    total = _sum_by_row(rolled * weight, owner, rows)
    return ratio(total, _sum_by_row(weight, owner, rows))


def lowest_cpk(known: Known, path: Array, _pace: Pace = None) -> Array:
    """Cpk of the windows, for paths of the enterprise's monthly lowest Cpk.

    Means and σ within are pooled over months (σ² by degrees of freedom); future σ is the recent pooled one
    times recent ÷ future Cpk. Measuring goes on as it does: how much is made does not change it.
    """
    own, months = known.characteristics, path.shape[-1]
    n, df = np.nan_to_num(own.n), np.where(np.isfinite(own.sd), np.nan_to_num(own.df), 0.0)
    sums, squares = n * np.nan_to_num(own.mean), df * np.nan_to_num(own.sd) ** 2
    mean, variance = ratio(sums.sum(axis=1), n.sum(axis=1)), ratio(squares.sum(axis=1), df.sum(axis=1))
    scale = rolled((recent_cpk(own, len(known))[:, None, None] / np.maximum(path, LOWEST_CPK)) ** 2)
    monthly_n, monthly_df = n.mean(axis=1), df.mean(axis=1)
    ahead = scale[own.row] * (monthly_df * variance)[:, None, None]
    pooled = ratio(
        _tail(squares, months)[:, None] + ahead, (_tail(df, months) + future(monthly_df, months))[:, None]
    )
    centre = ratio(
        _tail(sums, months) + future(mean * monthly_n, months), _tail(n, months) + future(monthly_n, months)
    )
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
    """… × M → … × (M + 1): sums of the first 0, 1 … M months.

    A month's values lie side by side in memory: whole months are added to each other.
    """
    out = np.zeros((months.shape[-1] + 1, *months.shape[:-1]))
    for month, before, after in zip(np.moveaxis(months, -1, 0), out[:-1], out[1:], strict=True):
        np.add(before, month, out=after)
    return np.moveaxis(out, 0, -1)


def rolled(months: Array) -> Array:
    """… × M → … × (M + 1): sums of the first 0, 1 … M months, of the last twelve of them where more."""
    found = grown(months)
    found[..., MONTHS + 1 :] -= found[..., 1:-MONTHS].copy()
    return found


def future(monthly: Array, months: int, pace: Pace = None) -> Array:
    """Rows × (months + 1): how much of a quantity (its mean a month) the windows' future months have."""
    if pace is not None:
        return rolled(monthly[:, None] * pace)
    return np.asarray(monthly[:, None] * np.minimum(np.arange(months + 1), MONTHS))


def _paced(quantity: Array, pace: Pace) -> Array:
    return quantity if pace is None else quantity * pace[:, None]


def ratio(top: Array, bottom: Array) -> Array:
    """Quotient, NaN where the denominator is not above zero."""
    return np.asarray(top / np.where(bottom > 0, bottom, np.nan))


def _tail(monthly: Array, months: int) -> Array:
    """Rows × (months + 1): sums of the known months that are left when 0, 1 … of the oldest have gone."""
    return _ahead(grown(np.nan_to_num(monthly)[:, ::-1])[:, ::-1], months)


def _masked_tail(monthly: Array, used: Mask, months: int) -> Array:
    return _ahead(np.where(used, np.nan_to_num(monthly)[:, None], 0.0).sum(axis=2), months)


def _ahead(left: Array, months: int) -> Array:
    """Sums of known months, 0 … 12 ahead → 0 … `months` ahead: from twelve on there are none."""
    return np.pad(left[:, : months + 1], [(0, 0), (0, max(months - MONTHS, 0))])


def _changes(codes: Index) -> Mask:
    return np.append(True, codes[1:] != codes[:-1])


def _sum_by_row(values: Array, owner: Index, rows: int) -> Array:
    out = np.zeros_like(values, shape=(rows, *values.shape[1:]))
    start = np.flatnonzero(_changes(owner))
    out[owner[start]] = _together(np.add, values, start)
    return out


def _together(ufunc: np.ufunc, values: Array, start: Index) -> Array:
    """As `ufunc.reduceat` along the first axis, which is slow where the others are long."""
    out = np.empty_like(values, shape=(len(start), *values.shape[1:]))
    for own, begin, end in zip(out, start, [*start[1:], len(values)], strict=True):
        ufunc.reduce(values[begin:end], axis=0, out=own)
    return out


def _lowest_by_row(values: Array, owner: Index, rows: int) -> Array:
    out = np.full_like(values, np.nan, shape=(rows, *values.shape[1:]))
    if len(owner):
        start = np.flatnonzero(_changes(owner))
        out[owner[start]] = _together(np.fmin, values, start)
    return out
