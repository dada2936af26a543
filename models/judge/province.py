"""What every chooser is given: records up to the origin, and which moves are feasible. Never the truth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from features.model_table import ModelTable, build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.effects import readings_per_period
from models.effects.links import from_link, to_link
from models.effects.panel import sector_of
from models.judge.choice import Lever
from models.recommend.loss_links import loss_links
from models.recommend.money import Losses, benefit, yearly_losses

YEAR: Final = 12
SHOWN: Final = (0.05, 0.95)
LEAST_READINGS: Final = 6
RECENT: Final = 12
SHOWN_MONTHS: Final = 36


@dataclass(frozen=True)
class Province:
    """Records of one world's plants, as a store would hold them.

    `table` is the model table, `readings` as `models.effects.readings_per_period` counts them.
    """

    table: ModelTable
    readings: pd.DataFrame

    @classmethod
    def of(cls, world: World) -> Self:
        """The records that a world's plants have kept."""
        tables = FrameTables(world.tables())
        return cls(build_model_table(tables), readings_per_period(tables))

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Rows of whole enterprises by the month, in order of enterprise and time."""
        frame = self.table.frame
        own = frame[(frame["product_id"] == "") & (frame["frequency"] == "month")]
        return own.sort_values(["enterprise_id", "t"], ignore_index=True)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """Every actionable lever of every enterprise that is read and has somewhere to go."""
        rows = dict(list(self.monthly.groupby("enterprise_id")))
        parameters = self.table.parameters[self.table.parameters["kind"] == "actionable"]
        found = [
            _lever(rows[row["enterprise_id"]], row)
            for row in parameters.to_dict("records")
            if row["enterprise_id"] in rows
        ]
        return tuple(lever for lever in found if lever is not None)

    @cached_property
    def losses(self) -> Mapping[str, Losses]:
        """Each enterprise's failure cost on record."""
        elasticity = loss_links(self.table)
        return {str(e): yearly_losses(rows, elasticity) for e, rows in self.monthly.groupby("enterprise_id")}

    @cached_property
    def link(self) -> Mapping[str, float]:
        """Each enterprise's yield of the last twelve known months, on its link; NaN where none is known."""
        known = self.monthly.dropna(subset=["ftq"]).groupby("enterprise_id")["ftq"]
        return {str(e): float(to_link("ftq", values.tail(YEAR)).mean()) for e, values in known}

    def saved(self, enterprise: str, change: float) -> float | None:
        """CNY a year by our own accounting for a change of the yield's link, the escaping share as it is;
        None where the plant keeps no record of its losses.
        """
        losses = self.losses[enterprise]
        return float(benefit(losses, np.array(change), np.array(0.0))) if losses.known else None

    def in_unit(self, enterprise: str, change: float) -> float:
        """A change of the yield's link as a change of the yield."""
        now = self.link.get(enterprise, np.nan)
        return float(from_link("ftq", now + change) - from_link("ftq", now))


def _lever(rows: pd.DataFrame, parameter: Mapping[Hashable, Any]) -> Lever | None:
    """A lever where it stood in the last year (mean), and the 5–95 % range that the line itself has shown in
    three, cut to `lower`, `upper` and `direction`; None where nobody read it lately, or there is no room.
    """
    name = f"param.{parameter['parameter_id']}.last"
    levels = rows[name].to_numpy(np.float64) if name in rows else np.empty(0)
    seen = levels[np.isfinite(levels)]
    if len(seen) < LEAST_READINGS or not np.isfinite(levels[-YEAR:]).any():
        return None
    now, (low, high) = (
        float(seen[-RECENT:].mean()),
        (float(x) for x in np.quantile(seen[-SHOWN_MONTHS:], SHOWN)),
    )
    low, high = max(low, _number(parameter["lower"], -np.inf)), min(high, _number(parameter["upper"], np.inf))
    low = now if parameter["direction"] == "up" else min(low, now)
    high = now if parameter["direction"] == "down" else max(high, now)
    own = (str(parameter["enterprise_id"]), str(parameter["parameter_id"]))
    sector, cost = sector_of(rows["industry_code"].iloc[-1]), YEAR * _number(parameter["cost_per_unit"], 0.0)
    return Lever(*own, sector, now, low, high, cost) if high > low else None


def _number(value: Any, otherwise: float) -> float:  # noqa: ANN401 (a cell of any table)
    return otherwise if pd.isna(value) else float(value)
