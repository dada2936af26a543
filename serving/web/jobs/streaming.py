"""Server-sent events: what changes is sent when it changes, to a bounded number of listeners.

One question a second to the database per listener, in the thread pool: a job's own process writes its
progress there once a second, so asking more often would tell nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from time import monotonic

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

LOOK_SECONDS = 0.7
QUIET_SECONDS = 15.0
"""After so long without news a comment is sent, so that proxies keep the connection."""
LONGEST_SECONDS = 600.0
"""Then the stream ends and the browser asks again: whoever may no longer see it is refused there."""
MOST_LISTENERS = 64
MEDIA_TYPE = "text/event-stream"

_listeners = 0


def stream(request: Request, event: str, look: Callable[[], tuple[str, bool]]) -> StreamingResponse:
    """Answer with an `event` each time that `look` says something new, until it says that that was all.

    `look` returns the data and whether it is the last; HTTPException 503 where too many listen already.
    """
    if _listeners >= MOST_LISTENERS:
        raise HTTPException(503, "too many listen already; ask for the job itself", {"retry-after": "5"})
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(request, event, look), media_type=MEDIA_TYPE, headers=headers)


async def _events(request: Request, event: str, look: Callable[[], tuple[str, bool]]) -> AsyncIterator[str]:
    global _listeners
    _listeners += 1
    try:
        said, last_word, since = "", monotonic(), monotonic()
        yield "retry: 2000\n\n"
        while monotonic() - since < LONGEST_SECONDS and not request.app.state.stopping.is_set():
            found, over = await run_in_threadpool(look)
            if found != said:
                said, last_word = found, monotonic()
                yield _message(event, found)
            if over:
                yield _message("end", "")
                return
            if monotonic() - last_word > QUIET_SECONDS:
                last_word = monotonic()
                yield ": still here\n\n"
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        _listeners -= 1


def _message(event: str, data: str) -> str:
    lines = "".join(f"data: {line}\n" for line in data.split("\n"))
    return f"event: {event}\n{lines}\n"
