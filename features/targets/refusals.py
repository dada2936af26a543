"""What the register of targets refuses."""

from __future__ import annotations


class UnknownTargetError(LookupError):
    """No target of that id is kept."""


class StaleTargetError(Exception):
    """Somebody has changed the target since it was read."""


class TooManyTargetsError(Exception):
    """So many targets are kept that no more are taken."""


class NotYourTargetError(Exception):
    """Only who made a target, or an administrator, changes it."""
