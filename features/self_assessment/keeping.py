"""How the state database keeps assessments: the present one as a document, its changes in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from features import journal
from features.journal import Change
from features.self_assessment.assessment import Answer, Assessment, from_fields, to_fields
from features.self_assessment.refusals import ChangedMeanwhile, UnknownAssessmentError

TABLE = sa.Table(
    "self_assessments",
    sa.MetaData(),
    *(sa.Column(name, sa.String) for name in ("id", "enterprise_id", "state", "document")),
    sa.Column("version", sa.Integer),
    sa.Column("unrecorded", sa.Boolean),
)
PRESENT = sa.select(TABLE.c.document, TABLE.c.version)


def read(connection: sa.Connection, assessment_id: str) -> Assessment:
    """Return one assessment; raises UnknownAssessmentError."""
    query = PRESENT.where(TABLE.c.id == assessment_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownAssessmentError(f"no assessment {assessment_id!r:.60}; `zhuoyue assess list` shows all")
    return load(row)


def load(row: Any) -> Assessment:  # noqa: ANN401 - a row of `PRESENT`
    """Return the assessment of a row."""
    return from_fields(json.loads(row.document), row.version)


def as_row(assessment: Assessment) -> dict[str, Any]:
    """Return the row of an assessment."""
    return {
        "id": assessment.id,
        "enterprise_id": assessment.enterprise_id,
        "state": assessment.state.value,
        "version": assessment.version,
        "unrecorded": bool(assessment.unrecorded),
        "document": json.dumps(to_fields(assessment), ensure_ascii=True, sort_keys=True),
    }


def write(connection: sa.Connection, before: Assessment, after: Assessment, act: str, by: str) -> Assessment:
    """Write the next version of an assessment and every field that differs."""
    after = replace(after, version=before.version + 1)
    connection.execute(sa.update(TABLE).where(TABLE.c.id == after.id).values(as_row(after)))
    journal.append(connection, changes_to(to_fields(before), after, act, by))
    return after


def changes_to(old: Mapping[str, Any], assessment: Assessment, act: str, by: str) -> list[Change]:
    """Return a change for every field in which an assessment differs from the fields it had."""
    new, at = to_fields(assessment), journal.now()
    return [
        Change(assessment.id, assessment.version, act, name, old.get(name), new.get(name), by, at)
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name)
    ]


def refuse_if_changed_since(connection: sa.Connection, present: Assessment, version: int | None) -> None:
    """Refuse an act that rests on another version than the present one."""
    if version is not None and version != present.version:
        said = f"{present.id}: found version {version}; allowed: {present.version}, the present one"
        raise ChangedMeanwhile(said, journal.history(connection, present.id, after=version))


def refuse_to_overwrite_others(
    connection: sa.Connection, present: Assessment, items: set[str], by: str
) -> None:
    """Refuse to overwrite what somebody else answered, unseen."""
    taken = {item for item in items if item in present.answers}
    if not taken:
        return
    last = {change.field: change for change in journal.history(connection, present.id)}
    others = [last[f"{item}.{part}"] for item in present.answers if item in taken for part in Answer._fields]
    others = [change for change in others if change.who != by]
    if others:
        otherwise = f"to change it all the same: --version {present.version}"
        said = f"{present.id}: somebody else answered already; {otherwise}"
        raise ChangedMeanwhile(said, others)


def replayed(connection: sa.Connection, row: Any) -> list[str]:  # noqa: ANN401 - a row of `TABLE`
    """Say where an assessment is not what its changes make it."""
    try:
        changes = journal.history(connection, row.id)
        made, stored = journal.replay(changes), json.loads(row.document)
        version = max((change.version for change in changes), default=0)
    except ValueError as error:
        return [f"{row.id} cannot be read: {error}"]
    differing = sorted(name for name in {*made, *stored} if made.get(name) != stored.get(name))
    columns = (row.enterprise_id, row.state, row.version)
    if columns != (made.get("enterprise_id"), made.get("state"), version):
        differing.append("the columns beside the document")
    return [f"{row.id} is not what its changes make it: {', '.join(differing)}"] if differing else []
