"""What the pages of administration show."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from serving.access import Role, Scope
from serving.access.tokens import DAYS
from serving.access.wishes import read_wish, split
from serving.web.html import language_of, message, render
from serving.web.language import Language
from serving.web.people.words import key_view, moment, person_facts, session_view

if TYPE_CHECKING:
    from serving.access.accounts import User

PER_PAGE = 50


@dataclass(frozen=True)
class Rights:
    """Roles and scope as they stand in a form."""

    roles: tuple[str, ...] = ()
    everything: bool = False
    enterprises: str = ""
    regions: str = ""

    def read(self) -> tuple[frozenset[Role], Scope]:
        """Return them; raises AccessRefused."""
        return read_wish(self.roles, split(self.enterprises), split(self.regions), self.everything)

    @classmethod
    def of(cls, roles: frozenset[Role], scope: Scope) -> Rights:
        """Return what the form shows of somebody's rights."""
        ids = "\n".join(sorted(scope.enterprises))
        return cls(tuple(roles), scope.everything, ids, " ".join(scope.regions))


def everybody(
    request: Request,
    page: int = 1,
    *,
    wish: Rights | None = None,
    key_wish: Rights | None = None,
    name: str = "",
    secret: str = "",
    about: str = "",
    fault: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    """Return the page of all users, keys of machines and sessions."""
    from serving.access.accounts import Accounts
    from serving.access.keys import Keys
    from serving.access.sessions import Sessions

    t, engine, now = language_of(request), request.app.state.database.engine, int(time())
    accounts, guest = Accounts(engine), request.state.guest
    count = accounts.count()
    last = max(1, -(-count // PER_PAGE))
    at = min(page, last)
    context = {
        "users": [_line(t, user) for user in accounts.all(PER_PAGE, (at - 1) * PER_PAGE)],
        "pages": {
            "at": at,
            "count": last,
            "before": f"?page={at - 1}" if at > 1 else None,
            "after": f"?page={at + 1}" if at < last else None,
        },
        "keys": [key_view(t, key, now) for key in Keys(engine).all() if key.revoked_at is None],
        "sessions": [
            session_view(t, one, guest.session if guest else "") for one in Sessions(engine).all(now)[:200]
        ],
        "roles": list(Role),
        "wish": wish or Rights(),
        "key_wish": key_wish or Rights(),
        "name": name,
        "days": DAYS,
        "company": request.app.state.access.company,
        "secret": secret,
        "about": f"admin.once.{about}" if about else "",
    }
    return _shown(request, "administration.html", context, fault, done, status)


def one_user(
    request: Request, name: str, *, fault: str = "", secret: str = "", status: int = 200
) -> Response:
    """Return the page of one user; unknown ones are missing pages."""
    from serving.access.accounts import Accounts
    from serving.access.keys import Keys
    from serving.access.sessions import Sessions

    t, engine, now = language_of(request), request.app.state.database.engine, int(time())
    user = Accounts(engine).find(name)
    if user is None:
        return message(request, "missing", 404)
    context = {
        "user": _line(t, user),
        "version": user.version,
        "wish": Rights.of(user.roles, user.scope),
        "roles": list(Role),
        "sessions": [session_view(t, one, "") for one in Sessions(engine).all(now, user.id)],
        "keys": [key_view(t, key, now) for key in Keys(engine).all(user.id) if key.revoked_at is None],
        "secret": secret,
    }
    return _shown(request, "administration_user.html", context, fault, "", status)


def _shown(
    request: Request, template: str, context: dict[str, Any], fault: str, done: str, status: int
) -> Response:
    t = language_of(request)
    done = done or request.query_params.get("done", "")
    said = t(f"admin.done.{done}") if t.has(f"admin.done.{done}") else ""
    common = {"fault": fault, "done": said, "here": "administration"}
    answer = render(request, template, {**context, **common}, status)
    answer.headers["cache-control"] = "no-store"
    return answer


def _line(t: Language, user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "url": f"/administration/users/{quote(user.name)}",
        **person_facts(t, user.roles, user.scope),
        "active": user.active,
        "state": t("user.active" if user.active else "user.off"),
        "way": t("user.company" if user.company else "user.password"),
        "company": user.company,
        "must_change": user.must_change,
        "made": moment(t, user.created_at),
    }
