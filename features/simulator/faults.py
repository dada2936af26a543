"""What a caller is told when a world cannot do what was asked."""


class WorldError(ValueError):
    """A question or an argument that no simulated world can answer; the message says what is allowed."""


class UnknownNameError(WorldError, LookupError):
    """A name (enterprise, parameter, target, sector, family) that this world does not have."""

    def __init__(self, what: str, found: str, allowed: str) -> None:
        super().__init__(f"no {what} {found!r}; allowed: {allowed}")
