"""Rendering: templates, the reader's language, and what every page carries."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from serving.output import plain
from serving.templating import strict_environment
from serving.web.assets import asset
from serving.web.badges import badges
from serving.web.language import CODES, Language, language, preferred
from serving.web.navigation import entries

COOKIE = "lang"
A_YEAR = 365 * 24 * 3600
TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """Return the templates; every value is escaped, and a name that is missing is an error."""
    found = strict_environment(TEMPLATES)
    found.filters["json"] = embedded_json
    found.globals["asset"] = lambda name: asset(name).url
    return found


def embedded_json(value: object) -> Markup:
    """Return JSON that cannot end the `<script type="application/json">` around it."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML gives a meaning is escaped above


def language_of(request: Request) -> Language:
    """Return the reader's language: the switch (`?lang=`), else the cookie, else what the browser asks."""
    for wish in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        if wish in CODES:
            return language(wish)
    return language(preferred(request.headers.get("accept-language", "")))


def render(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HTMLResponse:
    """Return a page; it remembers a language that was just chosen."""
    t = language_of(request)
    person = getattr(request.state, "person", None)  # None: the error came before anybody was known
    common = {
        "t": t,
        "person": person,
        "entries": entries(person) if person else [],
        "csrf": getattr(request.state, "csrf", ""),
        "guest": getattr(request.state, "guest", None),  # with a session: somebody who may sign out
        "here": "",
        "badges": badges(request, person),
        "state": _state(request, t) if person else None,
        "switch_url": f"{request.url.path}?{_switched(request, t)}",
        "other_tag": language(t.other).tag,
    }
    html = environment().get_template(template).render({**common, **context})
    response = HTMLResponse(html, status)
    response.headers["cache-control"] = "no-cache"
    response.headers["content-language"] = t.tag
    response.headers["vary"] = "cookie, accept-language"
    if request.query_params.get(COOKIE) == t.code:
        response.set_cookie(COOKIE, t.code, max_age=A_YEAR, samesite="lax", httponly=True)
    return response


def message(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page that only says something (`<name>.title`, `<name>.text` of the catalogue)."""
    t = language_of(request)
    text = t(f"{name}.text", **{key: value for key, value in context.items() if isinstance(value, str)})
    values = {"title": t(f"{name}.title"), "text": text, "steps": [], "back": status >= 400}
    return render(request, "message.html", {**values, **context}, status)


def _switched(request: Request, t: Language) -> str:
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != COOKIE]
    return urlencode([*kept, (COOKIE, t.other)])


def _state(request: Request, t: Language) -> dict[str, str] | None:
    """Return what the footer says of data and model; nothing while that cannot be read."""
    try:
        state = request.app.state.reading.state()
    except Exception:  # the page itself reports it; the footer must not hide that report
        return None
    created = t.period(state.created_at[:10]) if state.created_at else ""
    return {
        "fingerprint": state.fingerprint,
        "outlook_id": state.outlook_id,
        "model_version": state.model_version,
        "created_text": created,
    }
