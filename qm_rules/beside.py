"""What people are shown beside the grade and what never decides it: the continuous σ, the worst product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import expm1
from statistics import NormalDist

from qm_rules.confidence import LOG_ALPHA
from qm_rules.exact import twelve_digits
from qm_rules.first_pass import chains_of
from qm_rules.indicators import MILLION
from qm_rules.json_types import Json

SHIFT = 1.5
"""The customary long-term shift of the mean, in σ, that the printed table contains."""


def continuous_sigma(nonconforming: int, units: int) -> str:
    """Return σ by the exact one-sided normal tail with the 1.5σ shift, to five decimals.

    Without a defect σ has no point value: "≥" and its one-sided 95 % lower bound. If nothing conforms: "–".
    """
    if nonconforming == units:
        return "–"
    if 2 * nonconforming > units:  # by the other tail: so close to 1 a float would be 1
        return f"{SHIFT + NormalDist().inv_cdf((units - nonconforming) / units):.5f}"
    if nonconforming:
        return f"{_sigma(nonconforming / units):.5f}"
    return f"≥ {_sigma(-expm1(LOG_ALPHA / units)):.5f}"


def worst_delivery(rows: Sequence[Mapping[str, Json]]) -> tuple[str, str] | None:
    """Return the product with the highest ppm (of equals the first id) and that ppm; None for one."""
    delivered = sorted((row for row in rows if row["units"]), key=lambda row: str(row["product_id"]))
    if len(delivered) < 2:
        return None
    worst = max(delivered, key=lambda row: Fraction(row["nonconforming"], row["units"]))
    return worst["product_id"], twelve_digits(worst["nonconforming"] * MILLION, worst["units"])


def worst_first_pass(rows: Sequence[Mapping[str, Json]]) -> tuple[str, str] | None:
    """Return the product with the lowest yield (of equals the first id) and that yield; None for one."""
    chains = sorted(chains_of(rows), key=lambda chain: chain.product_id)
    if len(chains) < 2:
        return None
    worst = min(chains, key=lambda chain: Fraction(chain.passed, chain.submitted))
    return worst.product_id, twelve_digits(worst.passed, worst.submitted)


def _sigma(fraction: float) -> float:
    return SHIFT - NormalDist().inv_cdf(fraction)
