"""Who moved: official levels of past months, and who stands elsewhere than a month ago."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.portfolio import Portfolio
from models.portfolio.bases import Basis
from models.portfolio.firsts import Mask

Rows = NDArray[np.int64]


def levels_at(portfolio: Portfolio, basis: Basis, month: int) -> NDArray[np.int8]:
    """R official levels of a past month (index); 0 where none is kept."""
    import pandas as pd

    out = np.zeros(len(portfolio), dtype=np.int8)
    rows = portfolio.history[portfolio.history["month"] == month]
    at = pd.Index(portfolio.enterprise_ids).get_indexer(pd.Index(rows["enterprise_id"]))
    out[at[at >= 0]] = rows[basis].to_numpy()[at >= 0]
    return out


def moved(portfolio: Portfolio, basis: Basis, members: Mask) -> tuple[Rows, Rows]:
    """Rows of those who stand higher and lower in the latest month than in the one before; both graded."""
    now, before = portfolio.level(basis), levels_at(portfolio, basis, portfolio.today - 1)
    known = members & (before > 0) & (now > 0) & (portfolio.columns["end"] == portfolio.today)
    return np.flatnonzero(known & (now > before)), np.flatnonzero(known & (now < before))
