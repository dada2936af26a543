"""All routes of the planner, for the application."""

from __future__ import annotations

from fastapi import APIRouter

from serving.web.planner import api, lists_api, lists_form, pages, plan_api, plan_form, targets_api

router = APIRouter()
for part in (
    api.api,
    targets_api.api,
    lists_api.api,
    plan_api.api,
    pages.pages,
    plan_form.pages,
    lists_form.pages,
):
    router.include_router(part)
