"""The effects of one sector's levers on one target, and what a move of one of them does on one line."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from models.effects.calibration import Settings
from models.effects.estimate import Pooled
from models.effects.links import FloatArray
from models.effects.panel import EVERYWHERE, Panel
from models.effects.pooling import Lines
from models.effects.refute import Refuters
from models.effects.responses import Responses
from models.effects.series import STEPWISE

PERIODS_A_YEAR: Final = {"month": 12, "week": 52, "day": 365}
RECENT: Final = 12
UNTOLD: Final = 1.1
"""How much larger real errors are than the standard errors tell, and `MISFIT` the share of an effect by which
the model's form may be wrong (shapes, echoes, places): both tuned on simulated provinces 21–23."""
MISFIT: Final = 0.15


@dataclass(frozen=True)
class Change:
    """What a move does to a target on its link scale, mean of the coming year's periods against leaving
    alone: the line's own mean and standard deviation, and the sector's verdict.
    """

    mean: float
    sd: float
    verdict: dict[str, float]


@dataclass(frozen=True)
class SectorEffects:
    """Effects of all levers of a sector on one target.

    `lines` holds every line's own; `periods` (E, J) counts readings of a lever that had an outcome beside
    them; `predicted` (K,) as in `Residuals`. `bending`: by how much a straight effect bends with its own size
    (`models.effects.carrying`). `spill`: what a step gets of the effect on the step before it; `follows`:
    what the escape share gets of the effect on how many units fail (0 for other targets).
    """

    panel: Panel
    target: str
    settings: Settings
    responses: Responses
    pooled: Pooled
    lines: Lines
    refuters: Refuters
    predicted: FloatArray
    periods: FloatArray
    upstream: tuple[float, float] = (0.0, 0.0)
    nonadditive: tuple[float, float] = (0.0, 0.0)
    spill: float = 0.0
    bending: float = 0.0
    follows: float = 0.0
    shares: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", step_shares(self.panel))

    def contrast(self, lever: int, before: float, after: float, enterprise: int | None = None) -> FloatArray:
        """The columns' change (K,) by a lasting move, mean of the coming year."""
        return self.responses.contrast(lever, before, after, enterprise) * float(self.arrival(lever).mean())

    def arrival(self, lever: int) -> FloatArray:
        """Share of a lasting move's full effect in force in each period of the coming year."""
        return self.responses.arrival(lever, PERIODS_A_YEAR[self.panel.frequency])

    def weights(self, enterprise: int, lever: int) -> FloatArray:
        """What each step (P,) gets of the effect on the lever's own; for a whole plant's target just 1."""
        place = int(self.panel.place[enterprise, lever])
        if self.target != STEPWISE:
            return np.ones(1)
        if place == EVERYWHERE:
            return np.ones(self.shares.shape[1])
        own = np.zeros(self.shares.shape[1])
        own[place] = 1.0
        own[place + 1 : place + 2] = self.spill
        return own

    def effect(self, enterprise: int, lever: int, before: float, after: float) -> float:
        """Change of the link of the lever's own step by a move, mean of the coming year."""
        c, theta = self.contrast(lever, before, after, enterprise), self.lines.theta[enterprise]
        column = self.responses.straight().get(lever)
        if column is None or self.bending == 0.0:
            return float(c @ theta)
        slope = float(theta[column] / self.responses.size[column])
        bent = self.bending * slope**2 * self.responses.own_square(lever, before, after, enterprise)
        return float(c @ theta) + bent * float(self.arrival(lever).mean())

    def change(
        self, enterprise: int, lever: int, before: float, after: float, before_sd: float = 0.0
    ) -> Change:
        """Effect of moving one lever (index into `panel.levers`) of one enterprise from → to, in the lever's
        unit; `before_sd`: how little is known of the place where it would stand left alone.
        """
        c = self.contrast(lever, before, after, enterprise)
        theta, covariance = self.lines.theta[enterprise], self.lines.covariance[enterprise]
        own = self.effect(enterprise, lever, before, after)
        mean, slope = self.whole(enterprise, self.weights(enterprise, lever) * own)
        gain = float(slope @ self.weights(enterprise, lever))
        variance = gain**2 * float(c @ covariance @ c)
        if before_sd > 0:
            unsure = self.contrast(lever, before - before_sd, before + before_sd, enterprise) / 2
            variance += (gain * float(unsure @ theta)) ** 2
        return Change(mean, doubt(mean, variance), self.refuters.verdict(c))

    def foretold(self, lever: int) -> float:
        """Share of a lever's own news that past outcomes and season foretold: how far it answers quality."""
        return float(
            self.predicted[(self.responses.lever == lever) & (self.responses.bend == 0)].max(initial=0.0)
        )

    def whole(self, enterprise: int, steps: FloatArray) -> tuple[float, FloatArray]:
        """Change of the plant's link by changes of its steps' links (P,), and its derivatives (P,)."""
        if self.target != STEPWISE:
            return float(steps[0]), np.ones(1)
        moved = self.shares[enterprise] * np.exp(steps)
        return float(np.log(moved.sum())), moved / moved.sum()


def doubt(mean: float, variance: float) -> float:
    """Standard deviation of a change of a link, from its sampling variance and what the model's form leaves
    open.
    """
    return float(np.sqrt(UNTOLD**2 * variance + (MISFIT * mean) ** 2))


def step_shares(panel: Panel) -> FloatArray:
    """(E, P) share of each step in −log of the whole yield, each over the last periods that know it."""
    failing = np.exp(panel.steps)
    known = np.isfinite(failing)
    late = np.cumsum(known[:, :, ::-1], axis=2)[:, :, ::-1] <= RECENT
    use = known & late
    mean = np.where(use, np.nan_to_num(failing), 0.0).sum(axis=2) / np.maximum(use.sum(axis=2), 1)
    total = mean.sum(axis=1, keepdims=True)
    even = 1 / mean.shape[1]
    return np.asarray(np.where(total > 0, mean / np.where(total > 0, total, 1.0), even))
