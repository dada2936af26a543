"""One target's model beside the rows that it is asked about: what forecasts, drivers and paths start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.periods import FREQUENCIES, Frequency, to_label
from models.forecast.design import Design
from models.forecast.drivers import EVERY_HORIZON, Shares, explain
from models.forecast.panel import Index, Mask, Panel
from models.forecast.paths import ResidualPaths
from models.forecast.target_model import Inputs, TargetModel
from models.results import PRODUCT_TARGETS

Origin = str | Sequence[str] | None
"""A period's label, several, or None for each entity's last period."""

NEVER_TRACKED = 12.0  # age in periods from which a target never seen is not kept, rather than not yet known


@dataclass(frozen=True)
class PanelModel:
    """All targets of one frequency and scope, and the residual paths of their backtest."""

    frequency: str
    scope: str
    design: Design
    targets: dict[str, TargetModel]
    paths: ResidualPaths


@dataclass(frozen=True)
class Outlook:
    """One target's model and the rows (one per entity) that it is asked about."""

    panel_model: PanelModel
    model: TargetModel
    panel: Panel
    rows: Inputs

    def entities(self) -> list[str]:
        """Names `enterprise|product`, as error scales are kept."""
        keys = self.panel.keys
        return [f"{e}|{p}" for e, p in zip(keys["enterprise_id"], keys["product_id"], strict=True)]

    def answered(self) -> Mask:
        """n booleans: a target that an old entity never showed is not kept there, and is not forecast."""
        age = np.nan_to_num(self.panel.column("age"))
        return (self.rows.history > 0) | (age < NEVER_TRACKED)

    def shares(self, horizons: Sequence[int] = EVERY_HORIZON) -> Shares:
        """Exact contributions to the forecasts of some horizons."""
        return explain(self.model, self.panel_model.design, self.rows, horizons)


def once(outlooks: Sequence[Outlook]) -> list[tuple[Outlook, Mask]]:
    """Each outlook with the rows that it answers: those that no finer frequency answers already.

    A plant that records by week or day is part of the months' panel too; its own frequency has the word.
    """
    taken: set[tuple[str, str]] = set()
    wanted: dict[int, Mask] = {}
    for i in sorted(range(len(outlooks)), key=lambda i: -FREQUENCIES.index(outlooks[i].panel.frequency)):
        outlook = outlooks[i]
        named = [(outlook.model.target, name) for name in outlook.entities()]
        free = np.array([name not in taken for name in named], dtype=np.bool_)
        wanted[i] = outlook.answered() & free
        taken.update(name for name, own in zip(named, wanted[i], strict=True) if own)
    return [(outlook, wanted[i]) for i, outlook in enumerate(outlooks)]


def origins(panel: Panel, origin: Origin) -> Mask:
    """Rows to forecast from: of the given periods, or each entity's last one.

    A product of which nothing was seen for twelve periods was given up: it has no future to forecast.
    """
    if origin is not None:
        periods = [origin] if isinstance(origin, str) else list(origin)
        asked = np.asarray(panel.keys["period"].isin(periods), dtype=np.bool_)
    else:
        asked = np.append(panel.entity[1:] != panel.entity[:-1], True)
    if panel.scope == "enterprise":
        return asked
    seen = [np.isfinite(panel.column(f"{target}.last")) for target in PRODUCT_TARGETS]
    return np.asarray(asked & np.any(seen, axis=0), dtype=np.bool_)


def labels(t: Index, frequency: str) -> NDArray[Any]:
    """Period labels of indices, as an object array."""
    known, position = np.unique(t, return_inverse=True)
    named: Frequency = frequency  # type: ignore[assignment]
    return np.array([to_label(int(i), named) for i in known], dtype=object)[position]
