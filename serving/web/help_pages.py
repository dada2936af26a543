"""Help: what every page and figure means, by role; the official terms; every table and column."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from serving.web.asking import Asker
from serving.web.html import language_of, render
from serving.web.views.helping import help_view, tables_view

router = APIRouter(include_in_schema=False)


@router.get("/help")
def help_page(request: Request, person: Asker) -> Response:
    """Show what there is for whom, and what the words mean."""
    return render(request, "help.html", {"here": "help", **help_view(language_of(request), person)})


@router.get("/help/tables")
def help_tables_page(request: Request) -> Response:
    """Show every record table with its columns and what may stand there."""
    return render(request, "help_tables.html", {"here": "help", **tables_view(language_of(request))})
