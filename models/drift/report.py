"""What a drift check answers, and when a test counts as an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.results import Row

Kind = Literal["input", "target", "error"]
FALSE_ALARM = 0.05
"""Chance that a check of an unchanged world raises any alarm, at most."""


class DriftRow(Row):
    """One test. `statistic` is signed: above 0, the months from `since` on lie higher than those of training.

    `shift` is their distance in usual monthly deviations; `alarm` holds all tests of the check in view.
    """

    kind: Kind
    frequency: str
    what: str
    since: str
    shift: float
    statistic: float
    p_value: float
    alarm: bool
    means: str


@dataclass(frozen=True)
class DriftReport:
    """All rows of a check, alarms first; `note` says why there is nothing to test, if so."""

    rows: tuple[DriftRow, ...]
    note: str = ""

    @property
    def drifted(self) -> bool:
        """Whether there is any alarm."""
        return any(row.alarm for row in self.rows)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What every alarm means, in words."""
        return tuple(row.means for row in self.rows if row.alarm)


def judged(rows: Sequence[DriftRow]) -> tuple[DriftRow, ...]:
    """The rows with their alarms.

    `FALSE_ALARM` is shared alike by the kinds that were tested (Bonferroni); within a kind Holm (1979,
    Scandinavian Journal of Statistics 6, 65–70) allows for the number of tests, however they hang together.
    """
    kinds = {row.kind for row in rows}
    out: list[DriftRow] = []
    for kind in sorted(kinds, reverse=True):
        own = [row for row in rows if row.kind == kind]
        alarms = holm([row.p_value for row in own], FALSE_ALARM / len(kinds))
        out += [row.model_copy(update={"alarm": bool(a)}) for row, a in zip(own, alarms, strict=True)]
    return tuple(sorted(out, key=lambda row: (not row.alarm, row.p_value)))


def holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Which hypotheses Holm's step-down procedure rejects at a family-wise `level`."""
    order = np.argsort(p_values, kind="stable")
    allowed = level / np.arange(len(order), 0, -1)
    passed = np.logical_and.accumulate(np.asarray(p_values)[order] <= allowed)
    rejected = np.zeros(len(order), dtype=bool)
    rejected[order] = passed
    return [bool(r) for r in rejected]
