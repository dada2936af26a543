"""The effect model: what each lever does to each indicator on each line, and how far that can be believed.

Double machine learning on the record of levers and outcomes. It never looks at the forecast model or at
SHAP: those say what a forecast rests on, which is another question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from models.effects.calibration import Settings, calibrate, error_variance, passing_shares
from models.effects.carrying import bending_of, escape_follows, spill_of
from models.effects.estimate import Pooled, pooled_effects
from models.effects.links import ESCAPE, FloatArray
from models.effects.panel import EffectTable, Panel, build_panels
from models.effects.pooling import Lines, shrunk_lines
from models.effects.refute import Refuters, refute
from models.effects.residuals import Residuals, residualise
from models.effects.sector import SectorEffects
from models.effects.series import LEAST_PERIODS, series_of
from models.effects.whole import Together, together

ROWS_PER_LEVER: Final = 5
Lack = Literal["no_readings", "few_periods", "too_many_levers"]


@dataclass(frozen=True)
class TooLittle:
    """Why no effect could be estimated for a sector and target."""

    panel: Panel
    target: str
    reason: str
    code: Lack


@dataclass(frozen=True)
class EffectModel:
    """All sectors' effects, and what could not be estimated."""

    panels: tuple[Panel, ...]
    effects: tuple[SectorEffects, ...]
    gaps: tuple[TooLittle, ...]

    def of(self, panel: Panel) -> dict[str, SectorEffects]:
        """A panel's effects by target; empty where nothing could be estimated."""
        return {e.target: e for e in self.effects if e.panel is panel}

    def together(self, enterprise_id: str, moves: Mapping[str, tuple[float, float]]) -> Together:
        """What several moves {parameter_id: (from, to)} of one enterprise do at once, in their units.

        Raises KeyError for an enterprise or a lever without an estimated effect.
        """
        for panel in self.panels:
            if enterprise_id in panel.enterprises:
                named = {panel.levers.index(p): move for p, move in moves.items() if p in panel.levers}
                if missing := sorted(set(moves) - {panel.levers[j] for j in named}):
                    raise KeyError(f"no effect of {missing[0]!r} is estimated for {enterprise_id!r}")
                return together(self.of(panel), panel.enterprises.index(enterprise_id), named)
        raise KeyError(f"no effects are estimated for {enterprise_id!r}")


def fit_effects(
    table: EffectTable,
    readings: pd.DataFrame | None = None,
    targets: tuple[str, ...] = ("ftq", ESCAPE),
    progress: Callable[[int, int], None] | None = None,
) -> EffectModel:
    """Fits every sector of `table`; `readings` as `models.effects.readings_per_period` counts them.

    `progress(done, total)` is called after each sector.
    """
    panels, results = build_panels(table), list[SectorEffects | TooLittle]()
    shares = passing_shares(panels)
    for done, panel in enumerate(panels, start=1):
        passing = np.array([shares[panel.frequency, name] for name in panel.surrounding_names])
        settings = calibrate(panel, error_variance(panel, table, readings), passing)
        results += [fit_sector(panel, target, settings) for target in targets if target in panel.outcomes]
        if progress is not None:
            progress(done, len(panels))
    fitted = [r for r in results if isinstance(r, SectorEffects)]
    gaps = tuple(r for r in results if isinstance(r, TooLittle))
    return EffectModel(tuple(panels), tuple(escape_follows(bending_of(spill_of(fitted)))), gaps)


def fit_sector(panel: Panel, target: str, settings: Settings) -> SectorEffects | TooLittle:
    """One sector and target, or why not; `settings` from `models.effects.calibration.calibrate`."""
    lack = _too_little(panel, target, settings)
    if lack is not None:
        return lack
    r = residualise(panel, settings, target)
    pooled = pooled_effects(r)
    return _sector(panel, target, settings, r, pooled, shrunk_lines(r, pooled), refute(r, pooled))


def _sector(
    panel: Panel,
    target: str,
    settings: Settings,
    r: Residuals,
    pooled: Pooled,
    lines: Lines,
    refuters: Refuters,
) -> SectorEffects:
    return SectorEffects(
        panel=panel,
        target=target,
        settings=settings,
        responses=r.responses,
        pooled=pooled,
        lines=lines,
        refuters=refuters,
        predicted=r.predicted,
        periods=_periods(panel, target, settings),
        upstream=_upstream(r, lines),
        nonadditive=_nonadditive(r, lines),
    )


def _upstream(r: Residuals, lines: Lines) -> tuple[float, float]:
    """(cross moment, power) of what levers did to the step before with what this step's levers leave over."""
    mine = lines.theta[r.who]
    carried, left = (r.upstream * mine).sum(axis=1), r.y - (r.d * mine).sum(axis=1)
    return float(carried @ left), float(carried @ carried)


def _nonadditive(r: Residuals, lines: Lines) -> tuple[float, float]:
    """(cross moment, power) of the squared effects of levers on a straight line with what is left over."""
    mine, bent = lines.theta[r.who], np.zeros(len(r.y))
    for lever, column in r.responses.straight().items():
        bent += (mine[:, column] / r.responses.size[column]) ** 2 * r.squares[:, lever]
    left = r.y - (r.d * mine).sum(axis=1)
    return float(bent @ left), float(bent @ bent)


def _periods(panel: Panel, target: str, settings: Settings) -> FloatArray:
    """(E, J) periods with a reading of the lever and an outcome beside it."""
    seen = np.isfinite(panel.outcomes[target])[:, None] & np.isfinite(panel.levels[:, : len(panel.levers)])
    return np.asarray(seen.sum(axis=2) * settings.has[:, : len(panel.levers)], dtype=np.float64)


def _too_little(panel: Panel, target: str, settings: Settings) -> TooLittle | None:
    if not panel.levers:
        return TooLittle(panel, target, "no parameter of kind `actionable` has readings", "no_readings")
    series = series_of(panel, settings, target)
    if not len(series.who):
        found = f"{_longest(panel, target)} periods with both levers and {target} on record"
        return TooLittle(panel, target, f"{found}, at least {LEAST_PERIODS} are needed", "few_periods")
    read = np.asarray(settings.has.any(axis=1))[:, None]
    rows = int((np.isfinite(panel.outcomes[target]) & read).sum())
    if rows < ROWS_PER_LEVER * len(panel.levers):
        found = f"{rows} periods of {target} for {len(panel.levers)} levers"
        told = f"{found}: with fewer than {ROWS_PER_LEVER} per lever their effects cannot be told apart"
        return TooLittle(panel, target, told, "too_many_levers")
    return None


def _longest(panel: Panel, target: str) -> int:
    both = np.isfinite(panel.outcomes[target]) & np.isfinite(panel.levels).any(axis=1)
    return int(both.sum(axis=1).max(initial=0))
