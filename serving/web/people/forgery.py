"""Writing is refused where another site could have sent it (CSRF): by origin, and by the form token.

Scripts send the session's token as header `x-csrf-token`; forms as a field `csrf`, which must stand before
any file: it is looked for in the first 64 KiB only, so that an upload streams through untouched.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Message, Receive, Scope

from serving.access.tokens import same

HEADER: Final = b"x-csrf-token"
MOST_READ: Final = 64 * 1024
_PART: Final = re.compile(rb'name="csrf"\r\n(?:[^\r\n]+\r\n)*\r\n([0-9a-f]{64})\r\n')
_PAIR: Final = re.compile(rb"(?:^|&)csrf=([0-9a-f]{64})(?:&|$)")


class ForgedError(Exception):
    """Nobody can tell that this was sent from one of our own pages."""


def refuse_other_sites(scope: Scope, public_host: str = "") -> None:
    """Refuse what a browser says comes from elsewhere; programs say nothing and are let through.

    `public_host` is what browsers call us where a proxy says something else.
    """
    headers = dict(scope["headers"])
    if headers.get(b"sec-fetch-site", b"same-origin") not in {b"same-origin", b"none"}:
        raise ForgedError("this was sent by another site")
    origin = headers.get(b"origin")
    own = {headers.get(b"host", b"").decode("latin-1"), public_host} - {""}
    if origin is not None and urlsplit(origin.decode("latin-1")).netloc not in own:
        raise ForgedError("this was sent by another site")


async def checked(headers: dict[bytes, bytes], receive: Receive, csrf: str) -> Receive:
    """Return `receive` as it was, after the token was found in the header or the form; raises ForgedError."""
    given = headers.get(HEADER, b"").decode("latin-1")
    if not given:
        given, receive = await _in_form(headers.get(b"content-type", b""), receive)
    if not csrf or not same(given, csrf):
        raise ForgedError("the form token is missing or old; load the page again (programs: use an API key)")
    return receive


async def _in_form(content_type: bytes, receive: Receive) -> tuple[str, Receive]:
    multipart = content_type.startswith(b"multipart/form-data")
    if not multipart and not content_type.startswith(b"application/x-www-form-urlencoded"):
        return "", receive
    field, body, found = _PART if multipart else _PAIR, b"", None
    read: list[Message] = []
    while found is None and len(body) < MOST_READ:
        read.append(await receive())
        body += read[-1].get("body", b"")
        found = field.search(body)
        if not read[-1].get("more_body", False):
            break
    return found[1].decode() if found else "", _again(read, receive)


def _again(read: list[Message], receive: Receive) -> Receive:
    waiting = iter(read)

    async def replayed() -> Message:
        return next(waiting, None) or await receive()

    return replayed
