"""Enterprises of different frequency in one table, in the order of its keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from features.model_table.grid import ENTITY, Floats
from features.model_table.static import TEXTS


class Part(NamedTuple):
    """Rows of one frequency: keys and texts as a frame, numbers as columns of the same length."""

    keys: pd.DataFrame
    numbers: dict[str, Floats]


def together(parts: Sequence[Part]) -> pd.DataFrame:
    """Return all parts as one sorted frame; a number that a part does not have is NaN in its rows.

    Every number is written once, at its final place: sorting so many columns afterwards would take longer.
    """
    keys = pd.concat([part.keys for part in parts], ignore_index=True)
    order = keys.sort_values([*ENTITY, "t"]).index.to_numpy()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    names = list(dict.fromkeys(name for part in parts for name in part.numbers))
    block = np.full((len(names), len(keys)), np.nan)
    start = 0
    for part in parts:
        rows = place[start : start + len(part.keys)]
        for name, column in part.numbers.items():
            block[names.index(name), rows] = column
        start += len(part.keys)
    front = keys.take(order).reset_index(drop=True)[[*ENTITY, "frequency", "period", "t", *TEXTS]]
    return pd.concat([front, pd.DataFrame(block.T, columns=names, copy=False)], axis=1)
