"""The files of a portfolio in the folder of a publication, and what is read from them without any model.

`portfolio.parquet` has a row per enterprise, in order of region and id; `portfolio-firsts-<basis>.npy` the
first months on joint paths (mapped into memory, shared by processes); `portfolio-history.parquet` the
official levels of past months; `portfolio.json` the months and what the rows rest on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from features.periods import to_label
from models.portfolio.bases import Basis
from models.portfolio.firsts import Firsts, Mask, counts
from models.portfolio.gains import gains
from models.portfolio.horizon import AHEAD
from models.results import LEVELS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ROWS, HISTORY, FACTS = "portfolio.parquet", "portfolio-history.parquet", "portfolio.json"
WHO = ("enterprise_id", "name", "region_code", "industry_code", "size", "chain")
Numbers = NDArray[Any]


class NoPortfolioError(RuntimeError):
    """The publication holds no portfolio: none yet, or one of an earlier version."""


@dataclass(frozen=True)
class Portfolio:
    """R enterprises as they stood at a publication. Arrays are in the order of `enterprise_ids`.

    `today` is the month index of the latest records of all; joint paths go on from there for `months`.
    `order` names the official indicators and management items, `plan_targets` are the rows of that record
    table.
    """

    folder: Path
    columns: Mapping[str, Numbers]
    today: int
    order: tuple[str, ...]
    paths: int
    months: int
    model_version: str
    plan_targets: tuple[Mapping[str, Any], ...] = ()
    _firsts: Mapping[Basis, Firsts] = field(default_factory=dict)
    _texts: dict[str, NDArray[np.str_]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Portfolio:
        """Read what `write` wrote; raises NoPortfolioError."""
        import pyarrow.parquet as pq

        if not (folder / FACTS).exists():
            raise NoPortfolioError(f"{folder}: found no portfolio; `zhuoyue publish` makes one")
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        if "months" not in facts:
            raise NoPortfolioError(f"{folder}: an earlier version wrote it; `zhuoyue publish` does it anew")
        table = pq.read_table(folder / ROWS)
        columns = {name: _array(table[name]) for name in table.column_names}
        firsts: dict[Basis, Firsts] = {
            basis: np.load(_file(folder, basis), mmap_mode="r", allow_pickle=False)
            for basis in facts["bases"]
        }
        wanted = tuple(facts["plan_targets"])
        extent = (facts["paths"], facts["months"], facts["model_version"])
        return cls(folder, columns, facts["today"], tuple(facts["order"]), *extent, wanted, firsts)

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
        """Probability of the level or a better one at least once within so many months, one of AHEAD; NaN
        without a forecast so far.
        """
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

    def firsts(self, basis: Basis) -> Firsts:
        """First months at levels 2 … 5 on the joint paths; everybody's path p is of the same shocks."""
        return self._firsts[basis]

    def counts(self, basis: Basis, level: int, members: Mask) -> NDArray[np.int64]:
        """P × months: how many of the members (R booleans) have reached a level by each coming month."""
        return counts(self.firsts(basis), level, members, self.months)

    @cached_property
    def ahead(self) -> tuple[str, ...]:
        """Labels of the coming months."""
        return tuple(to_label(self.today + ahead, "month") for ahead in range(1, self.months + 1))

    def part(self, rows: slice) -> Portfolio:
        """Neighbouring enterprises alone; nothing is copied."""
        columns = {name: own[rows] for name, own in self.columns.items()}
        firsts = {basis: own[:, rows] for basis, own in self._firsts.items()}
        texts = {name: own[rows] for name, own in self._texts.items()}
        return replace(self, columns=columns, _firsts=firsts, _texts=texts)

    def run(self, region: str) -> slice:
        """The rows of the regions whose code begins so: they are neighbours."""
        codes = self.text("region_code")
        beyond = region[:-1] + chr(ord(region[-1]) + 1) if region else ""
        end = np.searchsorted(codes, beyond) if region else len(codes)
        return slice(int(np.searchsorted(codes, region)), int(end))

    def changed(self, rows: NDArray[np.integer[Any]], firsts: Mapping[Basis, Firsts]) -> Portfolio:
        """The portfolio in which some rows (n) have other first months (4 × n × P, as `firsts`).

        Chances of reaching move as the shares of paths do; those of falling stay as they are, since first
        months do not tell them.
        """
        columns, new = dict(self.columns), dict(self._firsts)
        late = np.maximum(self.today - self.columns["end"][rows], 0)
        for basis, own in firsts.items():
            for name, gained in gains(basis, self.firsts(basis)[:, rows], own, late):
                columns[name] = columns[name].copy()
                columns[name][rows] = np.clip(columns[name][rows] + gained, 0.0, 1.0)
            new[basis] = np.array(self.firsts(basis))
            new[basis][:, rows] = own
        return replace(self, columns=columns, _firsts=new)

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
    folder: Path,
    table: pa.Table,
    firsts: Mapping[Basis, Firsts],
    history: pd.DataFrame,
    facts: Mapping[str, Any],
) -> None:
    """Write a portfolio into the folder of a publication."""
    import pyarrow.parquet as pq

    pq.write_table(table, folder / ROWS, compression="zstd")
    history.to_parquet(folder / HISTORY, compression="zstd", index=False)
    for basis, own in firsts.items():
        np.save(_file(folder, basis), own, allow_pickle=False)
    text = json.dumps({**facts, "bases": list(firsts)}, ensure_ascii=False, sort_keys=True)
    (folder / FACTS).write_text(text, encoding="utf-8")


def _file(folder: Path, basis: Basis) -> Path:
    return folder / f"portfolio-firsts-{basis}.npy"


def _array(column: pa.ChunkedArray) -> Numbers:
    found: Numbers = column.to_numpy()
    return found


def _division(code: str) -> str:
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:2]
    return digits if len(digits) == 2 and digits.isdigit() else ""
