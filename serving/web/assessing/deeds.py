"""Acts on self-assessments on behalf of whoever signed in; refusals as HTTP errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, HTTPException, Request

from serving.access import Person, Role
from serving.web.asking import Asker

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.self_assessment import Answer, Assessment, Finding, Register
    from features.settings import Settings

TRIES: Final = 5
"""How often answers are tried again while others answer other items of the same assessment."""


@dataclass(frozen=True)
class Deeds:
    """Self-assessments as one person may see and change them."""

    settings: Settings
    engine: sa.Engine
    register: Register
    person: Person

    def find(self, assessment_id: str) -> Assessment:
        """Return one; HTTP 404 for one that is not there or may not be seen."""
        with said():
            found = self.register.get(assessment_id)
        if not self.person.sees_details({"enterprise_id": found.enterprise_id}):
            raise HTTPException(404, f"no assessment {assessment_id[:40]!r}")
        return found

    def begin(self, enterprise_id: str, as_of: str) -> Assessment:
        """Begin a draft."""
        from features.self_assessment import begin

        if not self.person.sees_details({"enterprise_id": enterprise_id}):
            raise HTTPException(404, f"no enterprise {enterprise_id[:80]!r} in the store")
        with said():
            return begin(self.register, self.settings, enterprise_id, as_of, self.person.name)

    def answer(self, assessment_id: str, answers: Mapping[str, Answer], version: int | None) -> Assessment:
        """Give answers to a draft that is at `version` (None: to what is unanswered or one's own)."""
        self.find(assessment_id)
        with said():
            return self.register.answer(assessment_id, answers, self.person.name, version)

    def fill(self, assessment_id: str, filled: Mapping[str, Answer], seen: int) -> Assessment:
        """Give the answers of a form that was filled in on version `seen`.

        Only what was changed in the form is written. What others answered meanwhile stays, unless both
        changed the same item: then nothing is written, HTTP 409.
        """
        for _ in range(TRIES):
            present = self.find(assessment_id)
            before = self.answers_at(assessment_id, seen)
            mine = {item: answer for item, answer in filled.items() if answer != before.get(item)}
            if not mine:
                return present
            if self._touched(assessment_id, seen) & set(mine):
                break
            try:
                return self.answer(assessment_id, mine, present.version)
            except HTTPException as error:
                if error.status_code != 409:
                    raise
        raise HTTPException(409, f"{assessment_id} was changed meanwhile: somebody answered the same items")

    def answers_at(self, assessment_id: str, version: int) -> Mapping[str, Answer]:
        """Return the answers as they stood in a version."""
        from features import journal
        from features.self_assessment.assessment import from_fields

        changes = [one for one in self.register.history(assessment_id) if one.version <= version]
        return from_fields(journal.replay(changes), version).answers if changes else {}

    def declare(self, assessment_id: str, role: str, on: date | None, version: int | None) -> Assessment:
        """Declare a draft; its levels go into the records."""
        from features.self_assessment import declare

        self.find(assessment_id)
        with said():
            found = declare(
                self.register, self.settings, assessment_id, self.person.name, role, on or today(), version
            )
        self._publish()
        return found

    def review(
        self,
        assessment_id: str,
        organisation: str,
        on: date | None,
        differing: Mapping[str, Finding],
        version: int | None,
    ) -> Assessment:
        """Review a declared one as a third party; HTTP 403 for the enterprise's own people."""
        from features.self_assessment import review

        enterprise_id = self.find(assessment_id).enterprise_id
        if belongs(self.person, enterprise_id):
            raise HTTPException(
                403, "by: a reviewer is not an engineer of the enterprise; a third party reviews"
            )
        name, day = self.person.name, on or today()
        with said():
            found = review(
                self.register, self.settings, assessment_id, name, organisation, day, differing, version
            )
        self._publish()
        return found

    def withdraw(self, assessment_id: str, version: int | None) -> Assessment:
        """Give up a draft."""
        self.find(assessment_id)
        with said():
            return self.register.withdraw(assessment_id, self.person.name, version)

    def _touched(self, assessment_id: str, seen: int) -> set[str]:
        """Return the items that anybody answered after a version."""
        changes = self.register.history(assessment_id)
        return {one.field.partition(".")[0] for one in changes if one.version > seen}

    def _publish(self) -> None:
        """Have the outlook made anew: levels of management items are part of every grade to come."""
        from serving.jobs import enqueue

        enqueue(self.engine, "publish", {}, self.person.name)


def belongs(person: Person, enterprise_id: str) -> bool:
    """Say whether somebody is of the enterprise: an engineer to whom it is given by name."""
    return Role.ENGINEER in person.roles and enterprise_id in person.scope.enterprises


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(UTC).date()


@contextmanager
def said() -> Iterator[None]:
    """Turn refusals into answers: 404 unknown, 409 changed meanwhile, 422 not allowed."""
    from features.self_assessment import AssessmentRefused, ChangedMeanwhile, UnknownAssessmentError

    try:
        yield
    except UnknownAssessmentError as error:
        raise HTTPException(404, str(error)) from None
    except ChangedMeanwhile as error:
        raise HTTPException(409, str(error)) from None
    except AssessmentRefused as error:
        raise HTTPException(422, str(error)) from None


def deeds(request: Request, person: Asker) -> Any:  # noqa: ANN401 - Deeds; a dependency is not validated
    """Return what a route acts with."""
    from features.self_assessment import Register

    engine = request.app.state.database.engine
    return Deeds(request.app.state.settings, engine, Register(engine), person)


Assessing = Annotated[Deeds, Depends(deeds)]
