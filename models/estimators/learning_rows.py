"""A model table as scikit-learn wants it: features, one target some periods later, and each row's time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.forecaster import ModelRows
from models.forecast.panel import Index, Panel, Scope, panels
from models.results import HORIZONS


class NothingToLearnFromError(ValueError):
    """The table holds no value of the target so many periods ahead."""


@dataclass(frozen=True)
class LearningRows:
    """Rows with a known target, in order of time.

    `x` n × features in natural units, NaN where unknown, indexed by (enterprise_id, product_id, period);
    `y` n in the target's unit, `horizon` periods after the row (yields clipped to what their sample size can
    show, as the forecaster learns them); `t` n numbers of the rows' periods: the target came at t + horizon.
    """

    x: pd.DataFrame
    y: pd.Series
    t: Index
    horizon: int


def learning_rows(
    table: ModelRows, target: str, horizon: int = 1, frequency: str = "month", scope: Scope = "enterprise"
) -> LearningRows:
    """Rows of one frequency and scope for one target and horizon.

    Raises ValueError for a target or horizon that is not forecast, NothingToLearnFromError (a ValueError)
    where no row has a target.
    """
    if not 1 <= horizon <= HORIZONS:
        raise ValueError(f"horizon: found {horizon}, allowed are 1 to {HORIZONS} periods")
    panel = _panel(table, frequency, scope)
    if target not in panel.targets:
        raise ValueError(f"target: found {target!r}, allowed are {', '.join(panel.targets)}")
    y = panel.future(panel.scored[target])[:, horizon - 1]
    known = np.flatnonzero(np.isfinite(y))
    if not len(known):
        raise NothingToLearnFromError(
            f"model table: found no row whose {target} is known {horizon} periods later; import more periods"
        )
    order = known[np.argsort(panel.t[known], kind="stable")]
    index = pd.MultiIndex.from_frame(panel.keys.iloc[order][["enterprise_id", "product_id", "period"]])
    x = pd.DataFrame(panel.raw[order], index=index, columns=list(panel.names))
    return LearningRows(x, pd.Series(y[order], index=index, name=target), panel.t[order], horizon)


def _panel(table: ModelRows, frequency: str, scope: Scope) -> Panel:
    for panel in panels(table.frame, tuple(table.features)):
        if (panel.frequency, panel.scope) == (frequency, scope):
            return panel
    raise NothingToLearnFromError(f"model table: found no {scope} rows of frequency {frequency!r}")
