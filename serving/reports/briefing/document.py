"""The briefing (专报) as one document of two pages in one language."""

from __future__ import annotations

import json
from dataclasses import asdict

from qm_rules import load_pack
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Document, Part
from serving.reports.briefing.deciding import deciding
from serving.reports.briefing.facts import Briefing, Names
from serving.reports.briefing.goals import goals
from serving.reports.briefing.headline import headline
from serving.reports.briefing.helping import helping
from serving.reports.briefing.regions import regions
from serving.reports.briefing.risks import risks
from serving.reports.briefing.standing import standing
from serving.reports.briefing.telling import Telling
from serving.reports.numbering import last_day_of, numbered, sectioned
from serving.reports.speech import Speech

TITLE = Words("制造业质量管理能力等级研判专报", "Briefing on Quality Capability Levels")
BASIS = {
    "grade": Words("记录截至{month}；等级依据{document}", "Records up to {month}; levels by {document}"),
    "performance": Words(
        "记录截至{month}；只看质量绩效维度，依据{document}",
        "Records up to {month}; performance dimension alone, by {document}",
    ),
}
EVERYBODY = Words("全部监测企业", "All enterprises followed")
MARK = Words("发布 {outlook} · 模型 {model}", "publication {outlook} · model {model}")
PAGES = 2
"""What it has to fit on, in either language: tests hold it at the longest that the facts allow."""
RUNNING = 24
"""Characters of the name in the running head."""


def briefing(facts: Briefing, names: Names, language: str) -> Document:
    """Return the briefing; `names` speak the same language."""
    pack = load_pack()
    say = Speech(language, pack)
    it = Telling(facts, say, names)
    whom = it.whom or say(EVERYBODY)
    title = say(TITLE)
    part = Part(
        language=language,
        title=title,
        subtitle=say.fill(
            BASIS[facts.basis], month=say.month(facts.as_of), document=say(pack.said(pack.document))
        ),
        subject=whom,
        draft="",
        running=f"{label(whom, RUNNING)} · {title}",
        blocks=sectioned(numbered(_blocks(it), say), say),
    )
    return Document(
        parts=(part,),
        name=whom,
        day=last_day_of(facts.as_of),
        mark=say.fill(MARK, outlook=facts.outlook, model=facts.model_version),
        evidence=json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True),
        answer="",
        dense=True,
    )


def _blocks(it: Telling) -> list[Block]:
    return [
        *headline(it), *standing(it), *regions(it), *goals(it), *helping(it), *risks(it), *deciding(it),
    ]  # fmt: skip
