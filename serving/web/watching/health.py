"""`/healthz` (the process answers), `/readyz` (it can do its work), `/metrics`: for whoever watches it."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.responses import PlainTextResponse

from serving.access import Role
from serving.web.asked_for import Library
from serving.web.asking import needs
from serving.web.problems import RESPONSES
from serving.web.schemas import Health, Readiness

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"
router = APIRouter(tags=["operation"])


@router.get("/healthz")
async def healthz() -> Health:
    """Say that the process answers."""
    return Health()


@router.get("/readyz", responses={503: RESPONSES[503]})
def readyz(request: Request, library: Library) -> Readiness:
    """Say that database, store and outlook can be read, or 503 with a reason in the log; 503 in a stop."""
    if request.app.state.stopping.is_set():
        raise HTTPException(503, "the server is stopping")
    try:
        state = library.state()
    except Exception as error:
        structlog.get_logger("zhuoyue.web").error("not ready", exc_info=error)
        raise HTTPException(503, "the store cannot be read; the log says why") from error
    return Readiness(fingerprint=state.fingerprint, outlook_id=state.outlook_id)


@router.get(
    "/metrics",
    dependencies=[needs(Role.ADMIN, Role.SCIENTIST)],
    response_class=PlainTextResponse,
    responses={status: RESPONSES[status] for status in (401, 403, 503)},
)
def metrics(request: Request) -> Response:
    """Return counts in Prometheus' text format; of all workers, whichever answers.

    A key with the role `scientist` and no enterprise in its scope is enough, and sees nothing else.
    """
    from serving.web.watching.metrics import text

    state = request.app.state
    return Response(text(state.settings, state.database.engine), media_type=MEDIA_TYPE)
