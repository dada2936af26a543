"""From declared to counted: the levels go into the records by the import that all records take.

Declaring is three steps, each whole or not at all: the state database says that it was declared; the store
takes the rows; the state database notes that they are there. Whoever is stopped in between leaves an
assessment that is declared and marked as not yet recorded, and the next command takes the steps that are
missing. The import is idempotent, so a step taken twice changes nothing. One at a time: two that catch up
could put the rows of a declaration back over those of its correction of the same day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from features.records.schema import ITEMS, TABLES
from features.self_assessment.assessment import Answer, Assessment, Source, State
from features.self_assessment.refusals import AssessmentRefused
from features.self_assessment.register import Register
from features.settings import Settings
from features.store import Store

TABLE = TABLES["assessments"]


def settle(register: Register, settings: Settings) -> list[Assessment]:
    """Bring everything that is declared or reviewed and not yet recorded into the records; return it."""
    if not register.unrecorded():
        return []
    with register.recording(settings.home):
        return settle_alone(register, settings)


def settle_alone(register: Register, settings: Settings) -> list[Assessment]:
    """Do what `settle` does, inside `Register.recording`."""
    settled = []
    for assessment in register.unrecorded():
        for part in assessment.unrecorded:
            bring(rows(assessment, part), f"{assessment.id}-{part}", settings)
            settled.append(register.mark_recorded(assessment.id, part))
    return settled


def bring(found: list[dict[str, Any]], name: str, settings: Settings) -> None:
    """Import rows of `assessments`; they become the current ones, what they replace stays in its old file."""
    with tempfile.TemporaryDirectory(prefix="zhuoyue-") as folder, Store.open(settings) as store:
        path = Path(folder) / name / "assessments.parquet"
        path.parent.mkdir()
        pq.write_table(pa.Table.from_pylist(found, schema=TABLE.arrow), path)
        store.import_paths([path], on_conflict="replace")


def rows(assessment: Assessment, part: Source) -> list[dict[str, Any]]:
    """Return the nine rows of `assessments` that a declaration (`self`) or a review (`third_party`) makes."""
    return [_row(assessment, item, part) for item in ITEMS]


def _row(assessment: Assessment, item: str, part: Source) -> dict[str, Any]:
    answer, declared, review = assessment.answers[item], assessment.declaration, assessment.review
    assert declared is not None  # noqa: S101 - only what was declared is recorded
    level, on, who, why = answer.level, declared.on, f"{declared.by}, {declared.role}", answer.why
    if part == "third_party":
        assert review is not None  # noqa: S101 - only what was reviewed is recorded as such
        finding = review.findings[item]
        level, on, who = finding.level, review.on, f"{review.by}, {review.organisation}"
        why = finding.reason or "confirmed"
    return {
        "enterprise_id": assessment.enterprise_id,
        "item_id": item,
        "level": level,
        "assessed_on": on,
        "source": part,
        "assessor": who,
        "evidence": _evidence(answer),
        "note": f"{assessment.id}: {why}",
    }


def _evidence(answer: Answer) -> str | None:
    return "; ".join(f"{link.title} | {link.link}" for link in answer.evidence) or None


def refuse_foreign(found: list[dict[str, Any]], replaceable: Iterable[str], store: Store) -> None:
    """Refuse rows whose key the records hold with other values, unless what stands there gives way.

    Raises:
        AssessmentRefused: it names the items and what stands there.
    """
    first, ids = found[0], {f"{name}:" for name in replaceable}
    same_key = (nw.col(name) == first[name] for name in ("enterprise_id", "assessed_on", "source"))
    stored = store.table(TABLE.name).filter(*same_key).collect("pyarrow").to_arrow().to_pylist()
    wanted = {row["item_id"]: row for row in found}
    foreign = [
        row["item_id"]
        for row in stored
        if row != wanted[row["item_id"]] and (row["note"] or "").partition(" ")[0] not in ids
    ]
    if foreign:
        said = f"on: the records hold other assessments of {first['assessed_on']} ({first['source']})"
        raise AssessmentRefused(f"{said}: {', '.join(foreign)}; allowed: another day")


def giving_way(assessment: Assessment, others: Iterable[Assessment]) -> set[str]:
    """Return the ids of the assessments whose rows a declaration or review of this one may replace."""
    return {one.id for one in others if one.state is State.SUPERSEDED} | {
        assessment.id,
        assessment.supersedes or assessment.id,
    }
