"""All routes of the room, for the application."""

from __future__ import annotations

from fastapi import APIRouter

from serving.web.papers import api, pages

router = APIRouter()
router.include_router(api.api)
router.include_router(pages.pages)
