"""What the register of jobs refuses."""

from __future__ import annotations


class UnknownKindError(LookupError):
    """A kind of job that nobody has registered."""


class UnknownJobError(LookupError):
    """A job that is not, or no longer, in the register."""


class JobEndedError(ValueError):
    """A job that cannot be cancelled any more."""


class TooManyJobsError(RuntimeError):
    """More jobs wait than one person may have."""
