"""What effects carry further: from a step to the next one, from how many fail to what share gets out, and how
they bend with their own size.

Each is one number for all sectors of a frequency, learned from what levers did alone: other things that two
steps, or failures and escapes, have in common do not enter. The bending is Tukey's one degree of freedom for
non-additivity (1949, *Biometrics* 5): where better settings bring less and less, as with wear, effects on a
logarithm bend in proportion to their square, too little to show in any lever alone.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from models.effects.links import ESCAPE, FloatArray
from models.effects.sector import SectorEffects
from models.effects.series import STEPWISE

MOST_SPILL: Final = 0.5
FOLLOWS: Final = (0.0, 1.0)
PRIOR: Final = 0.15
"""Standard deviation of both around zero before the data are looked at."""

DETECTS: Final = 3.0
LOOSE: Final = 1.0
MOST_BENDING: Final = 1.5


def spill_of(fitted: list[SectorEffects]) -> list[SectorEffects]:
    """The same effects, each knowing what a step gets of the effect on the step before."""
    answer = []
    for e in fitted:
        same = [o.upstream for o in fitted if o.target == STEPWISE and o.panel.frequency == e.panel.frequency]
        cross, power = (sum(part[i] for part in same) for i in (0, 1))
        spill = float(np.clip(cross / (power + 1 / PRIOR**2), 0.0, MOST_SPILL))
        answer.append(replace(e, spill=spill) if e.target == STEPWISE else e)
    return answer


def bending_of(fitted: list[SectorEffects]) -> list[SectorEffects]:
    """The same effects, each on the steps' yields knowing how effects bend with their own size."""
    answer = []
    for e in fitted:
        same = [
            o.nonadditive for o in fitted if o.target == STEPWISE and o.panel.frequency == e.panel.frequency
        ]
        cross, power = (sum(part[i] for part in same) for i in (0, 1))
        bending = float(np.clip(cross / (power + 1 / LOOSE**2), 0.0, MOST_BENDING))
        answer.append(replace(e, bending=bending) if e.target == STEPWISE else e)
    return answer


def escape_follows(fitted: list[SectorEffects]) -> list[SectorEffects]:
    """The same effects; those on the escape share know how it follows the failing units.

    Least squares of the levers' effects on the escape share on their effects on failures, over all levers but
    those that clearly act on the checks themselves.
    """
    answer = []
    for e in fitted:
        if e.target != ESCAPE:
            answer.append(e)
            continue
        parts = [
            _both(o, fitted) for o in fitted if o.target == ESCAPE and o.panel.frequency == e.panel.frequency
        ]
        told = np.concatenate([p for p in parts if p is not None] or [np.zeros((0, 3))])
        cross, power = (
            float((told[:, 0] * told[:, 1] * told[:, 2]).sum()),
            float((told[:, 0] ** 2 * told[:, 2]).sum()),
        )
        answer.append(replace(e, follows=float(np.clip(cross / (power + 1 / PRIOR**2), *FOLLOWS))))
    return answer


def _both(escape: SectorEffects, fitted: list[SectorEffects]) -> FloatArray | None:
    """Rows (effect on failures, effect on the escape share, its weight), one per lever, for a usual move."""
    failing = next((o for o in fitted if o.panel is escape.panel and o.target == STEPWISE), None)
    if failing is None:
        return None
    rows = []
    for j in range(len(escape.panel.levers)):
        centre, scale = escape.responses.centre[j], escape.responses.scale[j]
        ends = (j, float(centre - scale), float(centre + scale))
        f, e = failing.contrast(*ends), escape.contrast(*ends)
        variance = max(float(e @ escape.pooled.covariance @ e), 1e-12)
        effect = float(e @ escape.pooled.theta)
        if abs(effect) < DETECTS * np.sqrt(variance):
            rows.append((_usual_share(failing, j) * float(f @ failing.pooled.theta), effect, 1 / variance))
    return np.array(rows).reshape(-1, 3)


def _usual_share(failing: SectorEffects, lever: int) -> float:
    """What part of an effect at a lever's own step the whole plant feels, mean over the sector's plants."""
    plants = range(len(failing.panel.enterprises))
    return float(np.mean([failing.shares[i] @ failing.weights(i, lever) for i in plants]))
