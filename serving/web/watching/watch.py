"""The outermost layer: gives every request an id, counts it, and writes one line about it.

The id is the caller's `X-Request-ID` if that is a plain word, else a new one. It stands in the answer's head,
in problem documents, and in every line that is logged meanwhile.
"""

from __future__ import annotations

import re
import threading
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.web.watching import metrics

NAME = b"x-request-id"
PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
QUIET = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds by machines: counted, and logged only when something is wrong."""


class Watch:
    """ASGI middleware; must be added last of all, so that it is outermost."""

    def __init__(self, app: ASGIApp, stopping: threading.Event, *, log: bool = True) -> None:
        """Wrap `app`; once `stopping` is set, every answer closes its connection. `log`: a line a request."""
        self._app, self._stopping, self._log_it = app, stopping, log
        self._log = structlog.get_logger("zhuoyue.access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, name = perf_counter(), request_id(scope)
        scope.setdefault("state", {})["request_id"] = name
        seen = _Seen()

        async def watched(message: Message) -> None:
            seen.look(message)
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (NAME, name.encode()), *self._closing()]
            await send(message)

        metrics.IN_FLIGHT.inc()
        try:
            with structlog.contextvars.bound_contextvars(request_id=name):
                await self._app(scope, receive, watched)
        finally:
            metrics.IN_FLIGHT.dec()
            seconds = perf_counter() - began
            metrics.observe(scope["method"], route(scope), seen.status, seconds)
            if self._log_it and not (seen.status < 400 and scope["path"] in QUIET):
                self._tell(scope, name, seen, seconds)

    def _closing(self) -> list[tuple[bytes, bytes]]:
        return [(b"connection", b"close")] if self._stopping.is_set() else []

    def _tell(self, scope: Scope, name: str, seen: _Seen, seconds: float) -> None:
        """Write the line. Never the query nor a header: they may hold what is nobody's business."""
        person = scope["state"].get("person")
        client = scope.get("client") or ("", 0)
        self._log.info(
            "request",
            request_id=name,
            method=scope["method"],
            path=scope["path"][:400],
            status=seen.status,
            ms=round(seconds * 1000, 1),
            bytes=seen.size,
            who=person.name if person else None,
            client=client[0],
        )


class _Seen:
    """What went out: the status (500 where nothing did) and how many bytes of body."""

    def __init__(self) -> None:
        self.status, self.size = 500, 0

    def look(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))


def request_id(scope: Scope) -> str:
    """Return the caller's id of a request if it is a plain word, else a new one."""
    given = next((value for name, value in scope["headers"] if name == NAME), b"")
    return given.decode() if PLAIN.fullmatch(given) else uuid4().hex


def route(scope: Scope) -> str:
    """Return the pattern of the route that answered: as many words as there are routes, and two more."""
    found = getattr(scope.get("route"), "path", None)
    if found:
        return str(found)
    return "static" if scope["path"].startswith("/static/") else "none"
