"""The homes of the journal's tests, on both databases."""

from tests.serving.journal.conftest import brought, filled, settings  # noqa: F401 - fixtures
