"""Outcome and levers with everything that history, context and season already say taken out (Frisch–Waugh, cross-fitted)."""

from dataclasses import dataclass

import numpy as np

from models.effects.links import FloatArray
from models.effects.nuisance import IntArray, out_of_fold, remove_common_time
from models.effects.kalman import history_error
from models.effects.panel import Panel, within_enterprise


@dataclass(frozen=True)
class Residuals:
    """What is left of one target and the levers of a sector, rows of enterprises in order.

    `y` (n,) on the link scale; `d` (n, J) in units of `scale`, 0 where the lever was not observed; `noise` (n, J) variance to
    be taken off `d`'s: the error of the level, and what that error hides in history (`models.effects.kalman`); `kept` (J,) share of a lever's within-plant variance left after partialling out; `reactive` (J,) share of what
    its own history and context leave open that past outcomes predict.
    """

    y: FloatArray
    d: FloatArray
    noise: FloatArray
    who: IntArray
    t: IntArray
    scale: FloatArray
    kept: FloatArray
    reactive: FloatArray
    enterprises: int

    def left(self, theta: FloatArray) -> FloatArray:
        """What effects `theta` (J,) per unit of `scale` leave unexplained of the outcome (n,)."""
        return np.asarray(self.y - self.d @ theta)


def residualise(panel: Panel, target: str, noise: FloatArray) -> Residuals:
    """Partials controls out of `target` and of every lever of `panel`; `noise` (E, J) as `error_variance` gives it."""
    rows = np.isfinite(panel.outcomes[target]) & np.isfinite(panel.levels).any(axis=1)
    y, levels, t, who = panel.outcomes[target][rows], panel.levels[rows], panel.t[rows], panel.who[rows]
    within = within_enterprise(levels, who)
    scale = _spread(within)
    Z = remove_common_time(np.column_stack([y, levels / scale]), t)
    X = remove_common_time(panel.controls[rows], t)
    left = Z - out_of_fold(X, Z, t)
    quiet = np.array([not _is_outcome(c) for c in panel.control_names], dtype=np.bool_)
    own = Z[:, 1:] - out_of_fold(X[:, quiet], Z[:, 1:], t)
    d = left[:, 1:]
    seen = np.isfinite(d)
    error = noise[who] / scale**2
    hidden = history_error(panel, target, scale, _mean_square(d), _mean_square(np.where(seen, np.sqrt(error), np.nan)))
    return Residuals(
        y=left[:, 0],
        d=np.nan_to_num(d),
        noise=np.where(seen, error + hidden, 0.0),
        who=who,
        t=t,
        scale=scale,
        kept=np.minimum(_mean_square(d) / _mean_square(within / scale), 1.0),
        reactive=np.clip(1 - _mean_square(d) / _mean_square(own), 0.0, 1.0),
        enterprises=len(panel.enterprises),
    )


def _is_outcome(control: str) -> bool:
    return not control.startswith(("param.", "calendar."))


def _mean_square(values: FloatArray) -> FloatArray:
    return np.asarray(np.nansum(values**2, axis=0) / np.maximum(np.isfinite(values).sum(axis=0), 1)).clip(1e-12)


def _spread(within: FloatArray) -> FloatArray:
    spread = np.sqrt(_mean_square(within))
    return np.where(spread > 1e-5, spread, 1.0)
