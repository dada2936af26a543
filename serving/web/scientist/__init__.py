"""The scientist's board: is the model still good, and what to do if not. It reads what jobs have kept."""

from serving.web.scientist.api import router as api
from serving.web.scientist.pages import router as pages

__all__ = ["api", "pages"]
