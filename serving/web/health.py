"""`/healthz` (the process answers) and `/readyz` (store and outlook can be read), for whoever watches it."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, HTTPException

from serving.web.api import Library
from serving.web.problems import RESPONSES
from serving.web.schemas import Health, Readiness

router = APIRouter(tags=["operation"])


@router.get("/healthz")
def healthz() -> Health:
    """Say that the process answers."""
    return Health()


@router.get("/readyz", responses={503: RESPONSES[503]})
def readyz(library: Library) -> Readiness:
    """Say that store and outlook can be read, or 503 with a reason in the log."""
    try:
        state = library.state()
    except Exception as error:
        structlog.get_logger("zhuoyue.web").error("not ready", exc_info=error)
        raise HTTPException(503, "the store cannot be read; the log says why") from error
    return Readiness(fingerprint=state.fingerprint, outlook_id=state.outlook_id)
