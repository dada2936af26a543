"""What is served for one target: linear parts, booster texts, mixture weights and error quantiles.

Everything is numbers and LightGBM's own text: it is written as JSON and read back to the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from models.forecast import baselines
from models.forecast.beyond import Beyond, usual
from models.forecast.booster import HORIZON_GROUPS, group_of
from models.forecast.conformal import Spread
from models.forecast.design import INDUSTRY, Design
from models.forecast.links import Array, Link, widen_yield
from models.forecast.mixture import combine
from models.forecast.panel import Index, Panel
from models.forecast.route import shares, spread_groups, spread_out
from models.forecast.scales import Signs, signs
from models.results import HORIZONS

if TYPE_CHECKING:
    import lightgbm


@dataclass(frozen=True)
class Inputs:
    """A panel's rows as one target's model reads them."""

    linked: Array
    matrix: Array
    bases: Array
    start: Array
    history: Array
    expected: Array


@dataclass(frozen=True)
class TargetModel:
    """One target of one panel.

    `coefficients` 12 × ridge columns and `intercepts` 12 predict the change from the offset; `boosters` are
    texts, one per horizon group ("" for none); `weights` 12 × components; `means` are the training means of
    the bases (5), the offset (1) and the ridge columns, which drivers measure from. `basis` says what the
    forecast rests on, `route` names the steps that it is composed of, if any; `beyond` is how it goes on
    after the twelfth month.
    """

    target: str
    link: Link
    prior: baselines.Prior
    weights: Array
    coefficients: Array
    intercepts: Array
    boosters: tuple[str, ...]
    spread: Spread
    means: dict[str, Array]
    basis: str
    route: tuple[str, ...] = ()
    beyond: Beyond = field(default_factory=Beyond)

    @cached_property
    def trees(self) -> tuple[lightgbm.Booster | None, ...]:
        """The boosters, read from their texts."""
        import lightgbm

        return tuple(lightgbm.Booster(model_str=text) if text else None for text in self.boosters)

    def inputs(self, panel: Panel, linked: Array, matrix: Array) -> Inputs:
        """Bases, offset and what is known of each row."""
        bases = baselines.base_forecasts(panel, self.target, self.link, self.prior)
        spread = spread_out(matrix, shares(panel, self.route)) if self.route else matrix
        return Inputs(
            linked,
            spread,
            bases,
            baselines.offset(bases),
            baselines.has_history(panel, self.target),
            self.prior.expect(panel.column(INDUSTRY)),
        )

    def point(self, rows: Inputs) -> Array:
        """n × 12 model-scale forecasts; without any history, the sector's mean."""
        mixed = combine(self.weights, rows.bases, self.ridge(rows), self._boost(rows.linked))
        return np.where(rows.history[:, None] > 0, mixed, rows.expected[:, None])

    def groups(self, design: Design) -> Index:
        """For each column of `Inputs.matrix`, the position of its feature in the design's names."""
        return spread_groups(design, self.target, self.route) if self.route else design.groups()

    def ridge(self, rows: Inputs) -> Array:
        """n × 12 model-scale forecasts of the linear part alone."""
        return np.asarray(rows.start[:, None] + rows.matrix @ self.coefficients.T + self.intercepts)

    def fan(self, panel: Panel, rows: Inputs, point: Array) -> Array:
        """n × 12 × 19 predictive quantiles on the model scale, rising along the last axis."""
        return point[:, :, None] + self.spread.errors(self.signs(panel, rows))

    def signs(self, panel: Panel, rows: Inputs) -> Signs:
        """What the rows show of the size of their errors to come."""
        return signs(panel, self.target, rows.bases)

    def predictive(self, panel: Panel, rows: Inputs, point: Array) -> Array:
        """n × 12 × 19 quantiles in the target's unit, rising along the last axis."""
        values = self.in_unit(self.fan(panel, rows, point), panel.submitted)
        return values[:, :, ::-1] if self.link.falling else values

    def in_unit(self, values: Array, submitted: Array) -> Array:
        """Model scale (n × …) → target's unit; `submitted` n units say how coarse the next yields will be."""
        plain = self.link.inverse(values)
        if not self.link.falling:
            return plain
        return widen_yield(plain, submitted.reshape(-1, *[1] * (values.ndim - 1)))

    def _boost(self, linked: Array) -> Array:
        used = [bool(self.weights[np.array(g) - 1, -1].any()) for g in HORIZON_GROUPS]
        parts = [
            np.asarray(tree.predict(linked, num_threads=1))
            if tree is not None and use
            else np.zeros(len(linked))
            for tree, use in zip(self.trees, used, strict=True)
        ]
        return np.column_stack([parts[group_of(h)] for h in range(1, HORIZONS + 1)])

    def to_dict(self) -> dict[str, Any]:
        """JSON form, without the booster texts."""
        return {
            "target": self.target,
            "link": self.link.to_dict(),
            "prior": self.prior.to_dict(),
            "weights": self.weights.tolist(),
            "coefficients": self.coefficients.tolist(),
            "intercepts": self.intercepts.tolist(),
            "spread": self.spread.to_dict(),
            "means": {k: v.tolist() for k, v in self.means.items()},
            "basis": self.basis,
            "route": list(self.route),
            "beyond": self.beyond.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any], boosters: tuple[str, ...]) -> TargetModel:
        """What `to_dict` wrote, with its boosters' texts."""
        return cls(
            data["target"],
            Link(**data["link"]),
            baselines.Prior(**data["prior"]),
            np.array(data["weights"]),
            np.array(data["coefficients"]),
            np.array(data["intercepts"]),
            boosters,
            Spread.from_dict(data["spread"]),
            {k: np.array(v) for k, v in data["means"].items()},
            data["basis"],
            tuple(data["route"]),
            Beyond.from_dict(data.get("beyond", usual(data["target"]).to_dict())),
        )
