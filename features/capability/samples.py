"""Measured values of many characteristics at once, laid out so that every statistic is one pass of NumPy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.capability.constants import Floats, Ints

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Samples:
    """Values in the order of time, characteristic after characteristic.

    `values` (float64), `characteristic` (its number for every value: 0 … count − 1, ascending) and
    `subgroup` (a number that changes wherever a new subgroup begins). A characteristic may have no value
    at all.
    """

    values: Floats
    characteristic: Ints
    subgroup: Ints
    count: int

    def of(self, values: Floats) -> Samples:
        """Return the same layout with other values; what rests on the layout is not worked out again."""
        other = replace(self, values=values)
        vars(other).update({name: self.__dict__[name] for name in ("n", "_first") if name in self.__dict__})
        return other

    def sums(self, of_values: Floats | Ints | Flags) -> Floats:
        """Return the sum per characteristic of something that each value has."""
        return _totals(self.characteristic, of_values, self.count)

    @cached_property
    def n(self) -> Ints:
        """Number of values per characteristic."""
        return np.bincount(self.characteristic, minlength=self.count)

    @cached_property
    def mean(self) -> Floats:
        """Mean per characteristic, NaN without a value; in two passes, so that a large offset costs no
        digits.
        """
        rough = _ratio(self.sums(self.values), self.n)
        return rough + _ratio(self.sums(self.values - rough[self.characteristic]), self.n)

    @cached_property
    def deviations(self) -> Floats:
        """Each value minus the mean of its characteristic."""
        return self.values - self.mean[self.characteristic]

    @cached_property
    def squares(self) -> Floats:
        """Sum of squared deviations per characteristic; exactly zero for a constant one."""
        constant = self.sums(self.steps != 0) == 0
        return np.where(constant, 0.0, self.sums(self.deviations**2))

    @cached_property
    def steps(self) -> Floats:
        """Each value minus its predecessor; 0 for the first of a characteristic."""
        return np.where(self._first, 0.0, np.diff(self.values, prepend=self.values[:1]))

    @cached_property
    def _first(self) -> Flags:
        """Whether a value is the first of its characteristic."""
        first: Flags = np.diff(self.characteristic, prepend=-1) != 0
        return first

    @cached_property
    def sd_overall(self) -> Floats:
        """Standard deviation of all values per characteristic (n − 1), NaN below two values."""
        return np.sqrt(_ratio(self.squares, np.where(self.n > 1, self.n - 1, 0)))

    def successive(self, power: int) -> Floats:
        """Return Σ |xᵢ₊₁ − xᵢ|^power per characteristic."""
        return self.sums(np.abs(self.steps) ** power)

    @cached_property
    def groups(self) -> Groups:
        """The subgroups as they were taken."""
        begins = self._first | (np.diff(self.subgroup, prepend=-1) != 0)
        return Groups.of(self, np.flatnonzero(begins))

    @cached_property
    def individual(self) -> Flags:
        """Whether a characteristic was measured one value at a time: less than half stand in subgroups."""
        groups = self.groups
        together = np.where(groups.size >= 2, groups.size, 0)
        individual: Flags = groups.sums(together) * 2 < self.n
        return individual

    @cached_property
    def units(self) -> Groups:
        """What one point of a control chart is: a subgroup, or a single value of an individual one."""
        starts = np.zeros(len(self.values), dtype=bool)
        starts[self.groups.start] = True
        starts |= self.individual[self.characteristic]
        same = np.count_nonzero(starts) == len(self.groups.start)
        return self.groups if same else Groups.of(self, np.flatnonzero(starts))


@dataclass(frozen=True)
class Groups:
    """Consecutive values taken together: first value, size, owner, mean, Σ squares and range of each."""

    start: Ints
    size: Ints
    characteristic: Ints
    mean: Floats
    squares: Floats
    range: Floats
    count: int

    @classmethod
    def of(cls, samples: Samples, start: Ints) -> Groups:
        """Summarise the stretches of values that begin at `start`."""
        values = samples.values
        if len(start) == len(values):
            return cls._singles(samples)
        size = np.diff(np.append(start, len(values)))
        centre = _reduce(np.add, samples.deviations, start) / np.maximum(size, 1)
        inner = samples.deviations - np.repeat(centre, size)
        spread = _reduce(np.maximum, values, start) - _reduce(np.minimum, values, start)
        squares = np.where(spread > 0, _reduce(np.add, inner**2, start), 0.0)
        owner = samples.characteristic[start]
        return cls(start, size, owner, centre + samples.mean[owner], squares, spread, samples.count)

    @classmethod
    def _singles(cls, samples: Samples) -> Groups:
        """Summarise groups of one value each: nothing is to be computed."""
        n, nothing = len(samples.values), np.zeros(len(samples.values))
        number, one = np.arange(n), np.ones(n, dtype=np.int64)
        return cls(number, one, samples.characteristic, samples.values, nothing, nothing, samples.count)

    def sums(self, of_groups: Any) -> Floats:  # noqa: ANN401 - any numeric array, one number per group
        """Return the sum per characteristic of something that each group has."""
        return _totals(self.characteristic, of_groups, self.count)

    @cached_property
    def k(self) -> Ints:
        """Number of groups per characteristic."""
        return np.bincount(self.characteristic, minlength=self.count)

    @cached_property
    def first(self) -> Ints:
        """Number of the first group of every characteristic."""
        return np.cumsum(self.k) - self.k

    @cached_property
    def order(self) -> Ints:
        """0, 1, 2 … within the characteristic."""
        return np.arange(len(self.start)) - self.first[self.characteristic]


def _reduce(ufunc: np.ufunc, values: Floats, start: Ints) -> Floats:
    reduced: Floats = ufunc.reduceat(values, start) if len(start) else np.zeros(0)
    return reduced


def _totals(owner: Ints, weights: Any, count: int) -> Floats:  # noqa: ANN401 - any numeric array
    return np.bincount(owner, weights=weights, minlength=count).astype(np.float64, copy=False)


def _ratio(above: Floats, below: Ints | Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by."""
    quotient: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return quotient
