"""Running the application: the port is taken first, so that a port in use is one plain sentence."""

from __future__ import annotations

import errno
import socket
import sys
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from serving.access.first import who_comes_in
from serving.access.settings import AccessSettings
from serving.jobs.beside import worker_beside
from serving.jobs.environment import environment_of
from serving.web.running.supervisor import Child, Supervisor
from serving.web.watching import logs

if TYPE_CHECKING:
    from features.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


class CannotListenError(Exception):
    """The address or port cannot be had."""


def run(
    settings: Settings,
    host: str,
    port: int,
    *,
    workers: int = 1,
    open_to_all: bool = False,
    jobs: int = 0,
) -> None:
    """Serve until Ctrl-C or SIGTERM, letting running requests end.

    `workers` processes answer requests, and one beside them does up to `jobs` jobs at once (0: none here).
    With `open_to_all` nobody signs in. Raises CannotListenError, and WorkerFailedError if a process cannot
    start.
    """
    logs.configure()
    with listen(host, port) as listener, TemporaryDirectory(prefix="zhuoyue-metrics-") as counts:
        scheme = "https" if AccessSettings().tls_certificate else "http"
        address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        environment = {**environment_of(settings), "PROMETHEUS_MULTIPROC_DIR": counts}
        web = [_worker(number, listener, host, open_to_all) for number in range(1, workers + 1)]
        print(f"Zhuoyue serves {address} (API: {address}/docs). Ctrl-C stops it.", file=sys.stderr)  # noqa: T201
        print(who_comes_in(settings, open_to_all), file=sys.stderr)  # noqa: T201
        with worker_beside(settings, jobs):
            # With our own hold on the port kept, clients could connect to where nobody accepts any more.
            Supervisor(web, environment, first=listener.close).run()


def _worker(number: int, listener: socket.socket, host: str, open_to_all: bool) -> Child:
    hosts = LOOPBACK if host in LOOPBACK else ()
    way = "open" if open_to_all else "signed"
    command = (sys.executable, "-m", "serving.web.running.worker", str(listener.fileno()), way, *hosts)
    return Child(f"web {number}", command, (listener.fileno(),))


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
