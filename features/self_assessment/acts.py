"""The acts that need both the register and the records: to begin, to declare, to review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import narwhals as nw

from features.self_assessment import transitions
from features.self_assessment.assessment import Assessment, Finding, Source, State
from features.self_assessment.recording import giving_way, refuse_foreign, rows, settle_alone
from features.self_assessment.refusals import AssessmentRefused
from features.self_assessment.register import Register
from features.settings import Settings
from features.store import Store


def begin(register: Register, settings: Settings, enterprise_id: str, as_of: str, by: str) -> Assessment:
    """Begin a draft for an enterprise that the records know; raises AssessmentRefused."""
    with Store.open(settings) as store:
        if enterprise_id not in store.enterprises():
            raise AssessmentRefused(
                f"enterprise: found {enterprise_id!r:.80}; allowed: one of table enterprises"
            )
    return register.begin(enterprise_id, as_of, by)


def declare(
    register: Register,
    settings: Settings,
    assessment_id: str,
    by: str,
    role: str,
    on: date,
    version: int | None = None,
) -> Assessment:
    """Declare a draft and bring its nine levels into the records as the enterprise's own (`self`).

    Raises:
        AssessmentRefused: what is missing or not allowed; then nothing is declared and nothing recorded.
    """
    with register.recording(settings.home):
        settle_alone(register, settings)
        draft = register.get(assessment_id)
        _look_ahead(register, settings, transitions.declared(draft, by, role, on))
        register.declare(assessment_id, by, role, on, draft.version if version is None else version)
        settle_alone(register, settings)
    return register.get(assessment_id)


def review(
    register: Register,
    settings: Settings,
    assessment_id: str,
    by: str,
    organisation: str,
    on: date,
    differing: Mapping[str, Finding],
    version: int | None = None,
) -> Assessment:
    """Review a declared one and bring the findings into the records as a third party's.

    Raises:
        AssessmentRefused: the reviewer took part in it or is of the enterprise, or what else is not allowed.
    """
    with register.recording(settings.home):
        settle_alone(register, settings)
        present = register.get(assessment_id)
        inside = _names(settings, present.enterprise_id)
        _look_ahead(
            register, settings, transitions.reviewed(present, by, organisation, on, differing, inside)
        )
        seen = present.version if version is None else version
        register.review(assessment_id, by, organisation, on, differing, inside, seen)
        settle_alone(register, settings)
    return register.get(assessment_id)


def _look_ahead(register: Register, settings: Settings, after: Assessment) -> None:
    """Refuse what the records could not take, before it is declared."""
    others = register.all(after.enterprise_id)
    with Store.open(settings) as store:
        part: Source = "third_party" if after.state is State.REVIEWED else "self"
        refuse_foreign(rows(after, part), giving_way(after, others), store)


def _names(settings: Settings, enterprise_id: str) -> tuple[str, ...]:
    """Return the names under which the records know an enterprise."""
    with Store.open(settings) as store:
        own = store.table("enterprises").filter(nw.col("enterprise_id") == enterprise_id)
        names = own.select("name").collect("pyarrow").to_arrow()["name"].to_pylist()
    return tuple(str(name) for name in names if name)
