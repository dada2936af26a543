"""Practices of a publication: written once, read column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.portfolio.kept import Portfolio
from models.practices.groups import Group, groups

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("enterprise_id", "kind", "subject", "value")
FILE, VERDICTS = "practices.parquet", "practice-verdicts.parquet"
ITEM = "item"
Array = NDArray[np.float64]
Name = tuple[str, str]
"""Kind of a practice and its subject: ("level", parameter id), ("item", item id), ("lot_size", "")."""


class NoPracticesError(RuntimeError):
    """The publication holds no practices: none yet, or one of an earlier version."""


@dataclass(frozen=True)
class Practices:
    """What every enterprise of a portfolio does, as far as records show it.

    `rows` have `COLUMNS`, in order of kind and subject; `verdicts` what the effect model says of moving a
    lever to where the leaders hold it.
    """

    portfolio: Portfolio
    rows: pd.DataFrame
    verdicts: pd.DataFrame

    @classmethod
    def load(cls, folder: Path, portfolio: Portfolio) -> Practices:
        """Read what `write` wrote; raises NoPracticesError."""
        import pandas as pd

        if not (folder / FILE).exists():
            raise NoPracticesError(f"{folder}: found no practices; `zhuoyue publish` makes them")
        verdicts = folder / VERDICTS
        return cls(
            portfolio,
            pd.read_parquet(folder / FILE),
            pd.read_parquet(verdicts) if verdicts.exists() else pd.DataFrame(),
        )

    @cached_property
    def groups(self) -> list[Group]:
        """Groups with their leaders."""
        return groups(self.portfolio)

    def group_of(self, row: int) -> Group | None:
        """The group of an enterprise (its row); None where it could not be placed or is too alone."""
        return next((group for group in self.groups if group.members[row]), None)

    def names(self, row: int) -> Iterator[Name]:
        """The practices that one enterprise has a value of."""
        from features.records.schema import ITEMS

        yield from ((ITEM, item) for item in ITEMS if self.portfolio.own_level(item)[row] > 0)
        own = self.rows.iloc[np.flatnonzero(self._place == row)]
        yield from (
            (str(kind), str(subject)) for kind, subject in zip(own["kind"], own["subject"], strict=True)
        )

    @cached_property
    def _place(self) -> NDArray[np.int64]:
        """Row of the portfolio that each row is about; -1: of nobody in it."""
        import pandas as pd

        ids = pd.Index(np.asarray(self.portfolio.enterprise_ids, dtype=object))
        return np.asarray(ids.get_indexer(self.rows["enterprise_id"].astype(object)), dtype=np.int64)

    def values(self, name: Name) -> Array:
        """R values of one practice, NaN where there is none."""
        kind, subject = name
        if kind == ITEM:
            levels = self.portfolio.own_level(subject)
            return np.where(levels > 0, levels, np.nan).astype(np.float64)
        out = np.full(len(self.portfolio), np.nan)
        own = self._rows_of.get(name, np.zeros(0, dtype=np.int64))
        own = own[self._place[own] >= 0]
        out[self._place[own]] = self._numbers[own]
        return out

    @cached_property
    def _numbers(self) -> Array:
        return self.rows["value"].to_numpy(dtype=np.float64)

    def verdict(self, row: int, subject: str) -> Mapping[str, Any] | None:
        """What the effect model says of holding a lever where the leaders do; None where it was not asked."""
        return self._verdicts.get((str(self.portfolio.enterprise_ids[row]), subject))

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        told = self.verdicts.astype(object).where(self.verdicts.notna(), None)
        rows = (dict(zip(told.columns, row, strict=True)) for row in told.to_numpy())
        return {(str(one["enterprise_id"]), str(one["subject"])): one for one in rows}

    @cached_property
    def _rows_of(self) -> dict[Name, NDArray[np.int64]]:
        """Numbers of the rows of each practice."""
        kinds, subjects = self.rows["kind"], self.rows["subject"]
        found = self.rows.groupby([kinds, subjects], sort=False).ngroup().to_numpy()
        order = np.argsort(found, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(found))[:-1]) if len(found) else []
        return {(str(kinds.iloc[own[0]]), str(subjects.iloc[own[0]])): own for own in parts}


def write(folder: Path, rows: pd.DataFrame, verdicts: pd.DataFrame) -> None:
    """Write practices into the folder of a publication."""
    ordered = rows[list(COLUMNS)].sort_values(["kind", "subject", "enterprise_id"], ignore_index=True)
    ordered.to_parquet(folder / FILE, compression="zstd", index=False)
    verdicts.to_parquet(folder / VERDICTS, compression="zstd", index=False)
