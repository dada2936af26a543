"""What the registers of users and keys refuse, in sentences that say what to do."""

from __future__ import annotations


class AccessRefused(ValueError):  # noqa: N818 - a refusal, named as the others of the house
    """What was asked for is not possible."""

    exit_code = 2


class NameRefused(AccessRefused):
    """A name that cannot be an account's."""

    def __init__(self, name: str) -> None:
        """Say what is allowed."""
        super().__init__(
            f"{name[:100]!r} is no user name: 1 to 100 letters, digits, and . @ + - _ are allowed, "
            "beginning with a letter or digit"
        )


class NameTakenError(AccessRefused):
    """Somebody has that name already."""

    def __init__(self, name: str) -> None:
        """Name it."""
        super().__init__(f"there is a user {name!r} already; choose another name or change that user")


class UnknownUserError(LookupError):
    """Nobody has that name."""

    exit_code = 2

    def __init__(self, name: str) -> None:
        """Name it."""
        self.name = name
        super().__init__(f"no user {name[:100]!r}; `zhuoyue user list` names all")


class UnknownKeyError(LookupError):
    """No key has that id, or it is somebody else's."""

    exit_code = 2

    def __init__(self, key_id: int) -> None:
        """Name it."""
        super().__init__(f"no key {key_id}; `zhuoyue key list` names all")


class StaleUserError(AccessRefused):
    """Somebody changed the user since the writer looked."""

    exit_code = 1

    def __init__(self, name: str, version: int) -> None:
        """Say how it stands."""
        super().__init__(f"{name!r} was changed meanwhile and stands at version {version}; look again")


class LastAdministratorRefused(AccessRefused):
    """Nobody would be left who can let anybody in."""

    def __init__(self, name: str) -> None:
        """Say what to do first."""
        super().__init__(f"{name!r} is the last active administrator; make another one first")
