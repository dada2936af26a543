"""The effect model: what each lever does to each indicator on each line, and how far that can be believed.

Double machine learning on the record of levers and outcomes. It never looks at the forecast model or at
SHAP: those say what a forecast rests on, which is another question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.effects.estimate import Pooled, pooled_effects
from models.effects.links import FloatArray
from models.effects.measurement import error_variance
from models.effects.panel import EffectTable, Panel, build_panels
from models.effects.pooling import Lines, shrunk_lines
from models.effects.proxies import passing_shares
from models.effects.refute import Refuters, refute
from models.effects.residuals import Residuals, residualise
from models.effects.treatments import Treatments

ROWS_PER_LEVER: Final = 5
LEAST_PERIODS: Final = 18
MISFIT: Final = 0.3
"""Share of an effect by which the model's form may be wrong (curves that flatten, effects that come in over
months); tuned on simulated provinces 100–104."""


@dataclass(frozen=True)
class Change:
    """What a move does to a target on its link scale: line's own mean and standard deviation, and the
    sector's verdict.
    """

    mean: float
    sd: float
    verdict: dict[str, float]


@dataclass(frozen=True)
class SectorEffects:
    """Effects of all levers of a sector on one target.

    `lines` holds every line's own; `periods` (E, J) counts readings of a lever that had an outcome beside
    them; `reliability`, `kept` and `reactive` are (K,) as in `Pooled` and `Residuals`.
    """

    panel: Panel
    target: str
    treatments: Treatments
    pooled: Pooled
    lines: Lines
    refuters: Refuters
    kept: FloatArray
    reactive: FloatArray
    periods: FloatArray

    def change(self, enterprise: int, lever: int, before: float, after: float) -> Change:
        """Effect of moving one lever (index into `panel.levers`) of one enterprise from → to, in the lever's
        unit.
        """
        c = self.treatments.contrast(lever, before, after)
        mean = float(c @ self.lines.theta[enterprise])
        variance = float(c @ self.lines.covariance[enterprise] @ c) + (MISFIT * mean) ** 2
        return Change(mean, float(np.sqrt(variance)), self.refuters.verdict(c))


@dataclass(frozen=True)
class TooLittle:
    """Why no effect could be estimated for a sector and target."""

    panel: Panel
    target: str
    reason: str


@dataclass(frozen=True)
class EffectModel:
    """All sectors' effects, and what could not be estimated."""

    panels: tuple[Panel, ...]
    effects: tuple[SectorEffects, ...]
    gaps: tuple[TooLittle, ...]


def fit_effects(
    table: EffectTable,
    readings: pd.DataFrame | None = None,
    targets: tuple[str, ...] = ("ftq", "internal_loss", "external_loss"),
    progress: Callable[[int, int], None] | None = None,
) -> EffectModel:
    """Fits every sector of `table`; `readings` as `models.effects.readings_per_period` counts them.

    `progress(done, total)` is called after each sector.
    """
    panels, results = build_panels(table), list[SectorEffects | TooLittle]()
    shares = passing_shares(panels)
    for done, panel in enumerate(panels, start=1):
        noise = error_variance(panel, table, readings)
        passing = np.array([shares[panel.frequency, name] for name in panel.surrounding_names])
        results += [
            fit_sector(panel, target, noise, passing) for target in targets if target in panel.outcomes
        ]
        if progress is not None:
            progress(done, len(panels))
    fitted = tuple(r for r in results if isinstance(r, SectorEffects))
    return EffectModel(tuple(panels), fitted, tuple(r for r in results if isinstance(r, TooLittle)))


def fit_sector(
    panel: Panel, target: str, noise: FloatArray, passing: FloatArray | None = None
) -> SectorEffects | TooLittle:
    """One sector and target, or why not; `noise` (E, J) the error variance of a period's level, `passing` as
    in `residualise`.
    """
    fault = _too_little(panel, target)
    if fault:
        return TooLittle(panel, target, fault)
    r = residualise(panel, target, noise, passing)
    pooled = pooled_effects(r)
    return SectorEffects(
        panel=panel,
        target=target,
        treatments=r.treatments,
        pooled=pooled,
        lines=shrunk_lines(r, pooled),
        refuters=refute(r, pooled),
        kept=r.kept,
        reactive=r.reactive,
        periods=_periods(r, len(panel.levers)),
    )


def _periods(r: Residuals, levers: int) -> FloatArray:
    counts = np.zeros((r.enterprises, levers))
    np.add.at(counts, r.who, r.d[:, :levers] != 0)
    return counts


def _too_little(panel: Panel, target: str) -> str:
    rows = np.isfinite(panel.outcomes[target]) & np.isfinite(panel.levels).any(axis=1)
    periods = len(np.unique(panel.t[rows]))
    if not panel.levers:
        return "no parameter of kind `actionable` has readings"
    if periods < LEAST_PERIODS:
        return (
            f"{periods} periods with both levers and {target} on record, at least {LEAST_PERIODS} are needed"
        )
    if rows.sum() < ROWS_PER_LEVER * len(panel.levers):
        found = f"{int(rows.sum())} periods of {target} for {len(panel.levers)} levers"
        return f"{found}: with fewer than {ROWS_PER_LEVER} per lever their effects cannot be told apart"
    return ""
