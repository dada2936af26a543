"""From raw features to the two matrices that the models read.

Both read *contrasts*: each part of a signal's history against that signal's own long mean, so that what
changed lately is not buried under the far larger differences between entities, and a column's penalty means
the same for every signal. Trees take unknown values as they are; for ridge they are at zero (nothing
changed), and the industry is one column per industry. Each column belongs to a raw feature, so that
contributions can be told by the model table's names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.forecast.links import Array, Link, fit_link
from models.forecast.panel import Index, Panel
from models.results import TARGETS

LINKED = re.compile(
    rf"^({'|'.join(TARGETS)}|process\.\d+|capability)\.(last|lag\d|ew\d+|mean12|mean|lowest|second)$"
)
LIKE = {"capability": "cpk"}  # signals that are read on a target's scale; the steps of the route on a yield's
HISTORY = re.compile(r"^(.+)\.(last|lag\d|ew\d+|mean12|mean)$")
REFERENCES = ("mean", "ew12")  # the first that a signal has is what its other parts are told against
OTHER_REFERENCES = {"capability.lowest": "cpk.mean", "capability.second": "capability.lowest"}
FOR_TREES_ONLY = re.compile(r"\.(mean12|known|sd)$")
LOGARITHMIC = re.compile(rf"^(age|({'|'.join(TARGETS)})\.known)$")
INDUSTRY = "industry"
YIELD = Link("cloglog")
FAR = 3.0  # standard deviations beyond which a reading counts no more: a lasting shift is then followed


@dataclass(frozen=True)
class Design:
    """Which features a panel's models read, and the affine constants that make them comparable.

    `columns` are the positions in `names` that ridge reads, `against` the position of each one's reference
    (−1: none), `centre` and `scale` the moments of the contrasts; `industries` the codes that have a column.
    """

    links: dict[str, Link]
    names: tuple[str, ...]
    columns: Index
    against: Index
    centre: Array
    scale: Array
    industries: tuple[float, ...]

    def linked(self, panel: Panel) -> Array:
        """n × features on the model scale, parts of histories as contrasts, NaN where unknown."""
        if not self.names:
            return np.empty((len(panel.t), 0))
        values = np.column_stack([_link(self.links, name, panel.column(name)) for name in self.names])
        return _contrasts(values, self.columns, self.against)

    def ridge_matrix(self, linked: Array) -> Array:
        """n × columns, centred and scaled, no NaN."""
        z = linked[:, self.columns]
        z -= self.centre
        z /= self.scale
        np.clip(z, -FAR, FAR, out=z)
        z[np.isnan(z)] = 0.0
        if INDUSTRY not in self.names:
            return z
        code = linked[:, self.names.index(INDUSTRY)]
        return np.hstack([z, (code[:, None] == np.array(self.industries)[None, :]).astype(np.float64)])

    def groups(self) -> Index:
        """For each ridge column, the position in `names` of the feature that it belongs to."""
        codes = [self.names.index(INDUSTRY)] * len(self.industries) if INDUSTRY in self.names else []
        return np.append(self.columns, np.array(codes, dtype=np.int64))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "links": {k: v.to_dict() for k, v in self.links.items()},
            "names": list(self.names),
            "columns": self.columns.tolist(),
            "against": self.against.tolist(),
            "centre": self.centre.tolist(),
            "scale": self.scale.tolist(),
            "industries": list(self.industries),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Design:
        """The design that `to_dict` wrote."""
        return cls(
            {k: Link(**v) for k, v in data["links"].items()},
            tuple(data["names"]),
            np.array(data["columns"], dtype=np.int64),
            np.array(data["against"], dtype=np.int64),
            np.array(data["centre"]),
            np.array(data["scale"]),
            tuple(data["industries"]),
        )


def fit_design(panel: Panel, until: int | None = None) -> Design:
    """Links and constants from a panel; features that are never known or never vary are left out.

    Offsets are estimated from the values up to time `until` (all, where none is known by then): a backtest
    must not learn them from later periods. How far answers may reach is told by all values, for a plant may
    come after `until` that is unlike any before it. The other constants only shift and stretch the inputs
    (ridge fits its own means on top), so that one design serves every refit.
    """
    links = {y: fit_link(y, _known_by(panel, y, until)).reaching(panel.scored[y]) for y in panel.targets}
    linked_of = {name: _link(links, name, panel.column(name)) for name in panel.names}
    names = tuple(name for name, values in linked_of.items() if _tells(values))
    linked = np.column_stack([linked_of[n] for n in names]) if names else np.empty((len(panel.t), 0))
    columns = [j for j, n in enumerate(names) if n != INDUSTRY and not FOR_TREES_ONLY.search(n)]
    read = np.array(columns, dtype=np.int64)
    against = np.array([_reference(names, names[j]) for j in columns], dtype=np.int64)
    industries = _industries(names, linked)
    moments = _moments(_contrasts(linked, read, against)[:, read])
    return Design(links, names, read, against, *moments, industries)


def _known_by(panel: Panel, target: str, until: int | None) -> Array:
    values = panel.scored[target]
    early = values[panel.t <= until] if until is not None else values
    return early if np.isfinite(early).any() else values


def _tells(values: Array) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known) and (np.ptp(known) > 1e-12 or len(known) < len(values)))


def _reference(names: tuple[str, ...], name: str) -> int:
    """Position of the long mean that a part of a history is told against; −1 for any other feature."""
    if OTHER_REFERENCES.get(name) in names:
        return names.index(OTHER_REFERENCES[name])
    found = HISTORY.match(name)
    if not found:
        return -1
    for part in REFERENCES:
        if f"{found[1]}.{part}" in names:
            return -1 if found[2] == part else names.index(f"{found[1]}.{part}")
    return -1


def _contrasts(values: Array, columns: Index, against: Index) -> Array:
    """Take from each of `columns` the reference that it is told against (in place)."""
    told = np.flatnonzero(against >= 0)
    references: Array = values[:, against[told]]
    values[:, columns[told]] -= references
    return values


def _link(links: dict[str, Link], name: str, values: Array) -> Array:
    found = LINKED.match(name)
    if found and found[1].startswith("process."):
        return YIELD.forward(values)
    if found and LIKE.get(found[1], found[1]) in links:
        return links[LIKE.get(found[1], found[1])].forward(values)
    return np.log1p(np.maximum(values, 0.0)) if LOGARITHMIC.match(name) else values


def _moments(values: Array) -> tuple[Array, Array]:
    known = np.isfinite(values)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, values, 0.0)
    centre = filled.sum(axis=0) / count
    spread = np.sqrt(np.where(known, (filled - centre) ** 2, 0.0).sum(axis=0) / count)
    return centre, np.where(spread > 1e-12, spread, 1.0)


def _industries(names: tuple[str, ...], linked: Array) -> tuple[float, ...]:
    if INDUSTRY not in names:
        return ()
    code = linked[:, names.index(INDUSTRY)]
    return tuple(float(c) for c in np.unique(code[np.isfinite(code)]))
