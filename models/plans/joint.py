"""What several actions do together on the link scales, as one joint normal distribution.

Any set's effect follows from the single actions and their pairs: the effect model's curves are sums of lever
terms and of products of two levers, so that the interaction of three is that of its pairs. Covariances come
from variances of pairs: var(a + b) = var a + var b + 2 cov.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol
from zlib import crc32

import numpy as np

from models.attainment.known import MONTHS, Array
from models.plans.actions import Action

Moves = Mapping[str, tuple[float, float]]
FAILING, ESCAPE, CAPABILITY = 0, 1, 2
LEAST_ARRIVED = 0.05


class Change(Protocol):
    """Mean and standard deviation of a change on a link scale."""

    @property
    def mean(self) -> float:
        """Best estimate."""

    @property
    def sd(self) -> float:
        """How far it may be wrong."""


class Together(Protocol):
    """The answer of `EffectModel.together`: all moves at once, interactions included."""

    @property
    def failing(self) -> Change:
        """Change of log(−log yield), mean of the year after the move, against leaving alone."""

    @property
    def escape(self) -> Change:
        """Change of the log share of failing units that get out."""

    @property
    def arrival(self) -> tuple[float, ...]:
        """Share of the full effect in force in each of the year's periods after the move."""


@dataclass(frozen=True)
class Draws:
    """`single` P × 3 × A full effects of each action (on log failing units, the log escape share, log Cpk),
    drawn; `pairs` 3 × A × A interactions (upper triangle), taken at their mean.
    """

    single: Array
    pairs: Array


@dataclass(frozen=True)
class JointEffects:
    """Full effects of A actions: `mean` 2 × A, `pairs` 2 × A × A (upper triangle: what two do beyond their
    sum), `covariance` 2 × A × A, and `arrival` A × 12 shares in force by month after the move. The escape
    share gets `follows` of the effect on failing units, so that an error of one is one of both.
    """

    names: tuple[str, ...]
    mean: Array
    pairs: Array
    covariance: Array
    arrival: Array
    follows: float = 0.0

    def draw(self, count: int, seed: int, capability: float = 0.0) -> Draws:
        """`count` joint draws; a Cpk follows failing units by a slope of mean `capability`.

        Which characteristic a lever touches is not known, so an action's slope is drawn from the exponential
        distribution: often near nothing, sometimes much. An action's standard draws depend on its name alone:
        another action more or less does not change what chance gives to the others.
        """
        if not self.names:
            return Draws(np.zeros((count, 3, 0)), np.zeros((3, 0, 0)))
        lots = [np.random.default_rng([seed, 3, crc32(name.encode())]) for name in self.names]
        normal = np.stack([lot.standard_normal((count, 2)) for lot in lots], axis=2)
        slope = capability * np.stack([lot.standard_exponential(count) for lot in lots], axis=1)
        direct = self.covariance[ESCAPE] - self.follows**2 * self.covariance[FAILING]
        roots = np.stack([_root(self.covariance[FAILING]), _root(direct)])
        error = np.einsum("pkb,kab->pka", normal, roots)
        error[:, ESCAPE] += self.follows * error[:, FAILING]
        both = self.mean + error
        pairs = np.concatenate([self.pairs, capability * self.pairs[:1]])
        return Draws(np.concatenate([both, (slope * both[:, FAILING])[:, None]], axis=1), pairs)

    def weak(self, deviations: float) -> JointEffects:
        """Every effect so many standard deviations weaker than the best estimate, and no doubt left.

        What is weaker is the effect on units that fail and get out; its two parts share that as they hang
        together. All actions at once: as if what made one estimate too good had made all of them so.
        """
        failing, escape = (np.diagonal(own) for own in self.covariance)
        direct = np.maximum(escape - self.follows**2 * failing, 0.0)
        whole = np.sqrt((1.0 + self.follows) ** 2 * failing + direct)
        share = deviations / np.where(whole > 0, whole, 1.0)
        rise = (1.0 + self.follows) * failing
        later = np.stack([rise * share, (self.follows * rise + direct) * share])
        return replace(self, mean=self.mean + later, covariance=np.zeros_like(self.covariance))


def joint_effects(
    together: Callable[[Moves], Together], actions: Sequence[Action], follows: float = 0.0
) -> JointEffects:
    """Ask the effect model about every action and every pair; `follows` as in `JointEffects`."""
    if not actions:
        return JointEffects(
            (), np.zeros((2, 0)), np.zeros((2, 0, 0)), np.zeros((2, 0, 0)), np.zeros((0, MONTHS))
        )
    moves = [{action.parameter_id: action.move} for action in actions]
    alone = [together(move) for move in moves]
    arrival = np.array([by_month(found.arrival) for found in alone])
    mean, sd = _of(alone)
    count = len(actions)
    pairs, covariance = np.zeros((2, count, count)), np.zeros((2, count, count))
    covariance[:, range(count), range(count)] = sd**2
    for a, b in combinations(range(count), 2):
        both = together({**moves[a], **moves[b]})
        m, s = _of([both])
        pairs[:, a, b] = m[:, 0] - mean[:, a] - mean[:, b]
        shared = (s[:, 0] ** 2 - sd[:, a] ** 2 - sd[:, b] ** 2) / 2.0
        most = sd[:, a] * sd[:, b]
        covariance[:, a, b] = covariance[:, b, a] = np.clip(shared, -most, most)
    names = tuple(action.parameter_id for action in actions)
    return JointEffects(names, mean, pairs, covariance, arrival, follows)


def _of(found: Sequence[Together]) -> tuple[Array, Array]:
    """Means and standard deviations 2 × n of full effects: a promise is the mean of a year, in whose first
    periods only part of the effect is there.
    """
    full = 1.0 / np.maximum([np.mean(one.arrival) for one in found], LEAST_ARRIVED)
    changes = [[one.failing for one in found], [one.escape for one in found]]
    mean = np.array([[change.mean for change in row] for row in changes]) * full
    return mean, np.array([[change.sd for change in row] for row in changes]) * full


def by_month(arrival: Sequence[float]) -> Array:
    """Twelve monthly shares of a year's own periods (12, 52 or 365): of the one in each month's middle."""
    middle = (np.arange(MONTHS) + 0.5) * len(arrival) / MONTHS
    return np.asarray(arrival, dtype=np.float64)[middle.astype(np.int64)]


def _root(covariance: Array) -> Array:
    """Symmetric square root of the nearest covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
