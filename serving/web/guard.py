"""The outermost layer: security headers on every answer, a limit on every body, no traceback to strangers."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any
from uuid import uuid4

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.web.problems import problem

PLOTLY_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
)
"""The two style elements that plotly writes at run time, one of them empty; no other is let in."""
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {' '.join(PLOTLY_STYLES)}",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PAPER_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""For documents that are one file and carry their own styles: no script, no form, nothing from anywhere."""
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LARGEST_BODY = 64 * 1024
"""Bytes; nobody has a reason to send more, but to these paths."""
LARGER = {"/api/v1/records": 16 << 20, "/api/v1/imports": 1 << 30, "/import": 1 << 30}
"""Rows of JSON, which are held in memory, and files, which are not."""


AWAY = {"StateDatabaseError", "OperationalError"}
"""What the registers and SQLAlchemy raise where the database does not answer."""


class TooLargeError(Exception):
    """The body went over the limit while it was being read."""


class Guard:
    """ASGI middleware; must be added last, so that it is outermost."""

    def __init__(
        self, app: ASGIApp, failure: Callable[[Request, str, int], Response], largest: int = LARGEST_BODY
    ) -> None:
        """Wrap `app`.

        A body over `largest` bytes (or what `LARGER` says of its path) is answered with 413; `failure` makes
        the answer to an error that nobody caught, from the request, the reference under which the log has
        it, and the status.
        """
        self._app, self._failure, self._largest = app, failure, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        largest = LARGER.get(scope["path"], self._largest)

        async def guarded_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(_with_headers(message))

        try:
            if _declared(scope) > largest:
                raise TooLargeError
            await self._app(scope, _limited(receive, largest), guarded_send)
        except TooLargeError:
            response = problem(Request(scope), 413, f"the limit is {largest} bytes")
            await response(scope, receive, guarded_send)
        except Exception as error:
            reference = _logged(scope, error)
            if started:
                raise
            await self._failure(Request(scope), reference, _status(error))(scope, receive, guarded_send)


def _status(error: Exception) -> int:
    """Return 503 where the state database is away and may come back; no engine is loaded to find out."""
    return 503 if AWAY & {kind.__name__ for kind in type(error).__mro__} else 500


def _limited(receive: Receive, largest: int) -> Receive:
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise TooLargeError
        return message

    return limited


def _declared(scope: Scope) -> int:
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _with_headers(message: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if message["type"] != "http.response.start":
        return message
    present = {name.lower() for name, _ in message["headers"]}
    extra = [
        (name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in present
    ]
    return {**message, "headers": [*message["headers"], *extra]}


def _logged(scope: Scope, error: Exception) -> str:
    reference = str(scope.get("state", {}).get("request_id") or uuid4().hex)
    log = structlog.get_logger("zhuoyue.web")
    log.error("request failed", reference=reference, path=scope["path"], exc_info=error)
    return reference
