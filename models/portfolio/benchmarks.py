"""Where an enterprise stands among its like: percentiles by industry and size, drawn to larger groups' own.

A group's distribution is its own, mixed with that of the group around it as if that had sent `BELIEVED` more
members: division × size is drawn to its division, the division to everybody. So few members say little, and
no quantile is one enterprise's own value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.portfolio.discretion import FEWEST, shown
from models.portfolio.firsts import Mask
from models.portfolio.kept import Portfolio
from qm_rules import load_pack

BELIEVED = 10.0
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
Array = NDArray[np.float64]
Key = tuple[str, str]
"""Division of GB/T 4754 (two digits; "": all) and size ("": all)."""
EVERYBODY: Key = ("", "")


@dataclass(frozen=True)
class Benchmark:
    """One indicator in one group: `members` with a value, and quantiles from 0.1 to 0.9, shrunk."""

    indicator: str
    division: str
    size: str
    members: int
    quantiles: tuple[float, ...]


@dataclass(frozen=True)
class Standing:
    """An enterprise's `value` of an indicator among `members` others of its group: the share of them that is
    worse (`better_than`, ties count half), shrunk.
    """

    indicator: str
    value: float
    division: str
    size: str
    members: int
    better_than: float


def benchmarks(groups: Groups, divisions: Sequence[str] = ()) -> list[Benchmark]:
    """All groups that may be shown; with `divisions` only theirs, and the one of everybody."""
    wanted = [key for key in groups.open if not divisions or key[0] in {"", *divisions}]
    return [
        Benchmark(groups.indicator, *key, groups.count(key), tuple(groups.quantiles(key)))
        for key in sorted(wanted)
    ]


def standing(groups: Groups, row: int) -> Standing | None:
    """Where one enterprise (its row) stands in the finest group that may be shown; None without a value."""
    value, key = float(groups.values[row]), groups.finest(row)
    if not np.isfinite(value) or key is None:
        return None
    others = groups.weights(key) * (np.arange(len(groups.values)) != row)
    total = others.sum()
    if total == 0:
        return None
    worse = (groups.values < value) if _rising(groups.indicator) else (groups.values > value)
    share = (others[worse].sum() + others[groups.values == value].sum() / 2) / total
    return Standing(groups.indicator, value, *key, groups.count(key) - 1, float(share))


def _rising(indicator: str) -> bool:
    return load_pack().thresholds[indicator][-1][1] == ">="


class Groups:
    """One indicator's tree of groups: everybody, divisions, divisions × sizes, of those with a value.

    `open` are those that a reader may be shown who sees the enterprises `seen` (R booleans) one by one.
    """

    def __init__(self, portfolio: Portfolio, indicator: str, seen: Mask) -> None:
        """Find out which groups may be shown."""
        self.indicator = indicator
        self.values = portfolio.value(indicator)
        self.known = np.isfinite(self.values)
        self.division, self.size = portfolio.divisions, portfolio.text("size")
        self.order = np.argsort(self.values, kind="stable")[: int(self.known.sum())]
        self.open = self._open(seen)

    def _open(self, seen: Mask) -> set[Key]:
        leaves = _counted(self.division, self.size, self.known)
        unseen = _counted(self.division, self.size, self.known & ~seen)
        parts: dict[Any, list[Key]] = {EVERYBODY: sorted({(division, "*") for division, _ in leaves})}
        for division, size in sorted(leaves):
            parts.setdefault((division, "*"), []).append((division, size))
        hidden: dict[Any, int] = {leaf: unseen.get(leaf, 0) for leaf in leaves}
        for whole in parts[EVERYBODY]:
            hidden[whole] = sum(hidden[leaf] for leaf in parts[whole])
        hidden["root"] = sum(unseen.values())
        parts["root"] = parts.pop(EVERYBODY)
        found = shown("root", parts, hidden)
        keys = {EVERYBODY if key == "root" else (key[0], "" if key[1] == "*" else key[1]) for key in found}
        return {key for key in keys if self.count(key) >= FEWEST and (key == EVERYBODY or key[0])}

    def mask(self, key: Key) -> Mask:
        """R booleans: members with a value."""
        chosen = self.known.copy()
        if key[0]:
            chosen &= self.division == key[0]
        if key[1]:
            chosen &= self.size == key[1]
        return chosen

    def count(self, key: Key) -> int:
        """Members with a value."""
        return int(self.mask(key).sum())

    def finest(self, row: int) -> Key | None:
        """The smallest group of an enterprise that may be shown."""
        division, size = str(self.division[row]), str(self.size[row])
        return next((key for key in ((division, size), (division, ""), EVERYBODY) if key in self.open), None)

    def weights(self, key: Key) -> Array:
        """R weights that add up to one: the group's own members, and those of the groups around it."""
        around = [own for own in (EVERYBODY, (key[0], ""), key) if own in self.open]
        out = np.zeros(len(self.values))
        for own in dict.fromkeys(around):
            mask = self.mask(own)
            n = int(mask.sum())
            share = n / (n + BELIEVED) if out.any() else 1.0
            out = out * (1.0 - share) + mask * (share / n)
        return out

    def quantiles(self, key: Key) -> list[float]:
        """The least values up to which the weights add up to each of QUANTILES."""
        at = np.cumsum(self.weights(key)[self.order])
        places = np.searchsorted(at, np.array(QUANTILES) * at[-1]).clip(0, len(at) - 1)
        return [float(value) for value in self.values[self.order][places]]


def _counted(division: NDArray[np.str_], size: NDArray[np.str_], chosen: Mask) -> dict[Key, int]:
    pairs, counts = np.unique(np.stack([division[chosen], size[chosen]]), axis=1, return_counts=True)
    return {(str(d), str(s)): int(n) for (d, s), n in zip(pairs.T, counts, strict=True)}
