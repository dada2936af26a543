"""Ladders: the thresholds of one indicator as whole numbers, so that comparing is exact and quick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import ge, le, lt
from typing import NamedTuple

from qm_rules.exact import Ratio, twelve_digits
from qm_rules.pack.contents import Threshold

COMPARE: dict[str, Callable[[int, int], bool]] = {">=": ge, "<=": le, "<": lt}


class Step(NamedTuple):
    """What one level asks: `value operator numerator/denominator`; `needs` is the bound as people read it."""

    level: int
    operator: str
    numerator: int
    denominator: int
    needs: str


class Ladder:
    """The steps from level 2 to 5, which a value climbs one by one until one is not met.

    For a loss rate the printed level 2 (a loss of at least 3.0 %) is no step to climb: whoever knows the
    rate is there, so the step is "at least 0". `asked` is what a gap names: by the policy
    `level2_loss: literal` the printed bound, which a better rate then fails.
    """

    __slots__ = ("_climb", "asked", "literal", "steps")

    def __init__(self, thresholds: Sequence[Threshold], *, is_loss: bool, literal: bool) -> None:
        printed = tuple(_step(threshold) for threshold in thresholds)
        self.steps = (_step((2, ">=", Decimal(0))), *printed[1:]) if is_loss else printed
        self.literal = is_loss and literal
        self.asked = {step.level: step for step in (printed if self.literal else self.steps)}
        self._climb = [(s.level, COMPARE[s.operator], s.numerator, s.denominator) for s in self.steps]

    def level(self, numerator: int, denominator: int) -> int:
        """Return the level that the value numerator/denominator (> 0) reaches."""
        reached = 1
        for level, is_met, bound, scale in self._climb:
            if not is_met(numerator * scale, bound * denominator):
                break
            reached = level
        return reached

    def supports(self, own: int, level: int) -> bool:
        """Say whether an indicator whose own level is `own` supports a grade of `level`.

        That is own ≥ level; by `literal` a loss below the level-2 bound does not support level 2 itself.
        """
        return own >= level and not (self.literal and level == 2 and own > 2)

    def bound(self, level: int) -> Ratio:
        """Return the bound of a level from 2 to 5."""
        step = self.asked[level]
        return step.numerator, step.denominator


def _step(threshold: Threshold) -> Step:
    level, operator, bound = threshold
    numerator, denominator = bound.as_integer_ratio()
    return Step(level, operator, numerator, denominator, twelve_digits(numerator, denominator))
