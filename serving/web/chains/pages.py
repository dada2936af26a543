"""The pages of supply chains: a list, and one chain drawn with its weak links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.chains.papers import KINDS, paper
from serving.web.chains.seen import Seen, names, seen
from serving.web.chains.studied import studied
from serving.web.chains.study_views import study_views
from serving.web.chains.views import ahead_view, carry_view, links_view, picture_view, weak_view
from serving.web.html import language_of, message, render
from serving.web.language import Language

if TYPE_CHECKING:
    from serving.reports.chain.gathering import Gathered

router = APIRouter(include_in_schema=False)


@router.get("/chains")
def chains(request: Request, library: Library, person: Asker) -> Response:
    """List the chains, and the weak links over all of them."""
    t = language_of(request)
    found = seen(library, request.app.state.settings, person)
    if found is None:
        return _nothing(request, t)
    listed = [
        {
            "name": name,
            "url": f"/chains/{quote(name, safe='')}",
            "enterprises": t.number(len(members)),
            "links": t.number(_links_of(found, members)),
        }
        for name, members in names(library, person).items()
    ]
    context = {"here": "chains", "chains": listed, **_common(t, found)}
    return render(request, "chains/list.html", context)


@router.get("/chains/{name:path}")
def chain(request: Request, library: Library, person: Asker, name: str) -> Response:
    """Show one chain: the map, weak links, what is coming to the customers, and the links as a table."""
    t = language_of(request)
    if name not in names(library, person):
        raise HTTPException(404, "no such chain")
    found = seen(library, request.app.state.settings, person, name)
    if found is None:
        return _nothing(request, t)
    made = studied(library, request.app.state.settings, person, name)
    context = {
        "here": "chains",
        "name": name,
        "study": study_views(t, made) if made else {},
        "picture": picture_view(t, found, _levels(made)),
        "links": links_view(t, found),
        "ahead": ahead_view(t, found),
        **_common(t, found),
    }
    return render(request, "chains/chain.html", context)


@router.get("/chain-papers/{kind}/{name:path}")
def chain_paper(request: Request, library: Library, person: Asker, kind: str, name: str) -> Response:
    """Send a paper of a chain: .docx, .pdf, or the workbook."""
    t = language_of(request)
    if kind not in KINDS or name not in names(library, person):
        raise HTTPException(404)
    found = studied(library, request.app.state.settings, person, name)
    if found is None:
        raise HTTPException(404)
    return paper(found, kind, t.code)


def _common(t: Language, found: Seen) -> dict[str, Any]:
    period = t.period(found.period) if found.period else t("none.dash")
    return {"carry": carry_view(t, found.carry), "weak": weak_view(t, found), "period": period}


def _links_of(found: Seen, members: list[str]) -> int:
    own = set(members)
    return sum(1 for link in found.links if link["supplier_id"] in own or link["customer_id"] in own)


def _levels(made: Gathered | None) -> dict[str, int]:
    """Return the official level of everybody who has one."""
    members = made.study.members if made else {}
    return {name: member.level for name, member in members.items() if member.level}


def _nothing(request: Request, t: Language) -> Response:
    steps = [{"text": t("chains.none.step"), "command": t("command.train")}]
    return message(request, "chains.none", steps=steps)
