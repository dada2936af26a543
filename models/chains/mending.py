"""What mending one supplier gives downstream: fewer rejects and less internal loss, tier by tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.chains.carrying import Carry
from models.chains.months import Array

TIERS = 4
"""Steps downstream that are followed: a slope of 0.3 leaves less than one part in a hundred after them."""


class Amount(NamedTuple):
    """An estimate with its 90 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Mended:
    """What it gives a year if the supplier's log rate of nonconforming deliveries moves by `change` (≤ 0).

    `saved` is internal loss in CNY over all customers downstream, `rejects` first submissions that no longer
    fail; None where the records do not show that it arrives, or it is not known what there is to save.
    `customers` counts those that are reached at all; `eased` is the mean over them of the share of internal
    loss that is spared: it tells of nobody's money.
    """

    change: float
    saved: Amount | None
    rejects: Amount | None
    customers: int
    eased: Amount | None = None


@dataclass(frozen=True)
class Stakes:
    """What each enterprise has at stake a year: internal loss (CNY), first failures; NaN is unknown."""

    internal: Array
    failures: Array


def reach(weights: sparse.csr_matrix, slope: float) -> sparse.csr_matrix:
    """Return what arrives at each enterprise (row) of one unit of each supplier's trouble (column).

    The first tier gets its share; the next ones what that does to their suppliers' own deliveries (`slope`).
    """
    tier = weights
    whole = tier
    for _ in range(TIERS - 1):
        tier = sparse.csr_matrix(weights @ (slope * tier))
        whole = whole + tier
    return sparse.csr_matrix(whole)


def mend(
    weights: sparse.csr_matrix, carry: Mapping[str, Carry], stakes: Stakes, change: Array
) -> list[Mended]:
    """Return, for every enterprise as a supplier, what its `change` gives downstream.

    Only what the graph `weights` holds counts: hand over the part of it that the reader may see.
    """
    passed = carry["ppm"]
    ends = {
        name: reach(weights, max(0.0, getattr(passed, name)) if passed.shown else 0.0).tocsc()
        for name in ("slope", "low", "high")
    }
    saved = _amounts(ends, carry["internal_loss"], stakes.internal, change)
    rejects = _amounts(ends, carry["ftq"], stakes.failures, change)
    touched = np.diff(ends["slope"].indptr)
    shares = _amounts(ends, carry["internal_loss"], np.ones(len(change)), change)
    return [
        Mended(
            float(change[at]), saved[at], rejects[at], int(touched[at]), _mean(shares[at], int(touched[at]))
        )
        for at in range(len(change))
    ]


def _mean(total: Amount | None, count: int) -> Amount | None:
    return Amount(*(part / count for part in total)) if total is not None and count else None


def _amounts(
    ends: Mapping[str, sparse.csc_matrix], carry: Carry, stake: Array, change: Array
) -> list[Amount | None]:
    """Return Σ stake × (1 − e^(slope × what arrives)) by supplier."""
    if not carry.shown:
        return [None] * len(change)
    columns = [
        _saved(ends[name], float(getattr(carry, name)), stake, change) for name in ("slope", "low", "high")
    ]
    known = np.asarray((abs(ends["slope"]) > 0).T @ np.isfinite(stake).astype(float)) > 0
    return [
        Amount(*(float(column[at]) for column in columns)) if known[at] else None for at in range(len(change))
    ]


def _saved(arrives: sparse.csc_matrix, slope: float, stake: Array, change: Array) -> Array:
    supplier = np.repeat(np.arange(len(change)), np.diff(arrives.indptr))
    gain = -np.expm1(slope * arrives.data * change[supplier]) * np.nan_to_num(stake[arrives.indices], nan=0.0)
    return np.bincount(supplier, weights=gain, minlength=len(change)).astype(np.float64, copy=False)
