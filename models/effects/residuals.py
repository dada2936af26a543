"""Outcome and levers with everything that history, context and season already say taken out (Frisch–Waugh,
cross-fitted).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.kalman import history_error
from models.effects.links import FloatArray
from models.effects.nuisance import IntArray, out_of_fold, remove_common_time, within_enterprise
from models.effects.panel import Panel
from models.effects.proxies import standardised
from models.effects.treatments import Treatments, treatments_of, with_surroundings

ROWS_PER_CURVE: Final = 40


@dataclass(frozen=True)
class Residuals:
    """What is left of one target and the treatments of a sector, rows of enterprises in order.

    `y` (n,) on the link scale; `d` (n, K) the treatments, 0 where the lever was not observed; `noise` (n, K,
    K) covariance to be taken off d'd: errors of the levels and what they hide in history
    (`models.effects.kalman`); `kept` (K,) share of a treatment's within-plant variance left after
    partialling out; `reactive` (K,) share of what its own history and context leave open that past outcomes
    predict.
    """

    y: FloatArray
    d: FloatArray
    noise: FloatArray
    who: IntArray
    t: IntArray
    treatments: Treatments
    kept: FloatArray
    reactive: FloatArray
    enterprises: int

    def left(self, theta: FloatArray) -> FloatArray:
        """What effects `theta` (K,) leave unexplained of the outcome (n,)."""
        return np.asarray(self.y - self.d @ theta)


def residualise(panel: Panel, target: str, noise: FloatArray, passing: FloatArray | None = None) -> Residuals:
    """Partials controls out of `target` and of every lever of `panel`; `noise` (E, J) as `error_variance`
    gives it, `passing` (C,) shares of the surroundings' variance to be read as error
    (`models.effects.proxies`; none without it).

    Levers with an optimum need a curve: squares come in where there are at least `ROWS_PER_CURVE` rows per
    lever.
    """
    rows = np.isfinite(panel.outcomes[target]) & np.isfinite(panel.levels).any(axis=1)
    curved = bool(rows.sum() >= ROWS_PER_CURVE * max(len(panel.levers), 1))
    y, t, who = panel.outcomes[target][rows][:, None], panel.t[rows], panel.who[rows]
    levers = treatments_of(panel.levels[rows], noise[who], who, curved)
    shares = np.zeros(len(panel.surrounding_names)) if passing is None else passing
    treatments, raw, error = with_surroundings(*levers, standardised(panel)[rows], shares)
    Z = remove_common_time(np.hstack([y, raw]), t)
    X = remove_common_time(panel.controls[rows], t)
    left = Z - out_of_fold(X, Z, t)
    within, d = within_enterprise(raw, who), left[:, 1:]
    hidden = history_error(within_enterprise(y, who), within, mean_square(d), _mean_error(error, d), who, t)
    return Residuals(
        y=left[:, 0],
        d=np.nan_to_num(d),
        noise=error + np.isfinite(d)[:, :, None] * np.diag(hidden),
        who=who,
        t=t,
        treatments=treatments,
        kept=np.minimum(mean_square(d) / mean_square(within), 1.0),
        reactive=_reactive(panel, X, Z[:, 1:], d, t),
        enterprises=len(panel.enterprises),
    )


def _reactive(panel: Panel, X: FloatArray, Z: FloatArray, d: FloatArray, t: IntArray) -> FloatArray:
    quiet = np.array([c.startswith(("param.", "calendar.")) for c in panel.control_names], dtype=np.bool_)
    without_outcomes = Z - out_of_fold(X[:, quiet], Z, t)
    return np.clip(1 - mean_square(d) / mean_square(without_outcomes), 0.0, 1.0)


def _mean_error(error: FloatArray, d: FloatArray) -> FloatArray:
    seen = np.maximum(np.isfinite(d).sum(axis=0), 1)
    return np.asarray(np.einsum("nkk->k", error) / seen)


def mean_square(values: FloatArray) -> FloatArray:
    """Mean of the squares of what is known in each column (K,), never zero."""
    return np.asarray(np.nansum(values**2, axis=0) / np.maximum(np.isfinite(values).sum(axis=0), 1)).clip(
        1e-12
    )
