"""The official thresholds as scales of the forecast targets, read from the rule pack."""

from __future__ import annotations

from functools import cache

from qm_rules import load_pack
from serving.web.level_bands import Band

INDICATORS = ("sigma", "cpk", "ftq", "internal_loss", "external_loss")
LEVELS = (1, 2, 3, 4, 5)
INDICATOR_OF = {"ppm": "sigma"}
"""Targets whose indicator has another name: σ is graded on nonconforming units per million."""

TARGET_OF = {"sigma": "ppm"}


def rising(indicator: str) -> bool:
    """Say whether more is better."""
    return load_pack().thresholds[indicator][-1][1] == ">="


@cache
def bands(target: str) -> tuple[Band, ...]:
    """Return the values of a target that support each level, lowest level first.

    A level whose criterion is not a number (losses that are not tracked) has no band.
    """
    thresholds = load_pack().thresholds[INDICATOR_OF.get(target, target)]
    bounds = {level: float(bound) for level, _, bound in thresholds}
    operators = {level: operator for level, operator, _ in thresholds}
    if rising(INDICATOR_OF.get(target, target)):
        return tuple(Band(level, bounds.get(level), bounds.get(level + 1)) for level in LEVELS)
    numeric = [level for level in LEVELS if level > 1 or operators[2] != ">="]
    tops = {level: bounds.get(level) for level in numeric if level != 2 or operators[2] != ">="}
    return tuple(Band(level, bounds.get(level + 1), tops.get(level)) for level in numeric)
