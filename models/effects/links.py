"""The scales effects are estimated on: each target's link, oriented so that more is worse.

DESIGN.md: log(−log yield) for first-time quality (`ftq`, a fraction in (0, 1)) and log(x + offset) for loss
rates (fractions) and `ppm` (per million). On these scales a lever's effect is close to additive over plants
of very different levels, and a move δ of a lever with effect θ multiplies a loss by e^(θδ).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

TARGETS: Final = ("ftq", "internal_loss", "external_loss", "ppm")
ESCAPE: Final = "escape"
"""Log share of nonconforming units that get out: log ppm less log(−log yield). Final checks act on it and on
nothing else.
"""

EDGE: Final = 1e-9


def to_link(target: str, values: npt.ArrayLike, offset: npt.ArrayLike = 0.0) -> FloatArray:
    """Natural units to the link scale, NaN staying NaN; `offset` (same unit as the values) keeps a zero loss
    finite.
    """
    x = np.asarray(values, dtype=np.float64)
    if target == "ftq":
        return np.asarray(np.log(-np.log(np.clip(x, EDGE, 1 - EDGE))))
    return np.asarray(np.log(np.maximum(x, 0.0) + np.maximum(np.asarray(offset, dtype=np.float64), EDGE)))


def from_link(target: str, link: npt.ArrayLike, offset: npt.ArrayLike = 0.0) -> FloatArray:
    """The inverse of `to_link`, in the target's own unit."""
    z = np.asarray(link, dtype=np.float64)
    if target == "ftq":
        return np.asarray(np.exp(-np.exp(z)))
    return np.asarray(np.exp(z) - np.maximum(np.asarray(offset, dtype=np.float64), EDGE))


def loss_offset(values: FloatArray) -> float:
    """Half the smallest positive value (same unit) where a zero occurs, else 0: an offset bends the scale
    and is only worth that where the logarithm needs it."""
    known = values[np.isfinite(values)]
    positive = known[known > 0]
    return float(positive.min() / 2) if positive.size and positive.size < known.size else 0.0
