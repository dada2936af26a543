"""The application: API, pages and errors around one library. Nothing is imported here that trains models."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from serving.access import Person
from serving.access.company import Company
from serving.access.desk import Desk
from serving.access.settings import AccessSettings
from serving.web import (
    api,
    assessments,
    declarations,
    improvement,
    pages,
    plans,
    proposals,
    what_if,
)
from serving.web.acting.api import api as acting_api
from serving.web.acting.pages import pages as acting_pages
from serving.web.assessing.api import api as assessing_api
from serving.web.assessing.pages import pages as assessing_pages
from serving.web.assistance.routes import router as assistance
from serving.web.chains.api import api as chains_api
from serving.web.chains.pages import router as chains
from serving.web.charting.api import api as charting_api
from serving.web.charting.pages import router as charting
from serving.web.comparing.routes import router as comparing
from serving.web.database import Database
from serving.web.guard import Guard
from serving.web.help_pages import router as help_pages
from serving.web.html import message
from serving.web.jobs import api as jobs_api
from serving.web.jobs import pages as jobs_pages
from serving.web.jobs import reports
from serving.web.journal import api as journal_api
from serving.web.journal import pages as journal_pages
from serving.web.library import Library
from serving.web.openapi import describe_problems
from serving.web.papers.routes import router as papers
from serving.web.people import api as access_api
from serving.web.people.account import router as account
from serving.web.people.administration import router as administration
from serving.web.people.sign_in import router as sign_in
from serving.web.people.sign_in_company import router as sign_in_company
from serving.web.people.signing_in import PROGRAMS, SignIn
from serving.web.planner.routes import router as planner
from serving.web.problems import faults, problem
from serving.web.reading import Reading, UnknownEnterpriseError
from serving.web.recording.imports import router as imports
from serving.web.recording.pages import router as import_pages
from serving.web.recording.records import router as records
from serving.web.scenarios.routes import router as scenarios
from serving.web.scientist import api as models_api
from serving.web.scientist import pages as models_pages
from serving.web.views.lines import lines
from serving.web.warning import api as warnings_api
from serving.web.warning import badge as warnings_badge
from serving.web.warning import pages as warnings_pages
from serving.web.warning import subscriptions_api, subscriptions_pages
from serving.web.watching import health, logs
from serving.web.watching.watch import Watch

if TYPE_CHECKING:
    from features.settings import Settings

ANYONE = ("*",)
ROUTERS = (
    plans.api,
    what_if.api,
    what_if.pages,
    acting_api,
    acting_pages,
    assessing_api,
    assessing_pages,
    jobs_api,
    jobs_pages,
    reports,
    models_api,
    models_pages,
    charting,
    charting_api,
    chains,
    chains_api,
    planner,
    assistance,
    scenarios,
    comparing,
    papers,
    subscriptions_pages,
    subscriptions_api,
    warnings_pages,
    warnings_api,
    api.router,
    assessments.api,
    health.router,
    pages.router,
    plans.router,
    assessments.pages,
    declarations.router,
    improvement.router,
    proposals.router,
    records,
    imports,
    import_pages,
    help_pages,
    journal_api,
    journal_pages,
    access_api.mine,
    access_api.router,
    sign_in,
    sign_in_company,
    account,
    administration,
    api.last,
)


def create_app(
    settings: Settings,
    *,
    allowed_hosts: Sequence[str] = ANYONE,
    reading: Reading | None = None,
    open_to: Person | None = None,
    access: AccessSettings | None = None,
) -> FastAPI:
    """Return the application over the store of `settings`.

    `allowed_hosts` are the host names that requests may name (against DNS rebinding); `reading` replaces the
    library of the store. With `open_to` nobody signs in: every request is that person's. `access` replaces
    what the environment says about signing in.
    """
    logs.configure()
    app = FastAPI(
        title="Zhuoyue 卓越",
        version=version("zhuoyue"),
        summary="Official quality grade, forecasts, drivers and recommendations for manufacturers.",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,  # generated clients want one name for one thing
        generate_unique_id_function=lambda route: route.name,
        lifespan=_warmed,
    )
    app.state.settings = settings
    app.state.badges = {"warnings": warnings_badge}
    app.state.stopping = threading.Event()
    app.state.database = Database(settings)
    app.state.access = access or AccessSettings()
    app.state.company = Company(app.state.access)
    app.state.desk = Desk(lambda: app.state.database.engine)
    app.state.reading = reading or Library(settings, app.state.database)
    for router in ROUTERS:
        app.include_router(router)
    access_api.describe_doors(app)
    describe_problems(app)
    _answer_errors(app)
    app.add_middleware(SignIn, desk=app.state.desk, settings=app.state.access, open_to=open_to)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts), www_redirect=False)
    app.add_middleware(Guard, failure=_failure)
    app.add_middleware(Watch, stopping=app.state.stopping, log=settings.access_log)
    return app


@asynccontextmanager
async def _warmed(app: FastAPI) -> AsyncIterator[None]:
    """Grade everybody in the background, so that the first reader does not wait; serving starts at once.

    The end waits for the step that is running: an engine that is cut off in the middle of a query takes the
    process down with an abort.
    """
    stopping = threading.Event()
    reading = app.state.reading
    threads = [threading.Thread(target=_warm, args=(reading, stopping), name="warm")]
    if isinstance(reading, Library):
        threads.append(threading.Thread(target=reading.watch, args=(stopping,), name="watch"))
    for thread in threads:
        thread.start()
    yield
    stopping.set()
    for thread in threads:
        thread.join()
    app.state.database.close()


def _warm(reading: Reading, stopping: threading.Event) -> None:
    overview, history = partial(lines, reading), partial(reading.history, "")
    for step in (reading.grades, reading.enterprises, reading.parameters, overview, history):
        if stopping.is_set():
            return
        try:
            step()
        except Exception as error:  # the same error answers the first request, where somebody sees it
            structlog.get_logger("zhuoyue.web").warning("not warmed up", exc_info=error)
            return


def _answer_errors(app: FastAPI) -> None:
    app.add_exception_handler(api.NotModified, _not_modified)
    app.add_exception_handler(UnknownEnterpriseError, _unknown)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(PROGRAMS)


def _not_modified(_: Request, error: Exception) -> Response:
    return Response(status_code=304, headers={"etag": str(error), "cache-control": "no-cache"})


def _unknown(request: Request, error: Exception) -> Response:
    if _for_programs(request):
        return problem(request, 404, f"no enterprise {str(error)[:200]!r} in the store")
    return message(request, "missing", 404)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    if _for_programs(request):
        return problem(request, 422, "the request breaks the interface", faults(error))
    return message(request, "missing", 404)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if _for_programs(request) or error.status_code != 404:
        return problem(request, error.status_code, error.detail, headers=error.headers)
    return message(request, "missing", 404)


def _failure(request: Request, reference: str, status: int) -> Response:
    if _for_programs(request):
        return problem(request, status, f"the log says why, reference {reference}")
    return message(request, "failure", status, id=reference)
