"""The improvement proposal (质量提升建议书, tasks 7 and 8) as one document in one language."""

from __future__ import annotations

from qm_rules import canonical_json
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Document, Part
from serving.reports.numbering import last_day_of, numbered, sectioned
from serving.reports.proposal.facts import Known
from serving.reports.proposal.phrases import Phrases
from serving.reports.proposal.sections.actions import actions
from serving.reports.proposal.sections.benefit import benefit
from serving.reports.proposal.sections.holding import holding
from serving.reports.proposal.sections.schedule import schedule
from serving.reports.proposal.sections.standing import standing
from serving.reports.proposal.sections.summary import summary
from serving.reports.proposal.sections.verifying import verifying
from serving.reports.proposal.sections.withheld import withheld
from serving.reports.proposal.telling import Telling
from serving.reports.sections.identity import shown
from serving.reports.sections.notes import lacking
from serving.reports.speech import Speech

TITLE = Words("质量提升建议书", "Quality Improvement Proposal")
BASIS = Words(
    "依据 {span} 的记录；官方等级按 {edition}；预测与建议：{outlook}",
    "From records of {span}; official grade by {edition}; forecast and recommendations: {outlook}",
)
OUTLOOK, NO_OUTLOOK = Words("模型 {version}", "model {version}"), Words("未发布", "not published")
MARK = Words("证据 {evidence} · {pack} · {model}", "evidence {evidence} · {pack} · {model}")
RUNNING = 24
"""Characters of the name in the running head."""


def proposal(known: Known, phrases: Phrases) -> Document:
    """Return the proposal in the language of the phrases."""
    grade, name = (
        known.official.grade,
        shown(known.official.enterprise.get("name") or known.official.grade.enterprise_id),
    )
    pack = grade.book.pack
    say = Speech(phrases.language, pack, known.official.ids)
    it = Telling(known, say, phrases)
    window, published = grade.evidence.document["window"], known.published
    outlook = say.fill(OUTLOOK, version=published.model_version) if published else say(NO_OUTLOOK)
    edition = say(pack.said(pack.document))
    span = say.span(window["start"], window["end"])
    part = Part(
        language=phrases.language,
        title=say(TITLE),
        subtitle=say.fill(BASIS, span=span, edition=edition, outlook=outlook),
        subject=name,
        draft="",
        running=f"{label(name, RUNNING)} · {say(TITLE)}",
        blocks=sectioned(numbered(_blocks(it), say), say),
    )
    version = published.model_version if published else "-"
    return Document(
        parts=(part,),
        name=name,
        day=last_day_of(window["end"]),
        mark=say.fill(MARK, evidence=grade.evidence.sha256[:16], pack=pack.id, model=version),
        evidence=grade.evidence.canonical,
        answer=canonical_json(grade.to_dict()),
        warnings=tuple(f"U+{ord(letter):04X}" for letter in lacking(known.official)),
    )


def _blocks(it: Telling) -> list[Block]:
    return [
        *summary(it),
        *standing(it),
        *holding(it),
        *actions(it),
        *withheld(it),
        *benefit(it),
        *schedule(it),
        *verifying(it),
    ]
