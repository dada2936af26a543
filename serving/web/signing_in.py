"""Who asks is settled before any route runs: `request.state.person`."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from serving.access import LOCAL_ADMINISTRATOR, Person


class SignIn:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, open_to: Person | None = None) -> None:
        """Wrap `app`; with `open_to` every request is that person's."""
        self._app, self._open_to = app, open_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say who asks, then go on."""
        if scope["type"] == "http":
            scope.setdefault("state", {})["person"] = self._open_to or LOCAL_ADMINISTRATOR
        await self._app(scope, receive, send)
