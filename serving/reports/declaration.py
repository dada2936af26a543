"""The self-declaration (自我声明, task 16): Chinese first and complete, then the same in English."""

from __future__ import annotations

from datetime import date

from qm_rules import canonical_json
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Document, Part
from serving.reports.facts import Facts
from serving.reports.numbering import last_day_of, numbered
from serving.reports.sections.annex import annex
from serving.reports.sections.checking import checking
from serving.reports.sections.gaps import gaps
from serving.reports.sections.identity import identity, quoted, shown
from serving.reports.sections.indicators import indicators
from serving.reports.sections.items import items
from serving.reports.sections.losses import losses
from serving.reports.sections.notes import lacking, notes
from serving.reports.sections.readings import readings
from serving.reports.sections.review import review
from serving.reports.sections.signing import signing
from serving.reports.sections.studies import studies
from serving.reports.sections.verdict import verdict
from serving.reports.speech import Speech

TITLE = Words("制造业企业质量管理能力等级自我声明", "Self-declaration of Quality Management Capability Level")
DRAFT_TITLE = Words(
    "制造业企业质量管理能力等级自我声明(草稿)",
    "Self-declaration of Quality Management Capability Level (draft)",
)
DRAFT = Words("草稿 · 不得签署", "Draft · not to be signed")
LANGUAGES = ("zh", "en")
EVIDENCE = "证据"
RUNNING = 24
"""Characters of the name in the running head."""


def declaration(facts: Facts, signed_on: date | None = None) -> Document:
    """Return the document. `signed_on` is the date of the declaration; without it the line stays blank."""
    window = facts.grade.evidence.document["window"]
    name = shown(facts.enterprise.get("name") or facts.grade.enterprise_id)
    return Document(
        parts=tuple(_part(facts, name, signed_on, language) for language in LANGUAGES),
        name=name,
        day=last_day_of(window["end"]),
        mark=f"{EVIDENCE} {facts.grade.evidence.sha256[:16]} · {facts.grade.book.pack.id}",
        evidence=facts.grade.evidence.canonical,
        answer=canonical_json(facts.grade.to_dict()),
        warnings=tuple(f"U+{ord(letter):04X}" for letter in lacking(facts)),
    )


def _part(facts: Facts, name: str, signed_on: date | None, language: str) -> Part:
    pack = facts.grade.book.pack
    say = Speech(language, pack, facts.ids)
    incomplete = facts.grade.level is None
    between = " " if language == "en" else ""
    basis = f"{say(pack.said(pack.document))}{between}{quoted(say, pack.title)} · {quoted(say, pack.annex)}"
    title = say(DRAFT_TITLE if incomplete else TITLE)
    return Part(
        language=language,
        title=title,
        subtitle=basis,
        subject=name,
        draft=say(DRAFT) if incomplete else "",
        running=f"{label(name, RUNNING)} · {say(TITLE)}",
        blocks=numbered(_blocks(facts, say, say.day(signed_on) if signed_on else ""), say),
    )


def _blocks(facts: Facts, say: Speech, signed_on: str) -> list[Block]:
    return [
        *identity(facts, say),
        *verdict(facts, say),
        *indicators(facts, say),
        *losses(facts, say),
        *studies(facts, say),
        *items(facts, say),
        *review(facts, say),
        *gaps(facts, say),
        *readings(facts, say),
        *notes(facts, say),
        *signing(facts, say, signed_on),
        *annex(facts, say),
        *checking(facts, say),
    ]
