"""What the models answer, as typed rows.

A `LevelForecast` is a probability over levels. It is a different type from the official `qm_rules.Grade` on
purpose: no model ever makes a grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

Target = Literal["ftq", "internal_loss", "external_loss", "ppm", "cpk"]
TARGETS: tuple[Target, ...] = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")
PRODUCT_TARGETS: tuple[Target, ...] = ("ftq", "ppm")
HORIZONS = 12
QUANTILES: tuple[float, ...] = tuple(step / 100 for step in range(5, 100, 5))
QUANTILE_NAMES: tuple[str, ...] = tuple(f"{q:.2f}" for q in QUANTILES)
LEVELS: tuple[int, ...] = (1, 2, 3, 4, 5)


class Row(BaseModel):
    """A row of an answer: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class ForecastRow(Row):
    """One target of one entity in one future period.

    `mean` is the point forecast (the inverse link of the model-scale mean) and `quantiles` the predictive
    distribution, both in the target's unit: fractions, ppm, or Cpk. `origin` is the last period with records.
    """

    enterprise_id: str
    product_id: str | None
    target: Target
    origin: str
    period: str
    horizon: int
    mean: float
    quantiles: dict[str, float]
    model_version: str


class DriverRow(Row):
    """One feature's share of one forecast; the contributions add up to forecast − baseline."""

    enterprise_id: str
    product_id: str | None
    target: Target
    period: str
    horizon: int
    rank: int
    feature: str
    value: float | None
    contribution: float
    contribution_model_scale: float
    baseline: float
    forecast: float


class LevelForecast(Row):
    """Probabilities {"1": …, "5": …} of each level of one enterprise in one future month; they add up to one.

    `basis` is `window` (the official twelve months that end there) or `period` (that month alone).
    """

    enterprise_id: str
    period: str
    horizon: int
    basis: Literal["window", "period"]
    probabilities: dict[str, float]

    def at_least(self, level: int) -> float:
        """Probability of that level or a better one."""
        return sum(p for name, p in self.probabilities.items() if int(name) >= level)


class AttainmentRow(LevelForecast):
    """The same, with what the months before it add.

    `reached_by` {"2": …, "5": …} is the probability of that level or better at least once up to then, and
    `held_for_three` that of that level or better in three consecutive months of the future, all of them by
    then; `scope` is `performance` where management items were never supplied; `held` lists what was kept at
    its latest state and not forecast.
    """

    reached_by: dict[str, float]
    scope: Literal["grade", "performance"]
    held: tuple[str, ...] = ()
    held_for_three: dict[str, float] = {}


def level_names(values: Mapping[int, float]) -> dict[str, float]:
    """Key probabilities by the level's number as text, the form of every answer."""
    return {str(level): float(value) for level, value in values.items()}
