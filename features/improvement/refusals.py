"""Why an act on an improvement action was refused, and what is allowed instead."""

from __future__ import annotations


class ActionRefused(ValueError):  # noqa: N818 - it is an answer, not a fault of ours
    """The act breaks a rule; `faults` says all of them, each with what is allowed."""

    exit_code = 2

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        lines = "".join(f"\n  {fault}" for fault in faults)
        super().__init__(
            faults[0] if len(faults) == 1 else f"nothing was changed; {len(faults)} faults:{lines}"
        )


class ActionChanged(ActionRefused):
    """Somebody changed the action since the asker read it."""


class UnknownActionError(ActionRefused, LookupError):
    """There is no action of that id, neither in the records nor in the register."""
