"""From measurements as records to values laid out for arithmetic: owner, time, subgroups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.aggregates.measured import READING_ORDER, SUBGROUP
from features.aggregates.scope import ENTERPRISE
from features.capability.constants import Ints
from features.capability.samples import Samples

CHARACTERISTIC = [ENTERPRISE, "characteristic_id"]
_UNLISTED = -1


def to_samples(measurements: pd.DataFrame, characteristics: pd.DataFrame) -> Samples:
    """Lay out measurements in the order of `characteristics`, of time, and with subgroups kept together.

    A subgroup stands where its first value was taken. Measurements of unlisted characteristics are left
    out.
    """
    number = _numbers(measurements, characteristics)
    listed = number != _UNLISTED
    if not listed.all():
        measurements, number = measurements[listed], number[listed]
    time, subgroup, piece = (_codes(measurements[name]) for name in READING_ORDER)
    named = [_codes(measurements[name]) for name in SUBGROUP if name != "subgroup_id"]
    order = _order([number, time, subgroup, piece])
    values = measurements["value"].to_numpy(dtype=np.float64)
    group = _groups([each if order is None else each[order] for each in (number, subgroup, *named)])
    if order is not None:
        values, number = values[order], number[order]
    if len(group) and np.any(np.diff(group) < 0):
        together = np.argsort(group, kind="stable")
        values, number, group = values[together], number[together], group[together]
    return Samples(values, number, group, len(characteristics))


def _numbers(measurements: pd.DataFrame, characteristics: pd.DataFrame) -> Ints:
    """Return the row of `characteristics` that every measurement belongs to, `_UNLISTED` without any.

    Only the first of a run of rows of one characteristic is looked up.
    """
    codes = [pd.factorize(measurements[name])[0] for name in CHARACTERISTIC]
    new = np.ones(len(measurements), dtype=bool)
    new[1:] = (codes[0][1:] != codes[0][:-1]) | (codes[1][1:] != codes[1][:-1])
    starts = np.flatnonzero(new)
    row_of = pd.MultiIndex.from_frame(characteristics[CHARACTERISTIC])
    runs = pd.MultiIndex.from_frame(measurements[CHARACTERISTIC].iloc[starts])
    found = row_of.get_indexer(runs).astype(np.int64)
    return np.repeat(found, np.diff(np.append(starts, len(new))))


def _codes(column: pd.Series[Any]) -> Ints:
    """Return whole numbers ≥ 0 that sort as the values do, 0 for null."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return _ticks(column.to_numpy().astype(np.int64))
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "i":
        whole = column.to_numpy(dtype=np.int64)
        least = int(whole.min(initial=0))
        shifted: Ints = whole - least + 1
        return shifted
    codes, values = pd.factorize(column)
    rank = np.argsort(np.argsort(np.asarray(values, dtype=object))) if len(values) else np.zeros(0, np.int64)
    return np.append(rank + 1, 0)[codes]


def _ticks(time: Ints) -> Ints:
    """Return times as multiples of what they are all multiples of, from 1 on, 0 for none."""
    real = time != np.iinfo(np.int64).min
    if not real.any():
        return np.zeros(len(time), dtype=np.int64)
    first = time.min() if real.all() else time[real].min()
    offset = np.where(real, time - first, 0)
    unit = max(1, int(np.gcd.reduce(offset)))
    return np.where(real, offset // unit + 1, 0)


def _packed(columns: list[Ints]) -> Ints | None:
    """Return one number a row that sorts as the columns do; None if 63 bits do not hold it."""
    bits = [int(column.max(initial=0)).bit_length() for column in columns]
    if sum(bits) > 62:
        return None
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, width in zip(columns, bits, strict=True):
        key = (key << width) | column
    return key


def _order(columns: list[Ints]) -> NDArray[np.intp] | None:
    """Return the order of the rows, None if they stand in it already."""
    key = _packed(columns)
    if key is None:
        return np.lexsort(columns[::-1])
    return None if np.all(key[1:] >= key[:-1]) else np.argsort(key)


def _groups(columns: list[Ints]) -> Ints:
    """Number the subgroups in the order in which their first values come."""
    key = _packed(columns)
    if key is None:
        keys = pd.DataFrame(dict(enumerate(columns)))
        return keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy().astype(np.int64)
    starts = np.flatnonzero(np.diff(key, prepend=-1) != 0)
    group = pd.factorize(key[starts])[0].astype(np.int64)
    return np.repeat(group, np.diff(np.append(starts, len(key))))
