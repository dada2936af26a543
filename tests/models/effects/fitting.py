"""From a synthetic panel to pooled slopes per unit."""

import numpy as np

from models.effects.calibration import Settings, calibrate, error_variance, passing_shares
from models.effects.estimate import Pooled, pooled_effects
from models.effects.panel import EffectTable, Panel, build_panels
from models.effects.residuals import Residuals, residualise
from tests.models.effects.panel import Known


def prepared(table: EffectTable) -> tuple[Panel, Settings]:
    """The first panel of a table and its calibrated levels, as `fit_effects` makes them."""
    panel = build_panels(table)[0]
    shares = passing_shares([panel])
    passing = np.array([shares[panel.frequency, name] for name in panel.surrounding_names])
    return panel, calibrate(panel, error_variance(panel, table), passing)


def fitted(table: EffectTable) -> tuple[Residuals, Pooled]:
    """Residuals of first-time quality and the sector's effects."""
    r = residualise(*prepared(table), "ftq")
    return r, pooled_effects(r)


def slopes(r: Residuals, pooled: Pooled) -> tuple[np.ndarray, np.ndarray]:
    """Effects of the levers' straight parts and their standard errors, per unit (J,)."""
    straight = (r.responses.bend == 0) & (r.responses.lever >= 0)
    unit = r.responses.size[straight] * r.responses.scale
    return pooled.theta[straight] / unit, np.sqrt(np.diag(pooled.covariance))[straight] / unit


def mean_truth(known: Known) -> np.ndarray:
    """The levers' true mean effects over the plants, per unit (J,)."""
    levers = sorted({p for _, p in known.theta})
    return np.array([np.mean([v for (_, p), v in known.theta.items() if p == lever]) for lever in levers])
