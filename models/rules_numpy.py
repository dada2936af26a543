"""The official rules for millions of sample paths: `qm_rules` compiled to NumPy.

There is one set of rules. This module holds no threshold, no level and no weight of its own: it takes the
ladders and the aggregation of a compiled `qm_rules` rulebook and evaluates them over arrays; tests hold it
equal to `qm_rules.grade` at and around every boundary. What it returns is the level of a simulated path,
never an official grade.

Numbers. A `value` is a float that stands for its shortest decimal and is compared with the float of the
printed threshold: right for every decimal of up to 15 digits. A ratio of whole numbers (counts, cents) is
compared by cross multiplication: exact while the products stay below 2**53 as floats, 2**63 as integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qm_rules import Pack, Policy, load_pack
from qm_rules.ladder import Step
from qm_rules.rulebook import HIGHEST, Rulebook, rulebook

Levels = NDArray[np.int8]
Numbers = NDArray[Any]
Given = ArrayLike | None
"""Levels 1-5: an array, one number for all paths, or None where it was not supplied."""

UFUNCS: dict[str, np.ufunc] = {">=": np.greater_equal, "<=": np.less_equal, "<": np.less}
_SMALL = 2**31


class PathGrades(NamedTuple):
    """Levels of all paths: together and by dimension; `complete` says whether everything was supplied.

    What was not supplied does not limit a path, as in the official `at_most`.
    """

    level: Levels
    dimensions: dict[str, Levels]
    complete: bool


class ArrayRules:
    """One pack under one policy, over arrays. Shapes broadcast as NumPy's do; levels are int8 from 1 to 5."""

    def __init__(self, pack: Pack | None = None, policy: Policy | None = None) -> None:
        self.book: Rulebook = rulebook(pack or load_pack(), policy or Policy())

    def level_of_value(self, indicator: str, value: ArrayLike) -> Levels:
        """Return the level of each value: sigma in ppm, rates as fractions. Raises ValueError for NaN."""
        values, steps = _known(indicator, value), self._steps(indicator)
        return _climbed([UFUNCS[step.operator](values, step.numerator / step.denominator) for step in steps])

    def level_of_ratio(self, indicator: str, numerator: ArrayLike, denominator: ArrayLike) -> Levels:
        """Return the level of each numerator/denominator (> 0); for sigma 10⁶ × nonconforming and units."""
        top, bottom = np.broadcast_arrays(_known(indicator, numerator), _known(indicator, denominator))
        return _climbed([_ratio_meets(step, top, bottom) for step in self._steps(indicator)])

    def grade(self, indicators: Mapping[str, Given], items: Mapping[str, Given]) -> PathGrades:
        """Return the levels of all paths from the own level of each indicator and item.

        Absent or None: not supplied. An indicator that is `not_tracked` or `inadmissible` is held at 1.
        Raises KeyError for an unknown name.
        """
        own = {**dict.fromkeys((*self.book.ladders, *self.book.items)), **indicators, **items}
        unknown = own.keys() - {*self.book.ladders, *self.book.items}
        if unknown:
            raise KeyError(f"unknown {sorted(unknown)}; allowed: {[*self.book.ladders, *self.book.items]}")
        shape = np.broadcast_shapes(*(np.shape(level) for level in own.values() if level is not None))
        levels = {name: _levels(HIGHEST if level is None else level, shape) for name, level in own.items()}
        literal = {
            name for name, ladder in self.book.ladders.items() if ladder.literal and own[name] is not None
        }
        dimensions = {
            name: _dimension(levels, members, literal) for name, members in self.book.members.items()
        }
        return PathGrades(
            self.together(dimensions), dimensions, all(level is not None for level in own.values())
        )

    def _steps(self, indicator: str) -> tuple[Step, ...]:
        return self.book.ladders[indicator].steps

    def together(self, dimensions: Mapping[str, Levels]) -> Levels:
        """Return the level from those of all dimensions, whose shapes broadcast."""
        if self.book.aggregation == "performance_only":
            return dimensions["performance"]
        if self.book.aggregation == "lowest":
            return reduce(np.minimum, dimensions.values())
        ordered = np.sort(np.stack(np.broadcast_arrays(*dimensions.values())), axis=0)
        return np.asarray(ordered[(len(dimensions) - 1) // 2])


def _dimension(levels: Mapping[str, Levels], members: Sequence[str], literal: Set[str]) -> Levels:
    """Return the lowest level; 1 where a loss taken literally does not support the 2 that is the lowest."""
    lowest: Levels = reduce(np.minimum, [levels[name] for name in members])
    above = [levels[name] > 2 for name in members if name in literal]
    if above:
        unsupported = (lowest == 2) & reduce(np.logical_or, above)
        lowest = np.where(unsupported, np.int8(1), lowest) if unsupported.any() else lowest
    return lowest


def _levels(level: ArrayLike, shape: tuple[int, ...]) -> Levels:
    return np.broadcast_to(np.asarray(level, dtype=np.int8), shape)


def _known(indicator: str, values: ArrayLike) -> Numbers:
    array: Numbers = np.asarray(values)
    if array.dtype.kind not in "iu":
        array = array.astype(np.float64, copy=False)
        if np.isnan(array).any():
            raise ValueError(
                f"{indicator}: found NaN; allowed: numbers (hold what is not known at its last level)"
            )
    return array


def _ratio_meets(step: Step, top: Numbers, bottom: Numbers) -> Numbers:
    meets = UFUNCS[step.operator]
    if step.numerator < _SMALL and step.denominator < _SMALL:
        return np.asarray(meets(top * step.denominator, step.numerator * bottom))
    return np.asarray(meets(top, step.numerator / step.denominator * bottom))


def _climbed(met: Sequence[Numbers]) -> Levels:
    """Return 1 + how many steps are met from the lowest on."""
    so_far = np.array(met[0], dtype=np.bool_)
    level = so_far.astype(np.int8) + np.int8(1)
    for step in met[1:]:
        so_far &= step
        level += so_far
    return np.asarray(level, dtype=np.int8)
