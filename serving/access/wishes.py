"""Roles and scopes as people type them: in a form, in the API, on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from serving.access.person import Role, Scope
from serving.access.refusals import AccessRefused

MOST: Final = 2000
"""Enterprises of one scope; a person who needs more is given regions or everything."""
_REGION: Final = re.compile(r"\d{2}|\d{4}|\d{6}")


class WishRefused(AccessRefused):
    """A role or scope that does not exist."""

    def __init__(self, reason: str, what: str) -> None:
        """Say what is allowed; `reason` is `role`, `region` or `many`."""
        self.reason = reason
        super().__init__(
            {
                "role": f"{what[:40]!r} is no role: {', '.join(Role)}",
                "region": f"{what[:40]!r} is no region: 2, 4 or 6 digits of GB/T 2260, such as 33 or 3302",
                "many": f"{what} enterprises are too many for one scope: {MOST} at most; or give regions",
            }[reason]
        )


def read_wish(
    roles: Iterable[str], enterprises: Iterable[str], regions: Iterable[str], everything: bool
) -> tuple[frozenset[Role], Scope]:
    """Return roles and scope; raises WishRefused."""
    found = set()
    for role in roles:
        if role not in set(Role):
            raise WishRefused("role", role)
        found.add(Role(role))
    prefixes = tuple(dict.fromkeys(regions))
    for prefix in prefixes:
        if not _REGION.fullmatch(prefix):
            raise WishRefused("region", prefix)
    ids = frozenset(enterprises)
    if len(ids) > MOST:
        raise WishRefused("many", str(len(ids)))
    return frozenset(found), Scope(ids, prefixes, everything)


def split(text: str) -> list[str]:
    """Return what stands between spaces, lines, commas and semicolons of either kind."""
    return [part for part in re.split(r"[\s,;,;、]+", text) if part]
