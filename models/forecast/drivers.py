"""What moved a forecast away from the ordinary: exact shares that add up.

On the model scale a forecast is a sum: mixture weights × simple baselines, ridge coefficient × column,
LightGBM's exact TreeSHAP contributions (Lundberg et al. 2020), and the offset as a feature of its own. Each
share is measured from the training mean. The inverse link bends the sum, so all shares are stretched by one
factor, (forecast − baseline) ÷ their sum, into the target's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.forecast.baselines import BASES
from models.forecast.booster import HORIZON_GROUPS, contributions
from models.forecast.design import INDUSTRY, Design
from models.forecast.links import Array, Link
from models.forecast.panel import Index
from models.forecast.target_model import Inputs, TargetModel
from models.results import HORIZONS

NEGLIGIBLE = 1e-9
EVERY_HORIZON = tuple(range(1, HORIZONS + 1))


@dataclass(frozen=True)
class Shares:
    """Contributions n × horizons × features of one target, and `baseline` (horizons), on the model scale."""

    features: tuple[str, ...]
    horizons: tuple[int, ...]
    scaled: Array
    baseline: Array

    @property
    def point(self) -> Array:
        """n × horizons: the forecasts that the shares add up to."""
        return np.asarray(self.baseline + self.scaled.sum(axis=2))

    def in_unit(self, link: Link) -> tuple[Array, Array, Array]:
        """Contributions n × horizons × features, baselines, forecasts n × horizons, in the target's unit."""
        baseline, forecast = link.inverse(self.baseline), link.inverse(self.point)
        total = self.scaled.sum(axis=2)
        change = forecast - baseline
        steep = np.abs(total) > NEGLIGIBLE
        factor = np.where(steep, change / np.where(steep, total, 1.0), _slope(link, self.baseline))
        return self.scaled * factor[:, :, None], baseline, forecast


def _slope(link: Link, at: Array) -> Array:
    return np.asarray((link.inverse(at + 1e-6) - link.inverse(at - 1e-6)) / 2e-6, dtype=np.float64)


def feature_names(model: TargetModel, design: Design) -> tuple[str, ...]:
    """The design's features, then any baseline feature that it lacks, then the offset."""
    bases = [f"{model.target}.{b}" for b in BASES]
    more = [name for name in (*bases, f"{model.target}.offset", INDUSTRY) if name not in design.names]
    return (*design.names, *more)


def explain(
    model: TargetModel, design: Design, rows: Inputs, horizons: Sequence[int] = EVERY_HORIZON
) -> Shares:
    """Shares of every feature in the forecasts of some horizons."""
    names = feature_names(model, design)
    steps = np.array(horizons) - 1
    shares = np.zeros((len(rows.bases), len(steps), len(names)))
    baseline = model.intercepts[steps] * model.weights[steps, len(BASES)]
    baseline = baseline + _add_bases(model, rows, names, steps, shares)
    baseline = baseline + _add_ridge(model, design, rows, steps, shares)
    baseline = baseline + _add_trees(model, rows, steps, shares)
    _start_cold(rows, names, shares, baseline)
    return Shares(names, tuple(horizons), shares, baseline)


def _add_bases(
    model: TargetModel, rows: Inputs, names: tuple[str, ...], steps: Index, shares: Array
) -> Array:
    weights = model.weights[steps]
    baseline = weights[:, : len(BASES)] @ model.means["bases"]
    for j, base in enumerate(BASES):
        change = rows.bases[:, j] - model.means["bases"][j]
        shares[:, :, names.index(f"{model.target}.{base}")] += change[:, None] * weights[:, j]
    share = weights[:, len(BASES)]
    change = rows.start - model.means["offset"][0]
    shares[:, :, names.index(f"{model.target}.offset")] += change[:, None] * share
    return np.asarray(baseline + share * model.means["offset"][0])


def _add_ridge(model: TargetModel, design: Design, rows: Inputs, steps: Index, shares: Array) -> Array:
    weighted = model.coefficients[steps] * model.weights[steps][:, [len(BASES)]]
    change = rows.matrix - model.means["matrix"]
    for column, feature in enumerate(model.groups(design)):
        shares[:, :, feature] += change[:, [column]] * weighted[:, column]
    return np.asarray(weighted @ model.means["matrix"])


def _add_trees(model: TargetModel, rows: Inputs, steps: Index, shares: Array) -> Array:
    baseline = np.zeros(len(steps))
    width = rows.linked.shape[1]
    for tree, group in zip(model.trees, HORIZON_GROUPS, strict=True):
        asked = np.flatnonzero(np.isin(steps + 1, group) & (model.weights[steps, -1] != 0.0))
        if tree is None or not len(asked):
            continue
        told = contributions(tree, rows.linked)
        for i in asked:
            shares[:, i, :width] += told[:, :-1] * model.weights[steps[i], -1]
            baseline[i] = told[0, -1] * model.weights[steps[i], -1]
    return baseline


def _start_cold(rows: Inputs, names: tuple[str, ...], shares: Array, baseline: Array) -> None:
    # Without history the forecast is the sector's mean: all that can be told is the sector.
    cold = rows.history == 0
    shares[cold] = 0.0
    shares[cold, :, names.index(INDUSTRY)] = rows.expected[cold, None] - baseline[None, :]
