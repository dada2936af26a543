"""The way to the company's identity provider and back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, unquote

import structlog
from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.responses import RedirectResponse

from serving.access.company import Company, CompanyError, derived
from serving.access.tokens import new_token, same
from serving.web.people.sign_in import Next, begun, local, sign_in_form

router = APIRouter(include_in_schema=False)
BACK = "/sign-in/company/back"
Text = Annotated[str, Query(max_length=4000)]


@router.get("/sign-in/company")
def to_company(request: Request, next: Next = "") -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the identity provider, tied to it by a cookie of ten minutes."""
    company, tied = _company(request), new_token()
    try:
        there = company.address(tied, _back(request))
    except CompanyError as wrong:
        return _unreliable(request, wrong)
    answer = RedirectResponse(there, 303, {"cache-control": "no-store"})
    wanted = quote(local(next), safe="")
    request.state.cookies.set_company(answer, f"{tied}.{wanted if len(wanted) < 1000 else ''}")
    return answer


@router.get(BACK)
def from_company(
    request: Request, code: Text = "", state: Text = "", error: Text = "", iss: Text = ""
) -> Response:
    """Begin a session for whom the identity provider names, if there is an account for that person."""
    from serving.access.accounts import Accounts

    company = _company(request)
    tied, _, wanted = request.state.cookies.company.partition(".")
    if not tied or not same(state, derived(tied, "state")):
        return sign_in_form(request, status=400)
    issuer = request.app.state.access.oidc_issuer
    if error or not code or (iss and iss.rstrip("/") != issuer.rstrip("/")):
        return _unreliable(request, CompanyError(f"the provider says {error[:80]!r}, as {iss[:200]!r}"))
    try:
        who = company.identity(tied, code, _back(request))
    except CompanyError as wrong:
        return _unreliable(request, wrong)
    user = Accounts(request.app.state.database.engine).through_company(who.issuer, who.subject, who.email)
    answer = begun(request, user, unquote(wanted)) if user else sign_in_form(request, status=403)
    request.state.cookies.end_company(answer)
    return answer


def _company(request: Request) -> Company:
    if not request.app.state.access.company or (request.state.guest is None and request.state.person):
        raise HTTPException(404)
    found: Company = request.app.state.company
    return found


def _back(request: Request) -> str:
    base = request.app.state.access.public_url or str(request.base_url)
    return base.rstrip("/") + BACK


def _unreliable(request: Request, wrong: CompanyError) -> Response:
    structlog.get_logger("zhuoyue.access").warning("identity provider", error=str(wrong))
    return sign_in_form(request, status=502)
