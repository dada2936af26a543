"""The fixtures of this room; plain makers of findings are imported from `tests.serving.warned`."""

from tests.serving.warned import engine, migrated, reader, settings, shared

__all__ = ["engine", "migrated", "reader", "settings", "shared"]
