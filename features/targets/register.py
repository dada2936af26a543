"""Targets that planners keep: how many enterprises of a group are to be newly added at a level by a month.

Beside the document's own and those of the record table `plan_targets`.
"""

from __future__ import annotations

import sqlalchemy as sa

from features.documents import register
from features.documents.kinds import TARGETS
from features.documents.kinds import Kept as KeptTarget

__all__ = ["KeptTarget", "Register"]


class Register(register.Register):
    """The targets in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use a migrated engine."""
        super().__init__(engine, TARGETS)
