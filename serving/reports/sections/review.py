"""Who declared the self-assessment of the management items, and what a third party found (tasks 16, 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text, cells
from serving.reports.facts import Facts
from serving.reports.sections.identity import shown
from serving.reports.speech import NONE, Speech

if TYPE_CHECKING:
    from features.self_assessment import Assessment

HEADING = Words("自我评价的申报与第三方评价", "Declaration of the self-assessment and third-party review")
NUMBER, ROUND = Words("自评编号", "Self-assessment"), Words("评价截止月份", "Up to the month")
DECLARED, REVIEWED = Words("申报", "Declared"), Words("第三方评价", "Third-party review")
BY = Words("{by}（{role}），{on}", "{by} ({role}), {on}")
ITEM, SELF, FOUND = Words("评价项", "Item"), Words("自评", "Self"), Words("第三方", "Third party")
REASON = Words("不一致的理由", "Why they differ")
NOT_REVIEWED = Words("尚未经第三方评价。", "Not yet reviewed by a third party.")


def review(facts: Facts, say: Speech) -> list[Block]:
    """Return who stands behind the self-assessment; nothing where none was declared in this system."""
    found = facts.self_assessment
    if found is None or found.declaration is None:
        return []
    declared, reviewed = found.declaration, found.review
    rows = [
        (NUMBER, found.id),
        (ROUND, say.month(found.as_of)),
        (DECLARED, _by(declared.by, declared.role, say.day(declared.on), say)),
    ]
    if reviewed:
        rows.append((REVIEWED, _by(reviewed.by, reviewed.organisation, say.day(reviewed.on), say)))
    columns = (Column("", 1.0), Column("", 3.7))
    blocks: list[Block] = [
        Heading(say(HEADING), 2),
        Table(columns, tuple((Cell(say(name)), Cell(value)) for name, value in rows)),
    ]
    return [*blocks, _findings(found, say) if reviewed else Text(say(NOT_REVIEWED), "note")]


def _by(person: str, role: str, day: str, say: Speech) -> str:
    return say.fill(BY, by=shown(person), role=shown(role), on=day)


def _findings(found: Assessment, say: Speech) -> Table:
    assert found.review is not None  # noqa: S101 - asked before
    columns = (
        Column(say(ITEM), 1.5),
        Column(say(SELF), 0.7, "center"),
        Column(say(FOUND), 0.8, "center"),
        Column(say(REASON), 4),
    )
    own = found.levels
    rows = (
        (
            *cells(say.name(item)),
            Cell(str(own[item]) if item in own else NONE, own.get(item)),
            Cell(str(finding.level), finding.level),
            *cells(shown(finding.reason)),
        )
        for item, finding in found.review.findings.items()
    )
    return Table(columns, tuple(rows))
