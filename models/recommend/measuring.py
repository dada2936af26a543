"""What to record while a move is made, so that afterwards somebody can say whether it worked."""

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from models.recommend.methods import LEAST_RELIABILITY
from models.recommend.rows import IndicatorEffect, Measure

ENOUGH: Final = 0.9
"""Reliability of a period's mean from which on the gauge no longer blurs the verdict."""
MOST_READINGS: Final = 30


def measures(
    effects: tuple[IndicatorEffect, ...], parameter: pd.Series, evidence: dict[str, Any], readings: float
) -> tuple[Measure, ...]:
    """What to record: the lever itself, first submissions of its process, what the effects touch, and the
    gauge where it is due.

    `readings` is how many readings of the lever a period has now; `evidence` holds `gauge_reliability`.
    """
    touched = {effect.target for effect in effects}
    reliability = evidence.get("gauge_reliability")
    asked = readings_needed(reliability, readings) or max(1, round(readings))
    found = [Measure(code="lever", what=str(parameter["parameter_id"]), readings=asked)]
    if "ftq" in touched:
        found.append(Measure(code="first_pass", what=text_of(parameter.get("process_id"))))
    if "internal_loss" in touched:
        found.append(Measure(code="internal_costs"))
    if touched & {"ppm", "external_loss"}:
        found.append(Measure(code="deliveries"))
    if "external_loss" in touched:
        found.append(Measure(code="external_costs"))
    if gauge_study_due(parameter.get("gauge_sd"), reliability):
        found.append(Measure(code="gauge_rr", what=str(parameter["parameter_id"])))
    return tuple(found)


def readings_needed(reliability: float | None, readings: float) -> int | None:
    """Readings a period for which their mean is reliable to nine tenths (at most thirty); None if unknown.

    The error of a mean of m readings shrinks with m: with reliability ρ at m₀ readings, m = m₀ (1 − ρ)/ρ ×
    0.9/0.1 (Spearman–Brown).
    """
    if reliability is None or not 0 < reliability <= 1:
        return None
    needed = max(readings, 1.0) * (1 - reliability) / reliability * ENOUGH / (1 - ENOUGH)
    return int(np.clip(math.ceil(needed - 1e-9), max(1, math.floor(readings)), MOST_READINGS))


def gauge_study_due(gauge_sd: object, reliability: float | None) -> bool:
    """Whether a gauge R&R is due: none is on record, or the gauge drowns the lever."""
    unknown = gauge_sd is None or pd.isna(gauge_sd)  # type: ignore[call-overload]
    return bool(unknown) or (reliability is not None and reliability < LEAST_RELIABILITY)


def text_of(value: object) -> str | None:
    """A cell as text; None where it is blank."""
    return None if value is None or value != value or value == "" else str(value)
