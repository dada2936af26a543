"""Groups that planners ask about: everybody, provinces and cities, divisions of industry, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.aggregates.scope import ENTERPRISE
from models.attainment.sectors import divisions_of
from models.portfolio.firsts import Mask

FEWEST = 5
"""Members of a group that is worth a count."""
ALL = "all"


@dataclass(frozen=True)
class Group:
    """`members`: N booleans."""

    kind: str
    name: str
    members: Mask


@dataclass(frozen=True)
class Register:
    """What N enterprises are grouped by (text); "" where nothing is known."""

    region: NDArray[np.str_]
    division: NDArray[np.str_]
    size: NDArray[np.str_]

    def groups(self) -> Iterator[Group]:
        """Everybody, and every group of `FEWEST` or more that is not everybody."""
        everybody = np.ones(len(self.size), dtype=np.bool_)
        yield Group(ALL, "", everybody)
        kinds = {
            "province": np.array([code[:2] for code in self.region]),
            "city": np.array([code[:4] for code in self.region]),
            "industry": self.division,
            "size": self.size,
        }
        for kind, values in kinds.items():
            for name in np.unique(values[values != ""]):
                members = values == name
                if FEWEST <= members.sum() < len(members):
                    yield Group(kind, str(name), members)


def register_of(enterprises: pd.DataFrame, names: tuple[str, ...]) -> Register:
    """From rows of the record table, in the order of `names`."""
    rows = enterprises.drop_duplicates(ENTERPRISE).set_index(ENTERPRISE).reindex(list(names))
    division = np.array(divisions_of(rows["industry_code"].fillna("")), dtype=np.str_)
    region, size = (rows[name].fillna("").to_numpy(dtype=np.str_) for name in ("region_code", "size"))
    return Register(region, division, size)
