"""What changes of suppliers' deliveries spare their customers inside, alone or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from models.chains.keeping import Chains
from models.chains.links import weights
from models.chains.mending import Amount, reach
from models.chains.months import Array

SLOPES: Final = ("slope", "low", "high")
"""Of a carry: estimate, weak end, strong end."""


@dataclass(frozen=True)
class Flow:
    """The links among R enterprises `ids`: what one unit of a supplier's trouble sends everywhere (`reach`,
    customer × supplier) and how internal loss answers (`slopes`), at the estimate, the weak and the strong
    end; both empty where the records do not show that anything arrives. `internal` R is CNY a year, NaN
    where it is not on record.
    """

    ids: tuple[str, ...]
    internal: Array
    reach: tuple[sparse.csc_matrix, ...]
    slopes: tuple[float, ...]

    @property
    def shown(self) -> bool:
        """Whether anything is carried at all."""
        return bool(self.slopes)

    def alone(self, supplier: int, sent: Amount) -> Amount | None:
        """Return what one supplier's change of its log rate (`sent`) spares all others; None: not known."""
        if not self.shown:
            return None
        ends = [self._column(end, supplier, sent[end]) for end in range(3)]
        return Amount(*ends) if any(ends) else None

    def _column(self, end: int, supplier: int, change: float) -> float:
        column = self.reach[end][:, [supplier]]
        others = column.indices != supplier
        left = np.nan_to_num(self.internal[column.indices[others]])
        return float(-np.expm1(self.slopes[end] * column.data[others] * change) @ left)

    def together(self, sent: Array, left: Array) -> tuple[Array, Array, Array]:
        """Return R × 3 what all changes (`sent`, R × 3) spare each customer of what it has `left` (R × 3),
        what of that each supplier has sent, and what arrives (log units).
        """
        got, sent_on, came = np.zeros_like(sent), np.zeros_like(sent), np.zeros_like(sent)
        for end, (whole, slope) in enumerate(zip(self.reach, self.slopes, strict=True)):
            arrives = whole.multiply(sent[:, end]).tocsr()
            total = np.asarray(arrives.sum(axis=1)).ravel()
            came[:, end] = total
            got[:, end] = -np.expm1(slope * total) * left[:, end]
            per_unit = np.divide(got[:, end], total, out=np.zeros_like(total), where=total != 0.0)
            sent_on[:, end] = np.asarray(arrives.multiply(per_unit[:, None]).sum(axis=0)).ravel()
        return got, sent_on, came


def flow_of(chains: Chains, ids: Sequence[str]) -> Flow:
    """Return how trouble flows among these enterprises, and nobody else."""
    internal = now(chains, ids, "internal")
    carry, passed = chains.carry["internal_loss"], chains.carry["ppm"]
    if not carry.shown:
        return Flow(tuple(ids), internal, (), ())
    rows = pd.DataFrame(list(chains.links), columns=["supplier_id", "customer_id", "share"])
    graph = weights(ids, rows.assign(share=rows["share"].astype("float64")))
    on = [max(0.0, getattr(passed, name)) if passed.shown else 0.0 for name in SLOPES]
    slopes = tuple(float(getattr(carry, name)) for name in SLOPES)
    return Flow(tuple(ids), internal, tuple(reach(graph, slope).tocsc() for slope in on), slopes)


def now(chains: Chains, ids: Sequence[str], side: str) -> Array:
    """Return the losses of a side (`internal`, `external`), CNY a year; NaN where none is on record."""
    found = [chains.plants.get(name, {}).get(side) for name in ids]
    return np.array([np.nan if value is None else float(value) for value in found])
