"""Jobs for people and programs: a page that shows them live, and `/api/v1/jobs` and `/api/v1/reports`."""

from serving.web.jobs.api import router as api
from serving.web.jobs.pages import router as pages
from serving.web.jobs.reports import router as reports

__all__ = ["api", "pages", "reports"]
