"""The model that is served: forecasts and drivers, as frames or as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from models.forecast.asked import Origin, Outlook, PanelModel, labels, once, origins
from models.forecast.driver_rows import driver_rows
from models.forecast.panel import Mask, panels
from models.results import HORIZONS, QUANTILE_NAMES, DriverRow, ForecastRow


class ModelRows(Protocol):
    """What a forecast reads of a model table: its rows, and the names of its feature columns."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per entity and period."""

    @property
    def features(self) -> tuple[str, ...]:
        """Feature columns."""


@dataclass(frozen=True)
class ForecastModel:
    """A trained forecaster. `version` names it in every row; `facts` say what it was trained on.

    `levels` is what `attainment` learned of the same table about the levels themselves, as plain JSON.
    """

    version: str
    panels: dict[tuple[str, str], PanelModel]
    facts: dict[str, Any] = field(default_factory=dict)
    levels: dict[str, Any] = field(default_factory=dict)

    def forecast(self, table: ModelRows, origin: Origin = None, horizon: int = HORIZONS) -> list[ForecastRow]:
        """Forecast rows of every entity from its last period, or from the period (or periods) `origin`."""
        frame = self.forecast_frame(table, origin, horizon)
        names = list(QUANTILE_NAMES)
        quantiles = frame[names].to_numpy()
        rows = frame.drop(columns=names).to_dict("records")
        return [
            ForecastRow(**_plain(row), quantiles=dict(zip(names, q.tolist(), strict=True)))
            for row, q in zip(rows, quantiles, strict=True)
        ]

    def forecast_frame(
        self, table: ModelRows, origin: Origin = None, horizon: int = HORIZONS
    ) -> pd.DataFrame:
        """The same as a frame: one column per quantile, product_id "" for the enterprise as a whole."""
        asked = once(list(self.outlooks(table, origin)))
        parts = [_forecast(outlook, rows, horizon, self.version) for outlook, rows in asked]
        return pd.concat(parts, ignore_index=True) if parts else _forecast_columns()

    def drivers(
        self,
        table: ModelRows,
        origin: Origin = None,
        horizon: int = HORIZONS,
        targets: Sequence[str] | None = None,
    ) -> list[DriverRow]:
        """Every feature's share of every forecast, ranked by size."""
        frame = self.drivers_frame(table, origin, range(1, horizon + 1), targets)
        return [DriverRow(**_plain(row)) for row in frame.to_dict("records")]

    def drivers_frame(
        self,
        table: ModelRows,
        origin: Origin = None,
        horizons: Sequence[int] = range(1, HORIZONS + 1),
        targets: Sequence[str] | None = None,
        top: int | None = None,
    ) -> pd.DataFrame:
        """The same as a frame; with `top`, that many per forecast and the sum of the others as one row."""
        asked = once(
            [o for o in self.outlooks(table, origin) if targets is None or o.model.target in targets]
        )
        parts = [driver_rows(outlook, tuple(horizons), rows, top) for outlook, rows in asked]
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else pd.DataFrame(columns=list(DriverRow.model_fields))
        )

    def outlooks(self, table: ModelRows, origin: Origin = None) -> Iterator[Outlook]:
        """Each target's model beside the rows that it forecasts from."""
        for full in panels(table.frame, tuple(table.features)):
            model = self.panels.get((full.frequency, full.scope))
            panel = full.take(origins(full, origin))
            if model is None or not len(panel.t):
                continue
            linked = model.design.linked(panel)
            matrix = model.design.ridge_matrix(linked)
            for target in model.targets.values():
                rows = target.inputs(panel, linked, matrix)
                yield Outlook(model, target, panel, rows)


def _forecast(outlook: Outlook, wanted: Mask, horizon: int, version: str) -> pd.DataFrame:
    point = outlook.model.point(outlook.rows)
    quantiles = outlook.model.predictive(outlook.panel, outlook.rows, point)
    rows = np.flatnonzero(wanted)
    keys = outlook.panel.keys.iloc[np.repeat(rows, horizon)]
    step = np.tile(np.arange(1, horizon + 1), len(rows))
    frame = pd.DataFrame(
        {
            "enterprise_id": keys["enterprise_id"].to_numpy(),
            "product_id": keys["product_id"].to_numpy(),
            "target": outlook.model.target,
            "origin": keys["period"].to_numpy(),
            "period": labels(keys["t"].to_numpy() + step, outlook.panel.frequency),
            "horizon": step,
            "mean": outlook.model.link.inverse(point[rows][:, :horizon]).ravel(),
            "model_version": version,
        }
    )
    values = quantiles[rows][:, :horizon].reshape(-1, len(QUANTILE_NAMES))
    return pd.concat([frame, pd.DataFrame(values, columns=list(QUANTILE_NAMES))], axis=1)


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """As a row says it: no product is null, an unknown value too."""
    known = {name: None if value != value else value for name, value in row.items()}
    return known | {"product_id": row["product_id"] or None}


def _forecast_columns() -> pd.DataFrame:
    fields = [name for name in ForecastRow.model_fields if name != "quantiles"]
    return pd.DataFrame(columns=[*fields, *QUANTILE_NAMES])
