"""The state database of a running service: one pooled engine, opened at the first question."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.settings import Settings


class Database:
    """`database.engine` for whatever a request reads or writes; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        """Remember where to look; nothing is opened yet."""
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: sa.Engine | None = None

    @property
    def engine(self) -> sa.Engine:
        """The engine, its tables migrated; raises StateDatabaseError."""
        from features.store.database import open_database

        with self._lock:
            if self._engine is None:
                self._engine = open_database(self._settings, pooled=True)
            return self._engine

    def close(self) -> None:
        """Give connections back."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None
