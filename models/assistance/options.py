"""What could be done for whom, as a publication keeps it: the ways to help each enterprise, and the months at
which they would bring it to a level on the portfolio's own joint paths.

`options.parquet` has a row per option; `firsts-<basis>-<end>.npy` its first months (4 × O × P, as
`Portfolio.firsts`) with effects as estimated, drawn path by path, and at the weak end of their intervals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import Firsts
from models.portfolio.horizon import AHEAD

FOLDER, ROWS = "assistance", "options.parquet"
End = Literal["likely", "weak"]
ENDS: Final[tuple[End, ...]] = ("likely", "weak")


class NoOptionsError(RuntimeError):
    """The publication holds no options: none yet, or one of an earlier version."""


@dataclass(frozen=True)
class Action:
    """A lever to be moved, as it was recommended; `cost` is CNY a year."""

    parameter_id: str
    name: str | None
    unit: str | None
    before: float
    after: float
    cost: float
    cost_known: bool
    confidence: str


@dataclass(frozen=True)
class Option:
    """One way to help an enterprise: all `actions` begun next month, for `cost` CNY a year.

    `months` is the lead time: until nine tenths of all effects are in force. `benefit` is the failure cost
    avoided a year (None: no losses on record). `falls` are the chances, by reading of a level and end of the
    effects, that the window 3, 6, 12 … months ahead stands below today's level.
    """

    enterprise_id: str
    actions: tuple[Action, ...]
    months: int
    benefit: float | None
    falls: Mapping[Basis, Mapping[End, tuple[float, ...]]] = field(repr=False)

    @property
    def cost(self) -> float:
        """CNY a year; what is not stated counts as nothing (`cost_known`)."""
        return sum(action.cost for action in self.actions)

    @property
    def cost_known(self) -> bool:
        """Whether every action's cost is on record."""
        return all(action.cost_known for action in self.actions)

    def fall(self, basis: Basis, ahead: int, end: End = "likely") -> float:
        """Chance that the window so many months ahead (one of AHEAD) stands below today's level, or NaN."""
        return self.falls[basis][end][AHEAD.index(ahead)]


@dataclass(frozen=True)
class Options:
    """All options of a publication; `firsts` by reading and end, 4 × O × P."""

    rows: tuple[Option, ...]
    firsts: Mapping[tuple[Basis, End], Firsts]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """O, CNY a year."""
        return np.array([row.cost for row in self.rows], dtype=np.float64)

    @cached_property
    def of(self) -> dict[str, list[int]]:
        """Positions of the options of each enterprise."""
        found: dict[str, list[int]] = {}
        for place, row in enumerate(self.rows):
            found.setdefault(row.enterprise_id, []).append(place)
        return found

    @classmethod
    def load(cls, folder: Path) -> Options:
        """Read what `write` wrote into a publication's folder; raises NoOptionsError."""
        import pyarrow.parquet as pq

        own = folder / FOLDER
        if not (own / ROWS).exists():
            raise NoOptionsError(f"{folder}: found no options; `zhuoyue publish` makes them")
        rows = tuple(_read(text) for text in pq.read_table(own / ROWS)["option"].to_pylist())
        firsts = {
            (basis, end): np.load(_file(own, basis, end), mmap_mode="r", allow_pickle=False)
            for basis in BASES
            for end in ENDS
        }
        return cls(rows, firsts)


def write(folder: Path, options: Options) -> None:
    """Write options into the folder of a publication."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    own = folder / FOLDER
    own.mkdir(exist_ok=True)
    names = pa.array([row.enterprise_id for row in options.rows], pa.string())
    texts = pa.array([_told(row) for row in options.rows], pa.string())
    pq.write_table(pa.table({"enterprise_id": names, "option": texts}), own / ROWS, compression="zstd")
    for (basis, end), firsts in options.firsts.items():
        np.save(_file(own, basis, end), firsts, allow_pickle=False)


def none(paths: int) -> Options:
    """Nobody can be helped by an action that is trustworthy."""
    empty = np.empty((4, 0, paths), dtype=np.uint8)
    return Options((), {(basis, end): empty for basis in BASES for end in ENDS})


def _file(folder: Path, basis: Basis, end: End) -> Path:
    return folder / f"firsts-{basis}-{end}.npy"


def _told(row: Option) -> str:
    actions = [action.__dict__ for action in row.actions]
    plain = {**row.__dict__, "actions": actions, "falls": _plain(row.falls)}
    return json.dumps(plain, ensure_ascii=False)


def _plain(falls: Mapping[Basis, Mapping[End, Sequence[float]]]) -> dict[str, Any]:
    """NaN is not JSON."""
    return {
        b: {e: [None if x != x else x for x in own] for e, own in ends.items()} for b, ends in falls.items()
    }


def _read(text: str) -> Option:
    told = json.loads(text)
    actions = tuple(Action(**action) for action in told.pop("actions"))
    falls = {
        basis: {end: tuple(float("nan") if x is None else x for x in own) for end, own in ends.items()}
        for basis, ends in told.pop("falls").items()
    }
    return Option(**told, actions=actions, falls=falls)
