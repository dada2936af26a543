"""All routes of the room, for the application."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
