"""Practices by hand: a portfolio in memory, and rows as a publication keeps them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from features.records.schema import ITEMS
from models.practices.kept import Practices
from models.practices.process import COLUMNS


class Register(SimpleNamespace):
    """What practices ask of a portfolio."""

    def __len__(self):
        return len(self.enterprise_ids)


def register(ftq, divisions=None, sizes=None, items=None, regions=None):
    """Enterprises E000 …, placed by yield alone: the other indicators are equal to it in rank."""
    count = len(ftq)
    values = np.asarray(ftq, dtype=float)
    names = np.array([f"E{at:03d}" for at in range(count)])
    levels = {item: np.zeros(count, dtype=int) for item in ITEMS} | (items or {})
    texts = {
        "size": np.array(sizes or ["small"] * count),
        "region_code": np.array(regions or ["330100"] * count),
    }
    down = {"sigma", "internal_loss", "external_loss"}
    return Register(
        enterprise_ids=names,
        place={str(name): at for at, name in enumerate(names)},
        divisions=np.array(divisions or ["34"] * count),
        text=texts.__getitem__,
        value=lambda indicator: 1 - values if indicator in down else values,
        own_level=levels.__getitem__,
    )


def practices(portfolio, columns):
    """`columns`: values by (kind, subject), NaN where an enterprise has none."""
    rows = [
        (str(portfolio.enterprise_ids[at]), *name, float(value))
        for name, values in columns.items()
        for at, value in enumerate(values)
        if np.isfinite(value)
    ]
    return Practices(portfolio, pd.DataFrame(rows, columns=list(COLUMNS)), pd.DataFrame())
