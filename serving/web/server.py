"""Running the application: the port is taken first, so that a port in use is one plain sentence."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from serving.web.app import ANYONE, create_app

if TYPE_CHECKING:
    from features.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
GRACE_SECONDS = 10


class CannotListenError(Exception):
    """The address or port cannot be had."""


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM, letting running requests end; raises CannotListenError."""
    listener = listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    allowed = LOOPBACK if host in LOOPBACK else ANYONE
    config = uvicorn.Config(
        create_app(settings, allowed_hosts=allowed),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    print(f"Zhuoyue serves {address} (API: {address}/docs). Ctrl-C stops it.", file=sys.stderr)  # noqa: T201
    uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises CannotListenError with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off; without, every small answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise CannotListenError(_why(error, host, port)) from error
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop that or choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} may only be opened by an administrator; choose one above 1023 with --port"
    return f"cannot listen on {host}:{port}: {error.strerror}; --host takes an address of this machine"
