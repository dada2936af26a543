"""The fixtures of this room; plain makers of findings are imported from `tests.serving.warned`."""

from tests.serving.warned import engine, reader, settings

__all__ = ["engine", "reader", "settings"]
