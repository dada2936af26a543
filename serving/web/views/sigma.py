"""The continuous σ that people like to read beside nonconforming units per million (OFFICIAL_GRADE item 4).

It is for the eye only: levels come from the printed table, and 231 ppm reads 5.00σ while it is below 5σ as
printed.
"""

from __future__ import annotations

from statistics import NormalDist

SHIFT = 1.5
"""The customary shift between short-term and long-term quality."""
CONFIDENCE = 0.95


def shown_sigma(nonconforming: int, units: int) -> tuple[float, bool]:
    """Return σ of a count, and whether it is only a lower bound.

    Without a single defect the true share is unknown but small: the answer is then the σ of the one-sided
    95 % Clopper–Pearson bound 1 − 0.05^(1/n).
    """
    if nonconforming == 0:
        return sigma_of(1 - (1 - CONFIDENCE) ** (1 / units)), True
    return sigma_of(nonconforming / units), False


def sigma_of(share: float) -> float:
    """Return 1.5 + Φ⁻¹(1 − share); a share of one or more has no σ and counts as −∞."""
    return SHIFT - NormalDist().inv_cdf(share) if share < 1 else float("-inf")
