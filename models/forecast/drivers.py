"""What moved a forecast away from the ordinary: exact shares that add up.

On the model scale a forecast is a sum: mixture weights × simple baselines, ridge coefficient × column,
LightGBM's exact TreeSHAP contributions (Lundberg et al. 2020), and the offset as a feature of its own. Each
share is measured from the training mean. The inverse link bends the sum, so all shares are stretched by one
factor, (forecast − baseline) ÷ their sum, into the target's unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecast.baselines import BASES
from models.forecast.booster import HORIZON_GROUPS, contributions
from models.forecast.design import INDUSTRY, Design
from models.forecast.links import Array, Link
from models.forecast.target_model import Inputs, TargetModel
from models.results import HORIZONS

NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Shares:
    """Contributions n × 12 × features of one target; `baseline` 12 and `point` n × 12 on the model scale."""

    features: tuple[str, ...]
    scaled: Array
    baseline: Array
    point: Array

    def in_unit(self, link: Link) -> tuple[Array, Array, Array]:
        """Contributions n × 12 × features, baselines 12 and forecasts n × 12 in the target's unit."""
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


def explain(model: TargetModel, design: Design, rows: Inputs) -> Shares:
    """Shares of every feature in every horizon's forecast."""
    names = feature_names(model, design)
    shares = np.zeros((len(rows.bases), HORIZONS, len(names)))
    baseline = model.intercepts * model.weights[:, len(BASES)]
    baseline = baseline + _add_bases(model, rows, names, shares)
    baseline = baseline + _add_ridge(model, design, rows, shares)
    baseline = baseline + _add_trees(model, rows, shares)
    _start_cold(rows, names, shares, baseline)
    return Shares(names, shares, baseline, baseline + shares.sum(axis=2))


def _add_bases(model: TargetModel, rows: Inputs, names: tuple[str, ...], shares: Array) -> Array:
    baseline = model.weights[:, : len(BASES)] @ model.means["bases"]
    for j, base in enumerate(BASES):
        change = rows.bases[:, j] - model.means["bases"][j]
        shares[:, :, names.index(f"{model.target}.{base}")] += change[:, None] * model.weights[:, j]
    share = model.weights[:, len(BASES)]
    change = rows.start - model.means["offset"][0]
    shares[:, :, names.index(f"{model.target}.offset")] += change[:, None] * share
    return np.asarray(baseline + share * model.means["offset"][0])


def _add_ridge(model: TargetModel, design: Design, rows: Inputs, shares: Array) -> Array:
    weighted = model.coefficients * model.weights[:, [len(BASES)]]
    parts = (rows.matrix - model.means["matrix"])[:, None, :] * weighted[None]
    for column, feature in enumerate(design.groups()):
        shares[:, :, feature] += parts[:, :, column]
    return np.asarray(weighted @ model.means["matrix"])


def _add_trees(model: TargetModel, rows: Inputs, shares: Array) -> Array:
    baseline = np.zeros(HORIZONS)
    width = rows.linked.shape[1]
    for g, tree in enumerate(model.trees):
        group = [h - 1 for h in HORIZON_GROUPS[g]]
        if tree is None or not model.weights[group, -1].any():
            continue
        told = contributions(tree, rows.linked)
        for h in group:
            shares[:, h, :width] += told[:, :-1] * model.weights[h, -1]
            baseline[h] = told[0, -1] * model.weights[h, -1]
    return baseline


def _start_cold(rows: Inputs, names: tuple[str, ...], shares: Array, baseline: Array) -> None:
    # Without history the forecast is the sector's mean: all that can be told is the sector.
    cold = rows.history == 0
    shares[cold] = 0.0
    shares[cold, :, names.index(INDUSTRY)] = rows.expected[cold, None] - baseline[None, :]
