"""Kept scenarios and what was computed of them, for pages, the API, the command and the job alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.documents.kinds import LISTS, SCENARIOS, Kept, Kind
from models.scenarios.wish import Scenario

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.documents.register import Register


@dataclass(frozen=True)
class KeptScenario:
    """A scenario of the register. `stamp` names what it says: its version, and that of its list."""

    id: str
    version: int
    owner: str
    wish: Scenario
    stamp: str
    listed: frozenset[str] | None

    @property
    def suppliers(self) -> frozenset[str]:
        """Whom it has deliver otherwise."""
        return frozenset(self.wish.tightened.suppliers if self.wish.tightened else ())


def register(engine: sa.Engine) -> Register:
    """Return the scenarios in the state database."""
    return _register(engine, SCENARIOS)


def every(engine: sa.Engine) -> list[KeptScenario]:
    """Return all scenarios, in order of id."""
    lists = _lists(engine)
    return [_of(own, lists) for own in register(engine).all()]


def one(engine: sa.Engine, scenario_id: str) -> KeptScenario:
    """Return a scenario; raises UnknownDocumentError."""
    found = register(engine).get(scenario_id)
    return of_kept(engine, found)


def of_kept(engine: sa.Engine, found: Kept) -> KeptScenario:
    """Return a kept document as a scenario."""
    lists = _lists(engine) if found.document.get("list") else {}
    return _of(found, lists)


def _of(found: Kept, lists: dict[str, Kept]) -> KeptScenario:
    wish = Scenario.model_validate(found.document)
    own = lists.get(wish.list)
    stamp = f"{found.version}.{own.version if own else 0}" if wish.list else str(found.version)
    # Of a list that is gone nobody is a member any more.
    listed = frozenset(own.document["enterprise_ids"] if own else ()) if wish.list else None
    return KeptScenario(found.id, found.version, found.owner, wish, stamp, listed)


def _lists(engine: sa.Engine) -> dict[str, Kept]:
    return {own.id: own for own in _register(engine, LISTS).all()}


def _register(engine: sa.Engine, kind: Kind) -> Register:
    from features.documents.register import Register  # pages load no database at their start

    return Register(engine, kind)
