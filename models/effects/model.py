"""The effect model: what each lever does to each indicator on each line, and how far that can be believed.

Double machine learning on the record of levers and outcomes. It never looks at the forecast model or at SHAP: those say what a
forecast rests on, which is another question.
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
from models.effects.pooling import shrunk_lines
from models.effects.refute import Refuters, refute
from models.effects.residuals import Residuals, residualise

ROWS_PER_LEVER: Final = 5
LEAST_PERIODS: Final = 18


@dataclass(frozen=True)
class SectorEffects:
    """Effects of all levers of a sector on one target's link scale, per unit of the lever.

    `line` (E, J) and `line_sd` (E, J): a line's own effect and its standard deviation; `sector` (J,) and `sector_sd` (J,): the
    pooled ones before shrinkage; `p_values`, `reliability` (share of the lever's news that is not gauge noise), `kept`,
    `reactive` (see `Residuals`): (J,); `periods` (E, J) readings of a lever that had an outcome beside them.
    """

    panel: Panel
    target: str
    line: FloatArray
    line_sd: FloatArray
    sector: FloatArray
    sector_sd: FloatArray
    degrees: float
    p_values: FloatArray
    reliability: FloatArray
    kept: FloatArray
    reactive: FloatArray
    periods: FloatArray
    refuters: Refuters


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
    for done, panel in enumerate(panels, start=1):
        noise = error_variance(panel, table, readings)
        results += [fit_sector(panel, target, noise) for target in targets if target in panel.outcomes]
        if progress is not None:
            progress(done, len(panels))
    fitted = tuple(r for r in results if isinstance(r, SectorEffects))
    return EffectModel(tuple(panels), fitted, tuple(r for r in results if isinstance(r, TooLittle)))


def fit_sector(panel: Panel, target: str, noise: FloatArray) -> SectorEffects | TooLittle:
    """One sector and target; `noise` (E, J) the error variance of a period's level. Says so where the data are too few."""
    fault = _too_little(panel, target)
    if fault:
        return TooLittle(panel, target, fault)
    r = residualise(panel, target, noise)
    pooled = pooled_effects(r)
    return _in_units(panel, target, r, pooled)


def _too_little(panel: Panel, target: str) -> str:
    rows = np.isfinite(panel.outcomes[target]) & np.isfinite(panel.levels).any(axis=1)
    periods = len(np.unique(panel.t[rows]))
    if not panel.levers:
        return "no parameter of kind `actionable` has readings"
    if periods < LEAST_PERIODS:
        return f"{periods} periods with both levers and {target} on record, at least {LEAST_PERIODS} are needed"
    if rows.sum() < ROWS_PER_LEVER * len(panel.levers):
        found = f"{int(rows.sum())} periods of {target} for {len(panel.levers)} levers"
        return f"{found}: with fewer than {ROWS_PER_LEVER} per lever their effects cannot be told apart"
    return ""


def _in_units(panel: Panel, target: str, r: Residuals, pooled: Pooled) -> SectorEffects:
    lines = shrunk_lines(r, pooled)
    counts = np.zeros(lines.theta.shape)
    np.add.at(counts, r.who, r.d != 0)
    return SectorEffects(
        panel=panel,
        target=target,
        line=lines.theta / r.scale,
        line_sd=np.sqrt(np.einsum("ijj->ij", lines.covariance)) / r.scale,
        sector=pooled.theta / r.scale,
        sector_sd=np.sqrt(np.diag(pooled.covariance)) / r.scale,
        degrees=pooled.degrees,
        p_values=pooled.p_values(),
        reliability=pooled.reliability,
        kept=r.kept,
        reactive=r.reactive,
        periods=counts,
        refuters=refute(r, pooled),
    )
