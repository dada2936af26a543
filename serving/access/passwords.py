"""Passwords: Argon2id, two at a time (each takes 64 MiB and a fifth of a second), never on the event loop."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST, LONGEST = 12, 200
"""Characters. NIST SP 800-63B-4 asks for 15 where a password is all there is, 8 beside a second factor."""
AT_ONCE, PATIENCE_SECONDS = 2, 10.0
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of generated passwords: none that reads like another."""
_turns = threading.BoundedSemaphore(AT_ONCE)


class PasswordRefused(ValueError):  # noqa: N818 - a refusal, named as the others of the house
    """The password may not be used; `reason` is `short`, `long`, `name` or `simple`."""

    exit_code = 2

    def __init__(self, reason: str) -> None:
        """Say why in plain words."""
        self.reason = reason
        super().__init__(
            {
                "short": f"a password has at least {SHORTEST} characters",
                "long": f"a password has at most {LONGEST} characters",
                "name": "a password does not hold the user's name",
                "simple": "this password is among the first that anybody tries",
            }[reason]
        )


class TooManyAtOnceError(Exception):
    """More people sign in at this moment than passwords can be checked."""


def generated() -> str:
    """Return a password to be told once: 20 letters in groups, 99 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def accept(password: str, name: str) -> None:
    """Raise PasswordRefused for one that a guesser would try. Length counts, not kinds of characters."""
    if len(password) < SHORTEST:
        raise PasswordRefused("short")
    if len(password) > LONGEST:
        raise PasswordRefused("long")
    folded = password.casefold()
    if name and len(name) > 2 and name.casefold() in folded:
        raise PasswordRefused("name")
    if len(set(folded)) < 5 or folded.strip("0123456789!@#.") in _COMMON or folded in _SEQUENCES:
        raise PasswordRefused("simple")


def hashed(password: str) -> str:
    """Return the Argon2id hash."""
    with _a_turn():
        return _hasher().hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one; without a stored one it takes just as long, and is not."""
    if len(password) > LONGEST:
        password, stored = "", None
    with _a_turn():
        found = _hasher().verify(password, stored or _nobodys())
    return found and stored is not None


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyAtOnceError
    try:
        yield
    finally:
        _turns.release()


@cache
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


_COMMON = frozenset(
    """password passw0rd administrator adminadmin qwertyuiop qwerty iloveyou letmein welcome changeme zhuoyue
    zhiliang woaini woaizhongguo passwordpassword adminpassword p@ssw0rd p@ssword test testtest""".split()  # noqa: SIM905
)
_SEQUENCES = frozenset(
    """123456789012 1234567890123456 qwertyuiop[] 1qaz2wsx3edc 1qaz2wsx3edc4rfv abcdefghijkl 1q2w3e4r5t6y
    zaq12wsxcde3 qazwsxedcrfv asdfghjkl;' 0123456789ab a1b2c3d4e5f6""".split()  # noqa: SIM905
)
