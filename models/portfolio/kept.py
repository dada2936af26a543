"""The files of a portfolio in the folder of a publication, and what is read from them without any model.

`portfolio.parquet` has a row per enterprise, in order of region and id; `portfolio-<basis>.npy` the joint
paths as bits (mapped into memory, shared by processes); `portfolio-history.parquet` the official levels of
past months; `portfolio.json` the months and what the rows rest on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.portfolio.bases import Basis
from models.portfolio.planes import Bits, Mask
from models.results import LEVELS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ROWS, HISTORY, FACTS = "portfolio.parquet", "portfolio-history.parquet", "portfolio.json"
AHEAD = (3, 6, 12)
"""Months ahead for which an enterprise's own chances are kept."""
WHO = ("enterprise_id", "name", "region_code", "industry_code", "size", "chain")
Numbers = NDArray[Any]


class NoPortfolioError(RuntimeError):
    """The publication holds no portfolio: none yet, or one of an earlier version."""


@dataclass(frozen=True)
class Portfolio:
    """R enterprises as they stood at a publication. Arrays are in the order of `enterprise_ids`.

    `today` is the month index of the latest records of all; joint paths go on from there. `order` names the
    official indicators and management items, `plan_targets` are the rows of that record table.
    """

    folder: Path
    columns: Mapping[str, Numbers]
    today: int
    order: tuple[str, ...]
    paths: int
    model_version: str
    plan_targets: tuple[Mapping[str, Any], ...] = ()
    _bits: dict[Basis, Bits] = field(default_factory=dict)
    _texts: dict[str, NDArray[np.str_]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Portfolio:
        """Read what `write` wrote; raises NoPortfolioError."""
        import pyarrow.parquet as pq

        if not (folder / FACTS).exists():
            raise NoPortfolioError(f"{folder}: found no portfolio; `zhuoyue publish` makes one")
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        table = pq.read_table(folder / ROWS)
        columns = {name: _array(table[name]) for name in table.column_names}
        bits: dict[Basis, Bits] = {
            basis: np.load(folder / f"portfolio-{basis}.npy", mmap_mode="r", allow_pickle=False)
            for basis in facts["bases"]
        }
        order, today = tuple(facts["order"]), facts["today"]
        wanted = tuple(facts["plan_targets"])
        return cls(folder, columns, today, order, facts["paths"], facts["model_version"], wanted, bits)

    def __len__(self) -> int:
        return len(self.enterprise_ids)

    @property
    def enterprise_ids(self) -> Numbers:
        """Ids (text)."""
        return self.columns["enterprise_id"]

    @cached_property
    def place(self) -> dict[str, int]:
        """Row of each enterprise."""
        return {str(name): row for row, name in enumerate(self.enterprise_ids)}

    def text(self, column: str) -> NDArray[np.str_]:
        """A column of `WHO` as fixed-width text, which whole-array comparisons want."""
        if column not in self._texts:
            self._texts[column] = self.columns[column].astype(np.str_)
        return self._texts[column]

    def level(self, basis: Basis) -> Numbers:
        """Official levels; 0 where there is none."""
        return self.columns[f"{basis}.level"]

    def since(self, basis: Basis) -> Numbers:
        """The first month (index) with a level at all; 0: never."""
        return self.columns[f"{basis}.since"]

    def first(self, basis: Basis, level: int) -> Numbers:
        """The first month (index) at the level or a better one; 0: never so far."""
        return self.columns[f"{basis}.first.{level}"]

    def reach(self, basis: Basis, level: int, ahead: int) -> Numbers:
        """Probability of the level or a better one at least once within so many months; NaN: no forecast."""
        return self.columns[f"{basis}.reach.{level}.{ahead}"]

    def fall(self, basis: Basis, ahead: int) -> Numbers:
        """Probability that the window which ends so many months ahead stands below today's level."""
        return self.columns[f"{basis}.fall.{ahead}"]

    def own_level(self, item: str) -> Numbers:
        """The own level of an indicator or a management item; 0 where it was not supplied."""
        return self.columns[f"own.{item}"]

    def value(self, indicator: str) -> Numbers:
        """An indicator's official value (σ: ppm; rates: fractions); NaN where nothing was computed."""
        return self.columns[f"value.{indicator}"]

    def bits(self, basis: Basis) -> Bits:
        """The joint paths, for `planes.counts`."""
        return self._bits[basis]

    @cached_property
    def divisions(self) -> NDArray[np.str_]:
        """Two digits of each enterprise's division of GB/T 4754; "" where there are none."""
        codes = self.columns["industry_code"].tolist()
        found = {code: _division(code) for code in set(codes)}
        return np.array([found[code] for code in codes], dtype="<U2")

    @cached_property
    def forecast(self) -> Mask:
        """Which enterprises have paths at all."""
        return np.isfinite(self.reach("performance", LEVELS[1], AHEAD[0]))

    @cached_property
    def history(self) -> pd.DataFrame:
        """Official levels by enterprise and month, before each one's latest month."""
        import pandas as pd

        return pd.read_parquet(self.folder / HISTORY)


def write(
    folder: Path, table: pa.Table, bits: Mapping[Basis, Bits], history: pd.DataFrame, facts: Mapping[str, Any]
) -> None:
    """Write a portfolio into the folder of a publication."""
    import pyarrow.parquet as pq

    pq.write_table(table, folder / ROWS, compression="zstd")
    history.to_parquet(folder / HISTORY, compression="zstd", index=False)
    for basis, own in bits.items():
        np.save(folder / f"portfolio-{basis}.npy", own, allow_pickle=False)
    text = json.dumps({**facts, "bases": list(bits)}, ensure_ascii=False, sort_keys=True)
    (folder / FACTS).write_text(text, encoding="utf-8")


def _array(column: pa.ChunkedArray) -> Numbers:
    found: Numbers = column.to_numpy()
    return found


def _division(code: str) -> str:
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:2]
    return digits if len(digits) == 2 and digits.isdigit() else ""
