"""Why an act on a self-assessment was refused, and what is allowed instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.journal import Change


class AssessmentRefused(ValueError):  # noqa: N818 - it is an answer, not a fault of ours
    """The act breaks a rule; `faults` says all of them, each with what is allowed."""

    exit_code = 2

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        lines = "".join(f"\n  {fault}" for fault in faults)
        super().__init__(
            faults[0] if len(faults) == 1 else f"nothing was changed; {len(faults)} faults:{lines}"
        )


class UnknownAssessmentError(AssessmentRefused, LookupError):
    """There is no assessment of that id."""


class ChangedMeanwhile(AssessmentRefused):
    """Somebody else changed what one is about to overwrite; `changes` says who changed what when."""

    def __init__(self, what: str, changes: Iterable[Change]) -> None:
        self.changes = tuple(changes)
        super().__init__("\n  ".join([what, *map(_told, self.changes)]))


def _told(change: Change) -> str:
    return (
        f"version {change.version}, {change.at}, {change.who}: {change.field} {change.old!r} → {change.new!r}"
    )
