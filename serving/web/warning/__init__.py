"""Warnings for people and programs: pages, API, words."""

from serving.web.warning.api import router as api
from serving.web.warning.asking import badge
from serving.web.warning.pages import router as pages
from serving.web.warning.subscriptions_api import router as subscriptions_api
from serving.web.warning.subscriptions_pages import router as subscriptions_pages

__all__ = ["api", "badge", "pages", "subscriptions_api", "subscriptions_pages"]
