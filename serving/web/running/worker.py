"""One process that answers requests on the supervisor's port: `python -m serving.web.running.worker`."""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn

from features.settings import Settings
from serving.access import LOCAL_ADMINISTRATOR
from serving.access.settings import AccessSettings
from serving.web.app import ANYONE, create_app

GRACE_SECONDS = 10
LINGER_SECONDS = 0.4
"""How long requests that are on their way when the stop begins are still taken from open connections."""
OPEN = "open"


class Server(uvicorn.Server):
    """Uvicorn, but a request on its way when the stop begins is answered instead of cut off.

    First who had connected already is let in and nobody after, every answer says `connection: close`, and
    readers of streams are told to end; a moment later, when those connected have sent what they wanted, idle
    connections are closed and running requests have `GRACE_SECONDS` to end.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in that order."""
        self.config.app.state.stopping.set()  # type: ignore[union-attr]
        queues = [listener.dup() for listener in sockets or ()]
        for server in self.servers:
            server.close()
        await asyncio.sleep(0)  # until the loop has let go of the port
        for queue in queues:
            await self._let_in(queue)
        await asyncio.sleep(LINGER_SECONDS)
        await super().shutdown(sockets)

    async def _let_in(self, queue: socket.socket) -> None:
        """Take what waits in the port's queue and would be cut off when its last holder closes it."""
        loop = asyncio.get_running_loop()
        queue.setblocking(False)
        while True:
            try:
                waiting, _ = queue.accept()
            except OSError:  # nobody waits any more
                break
            await loop.connect_accepted_socket(self._protocol, waiting, ssl=self.config.ssl)
        queue.close()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def serve(listener: socket.socket, settings: Settings, hosts: tuple[str, ...], *, open_to_all: bool) -> None:
    """Answer requests on `listener` until SIGTERM or SIGINT."""
    access = AccessSettings()
    open_to = LOCAL_ADMINISTRATOR if open_to_all else None
    app = create_app(settings, allowed_hosts=hosts, open_to=open_to, access=access)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,  # ours says more: serving.web.watching.watch
        server_header=False,
        proxy_headers=bool(access.trusted_proxies),
        forwarded_allow_ips=access.trusted_proxies or None,
        ssl_certfile=access.tls_certificate,
        ssl_keyfile=access.tls_key,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config).run(sockets=[listener])


def main(arguments: list[str]) -> None:
    """Serve on an inherited socket: its descriptor, `open` or `signed`, then the allowed hosts."""
    descriptor, way, *hosts = arguments
    listener = socket.socket(fileno=int(descriptor))
    serve(listener, Settings(), tuple(hosts) or ANYONE, open_to_all=way == OPEN)


if __name__ == "__main__":
    main(sys.argv[1:])
