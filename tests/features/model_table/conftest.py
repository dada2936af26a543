"""Model tables of the awkward plants, each built once: they are looked at from many sides."""

from functools import cache

import pytest

from features.model_table import build_model_table
from features.tables import FrameTables


@pytest.fixture(scope="session")
def table_at(plants):
    """Return a function: cut-off (None: none) → model table; treat as read-only."""
    return cache(lambda label: build_model_table(FrameTables(plants), label))
