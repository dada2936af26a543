"""All routes of the room, for the application."""

from __future__ import annotations

from fastapi import APIRouter

from serving.web.assistance import api, pages

router = APIRouter()
for part in (api.api, pages.pages):
    router.include_router(part)
