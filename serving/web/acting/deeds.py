"""Acts on improvement actions on behalf of whoever signed in; refusals as HTTP errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, HTTPException, Request

from serving.access import Person
from serving.web.asked_for import Library
from serving.web.asking import Asker
from serving.web.reading import Reading

if TYPE_CHECKING:
    from features.improvement import Action, Promise, Register
    from features.settings import Settings


_KEPT: dict[Path, tuple[str, Sequence[Action]]] = {}
"""By home: the fingerprint of the records, and all their actions."""


@dataclass(frozen=True)
class Deeds:
    """Actions as one person may see and change them."""

    settings: Settings
    register: Register
    library: Reading
    person: Person

    def seen(self, enterprise_id: str | None = None) -> list[Action]:
        """Return the actions on record that the person may see, by start."""
        from features.improvement import recorded

        # Never what the library keeps for a second: whoever has moved an action looks at it a moment later.
        rows = self.library.enterprises()
        found = (
            _everybodys(self.settings) if enterprise_id is None else recorded(self.settings, enterprise_id)
        )
        return [one for one in found if self._sees(rows, one.enterprise_id)]

    def find(self, action_id: str) -> Action:
        """Return one action as it is now; HTTP 404 for one that is not there or may not be seen."""
        from features.improvement import recorded

        rows = self.library.enterprises()
        for one in recorded(self.settings, action_id=action_id):
            if self._sees(rows, one.enterprise_id):
                return one
        raise HTTPException(404, f"no action {action_id[:60]!r}")

    def promises(self, enterprise_id: str | None = None) -> dict[str, Promise]:
        """Return what was promised, by action."""
        return self.register.promises(enterprise_id)

    def verdicts(self) -> dict[str, Mapping[str, Any]]:
        """Return the verdicts published last, by action."""
        from serving.web.acting.showing import published

        return {row["action_id"]: row for row in published(self.settings).verdicts}

    def accept(
        self, enterprise_id: str, rank: int, title: str | None, start: date | None, outlook: str | None
    ) -> Action:
        """Accept a published recommendation; HTTP 404 if there is none, 409 if it was published anew."""
        from features.improvement import accept

        row, source = self._advised(enterprise_id, rank, outlook)
        with said():
            return accept(self.register, self.settings, row, source, self.person.name, title, start)

    def move(self, action_id: str, to: str, on: date | None, seen: str | None) -> Action:
        """Move an action on."""
        from features.improvement import move

        self.find(action_id)
        with said():
            return move(self.register, self.settings, action_id, to, self.person.name, on, seen)

    def amend(self, action_id: str, title: str | None, cost: Decimal | None, seen: str | None) -> Action:
        """Put title or cost right."""
        from features.improvement import amend

        self.find(action_id)
        with said():
            return amend(self.register, self.settings, action_id, self.person.name, title, cost, seen)

    def _advised(self, enterprise_id: str, rank: int, outlook: str | None) -> tuple[dict[str, Any], Any]:
        from features.improvement import Source
        from models.outlook import NoOutlookError, Outlook

        try:
            found = Outlook.load(self.settings)
        except NoOutlookError as error:
            raise HTTPException(404, str(error)) from None
        if outlook is not None and outlook != found.folder.name:
            anew = f"recommendations were published anew, as {found.folder.name}: read them again"
            raise HTTPException(409, anew)
        row = next((r for r in found.recommendations(enterprise_id) if r.get("rank") == rank), None)
        if row is None:
            raise HTTPException(404, f"no recommendation of rank {rank} is published for {enterprise_id!r}")
        source = Source(
            outlook=found.folder.name,
            model_version=found.model_version,
            fingerprint=found.fingerprint,
            published_at=found.created_at,
            as_of=found.as_of,
        )
        return row, source

    def _sees(self, rows: Mapping[str, Any], enterprise_id: str) -> bool:
        return enterprise_id in rows and self.person.sees_details(rows[enterprise_id])


def _everybodys(settings: Settings) -> Sequence[Action]:
    """Return all actions on record, read once per state of the records: half a second for 50 000."""
    from features.improvement import recorded
    from features.store import Store

    with Store.open(settings) as store:
        state = store.fingerprint()
    kept = _KEPT.get(settings.home)
    if kept is None or kept[0] != state:
        kept = _KEPT[settings.home] = state, tuple(recorded(settings))
    return kept[1]


@contextmanager
def said() -> Iterator[None]:
    """Turn refusals into answers: 404 unknown, 409 changed meanwhile, 422 not allowed."""
    from features.improvement import ActionChanged, ActionRefused, UnknownActionError

    try:
        yield
    except UnknownActionError as error:
        raise HTTPException(404, str(error)) from None
    except ActionChanged as error:
        raise HTTPException(409, str(error)) from None
    except ActionRefused as error:
        raise HTTPException(422, str(error)) from None


def deeds(request: Request, library: Library, person: Asker) -> Deeds:
    """Return what a route acts with."""
    from features.improvement import Register

    state = request.app.state
    return Deeds(state.settings, Register(state.database.engine), library, person)


Acting = Annotated[Deeds, Depends(deeds)]
