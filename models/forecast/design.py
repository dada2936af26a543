"""From raw features to the two matrices that the models read.

Trees read the linked features with NaN as they are. Ridge reads the same columns centred, unknown values at
zero beside one indicator for each distinct pattern of missing values, and the industry as one column per
industry. Each ridge column belongs to a raw feature, so that contributions can be told by the model table's
names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.forecast.links import Array, Link, fit_link
from models.forecast.panel import Index, Panel
from models.results import TARGETS

LINKED = re.compile(rf"^({'|'.join(TARGETS)})\.(last|lag1|lag2|ew3|ew12|mean12|mean)$")
LOGARITHMIC = re.compile(rf"^(age|({'|'.join(TARGETS)})\.known)$")
INDUSTRY = "industry"
FAR = 8.0  # standard deviations at which an extreme reading stops counting for more


@dataclass(frozen=True)
class Design:
    """Which features a panel's models read, and the affine constants that make them comparable.

    `centre` and `scale` belong to the linked features `names`; `missing` lists the features whose pattern of
    unknown values has an indicator; `industries` the codes that have a column.
    """

    links: dict[str, Link]
    names: tuple[str, ...]
    centre: Array
    scale: Array
    missing: tuple[str, ...]
    industries: tuple[float, ...]

    def linked(self, panel: Panel) -> Array:
        """n × features on the model scale, NaN where unknown."""
        return np.column_stack([_link(self.links, name, panel.column(name)) for name in self.names])

    def ridge_matrix(self, linked: Array) -> Array:
        """n × columns, centred and scaled, no NaN."""
        z = np.clip((linked - self.centre) / self.scale, -FAR, FAR)
        numeric = [j for j, name in enumerate(self.names) if name != INDUSTRY]
        blocks = [np.nan_to_num(z[:, numeric])]
        blocks.append(np.isnan(linked[:, [self.names.index(m) for m in self.missing]]).astype(float))
        if INDUSTRY in self.names:
            code = linked[:, self.names.index(INDUSTRY)]
            blocks.append((code[:, None] == np.array(self.industries)[None, :]).astype(float))
        return np.hstack(blocks)

    def groups(self) -> Index:
        """For each ridge column, the position in `names` of the feature that it belongs to."""
        numeric = [j for j, name in enumerate(self.names) if name != INDUSTRY]
        indicators = [self.names.index(m) for m in self.missing]
        codes = [self.names.index(INDUSTRY)] * len(self.industries) if INDUSTRY in self.names else []
        return np.array(numeric + indicators + codes, dtype=np.int64)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "links": {k: v.to_dict() for k, v in self.links.items()},
            "names": list(self.names),
            "centre": self.centre.tolist(),
            "scale": self.scale.tolist(),
            "missing": list(self.missing),
            "industries": list(self.industries),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Design:
        """The design that `to_dict` wrote."""
        return cls(
            {k: Link(**v) for k, v in data["links"].items()},
            tuple(data["names"]),
            np.array(data["centre"]),
            np.array(data["scale"]),
            tuple(data["missing"]),
            tuple(data["industries"]),
        )


def fit_design(panel: Panel) -> Design:
    """Links and constants from a panel; features that are never known or never vary are left out.

    The constants only shift and stretch the inputs (ridge fits its own means on top), so that one design
    serves every refit of a backtest.
    """
    links = {y: fit_link(y, panel.scored[y]) for y in panel.targets}
    names, columns = [], []
    for name in panel.names:
        values = _link(links, name, panel.column(name))
        known = values[np.isfinite(values)]
        if len(known) and (np.ptp(known) > 1e-12 or len(known) < len(values)):
            names.append(name)
            columns.append(values)
    linked = np.column_stack(columns) if columns else np.empty((len(panel.t), 0))
    return Design(
        links, tuple(names), *_moments(linked), _patterns(names, linked), _industries(names, linked)
    )


def _link(links: dict[str, Link], name: str, values: Array) -> Array:
    found = LINKED.match(name)
    if found and found[1] in links:
        return links[found[1]].forward(values)
    return np.log1p(np.maximum(values, 0.0)) if LOGARITHMIC.match(name) else values


def _moments(linked: Array) -> tuple[Array, Array]:
    known = np.isfinite(linked)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, linked, 0.0)
    centre = filled.sum(axis=0) / count
    spread = np.sqrt(np.where(known, (filled - centre) ** 2, 0.0).sum(axis=0) / count)
    return centre, np.where(spread > 1e-12, spread, 1.0)


def _patterns(names: list[str], linked: Array) -> tuple[str, ...]:
    seen: dict[bytes, str] = {}
    for j, name in enumerate(names):
        unknown = np.isnan(linked[:, j])
        if 0 < unknown.sum() < len(unknown) and name != INDUSTRY:
            seen.setdefault(np.packbits(unknown).tobytes(), name)
    return tuple(seen.values())


def _industries(names: list[str], linked: Array) -> tuple[float, ...]:
    if INDUSTRY not in names:
        return ()
    code = linked[:, names.index(INDUSTRY)]
    return tuple(float(c) for c in np.unique(code[np.isfinite(code)]))
