"""产业链质量提升建议书: a chain's proposal with its table of benefits, as one document in one language.

Hubei's “5个一”工作法 names 质量提升建议书 and 质量效益测算表 among the five papers of a chain's project; the
guidance of five departments (January 2024) names 质量图谱, 质量问题清单 and 重点攻关项目清单. No form of
them is published, so they follow the enterprise's own proposal (`serving.reports.proposal`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.chains import Study
from qm_rules import load_pack
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Document, Part
from serving.reports.chain.sections.benefit import benefit, levels_ahead
from serving.reports.chain.sections.doing import doing, sources
from serving.reports.chain.sections.lists import problem_list, project_list, weak_links
from serving.reports.chain.sections.standing import quality_map, summary
from serving.reports.chain.telling import Row, Telling
from serving.reports.fonts import missing
from serving.reports.numbering import last_day_of, numbered, sectioned
from serving.reports.speech import Speech

TITLE = Words("产业链质量提升建议书", "Quality Improvement Proposal of a Supply Chain")
BASIS = Words(
    "记录截至 {period}；官方等级按 {edition}；预测与建议：模型 {version}",
    "Records up to {period}; official grades by {edition}; forecast and recommendations: model {version}",
)
MARK = Words("{name} · {period} · 模型 {version}", "{name} · {period} · model {version}")
ALL = Words("全部产业链", "All chains")
RUNNING = 24


def chain_proposal(study: Study, rows: Mapping[str, Row], language: str, model_version: str = "") -> Document:
    """Return the proposal of a chain.

    Args:
        study: what its reader may see.
        rows: rows of `enterprises` by id, for names.
        language: `zh` or `en`.
        model_version: of the outlook that it rests on.
    """
    pack = load_pack()
    say = Speech(language, pack, tuple(sorted(label(name) for name in rows)))
    it = Telling(study, rows, say, model_version)
    name = label(study.name) if study.name else say(ALL)
    period = say.month(study.period)
    values = {"period": period, "edition": say(pack.said(pack.document)), "version": model_version or "-"}
    part = Part(
        language=language,
        title=say(TITLE),
        subtitle=say.fill(BASIS, **values),
        subject=name,
        draft="",
        running=f"{label(name, RUNNING)} · {say(TITLE)}",
        blocks=sectioned(numbered(_blocks(it), say), say),
    )
    return Document(
        parts=(part,),
        name=name,
        day=last_day_of(study.period),
        mark=say.fill(MARK, name=name, period=study.period, version=model_version or "-"),
        evidence=_json({"chain": study.name, "period": study.period, "problems": study.problems}),
        answer=_json({"projects": study.projects, "benefit": study.balance.lines}),
        warnings=tuple(f"U+{ord(letter):04X}" for letter in missing(_names(rows))),
    )


def _blocks(it: Telling) -> list[Block]:
    return [
        *summary(it),
        *quality_map(it),
        *problem_list(it),
        *weak_links(it),
        *levels_ahead(it),
        *project_list(it),
        *benefit(it),
        *doing(it),
        *sources(it),
    ]


def _names(rows: Mapping[str, Row]) -> str:
    return label("".join(str(row.get("name") or "") for row in rows.values()), most=10**9)


def _json(value: Any) -> str:  # noqa: ANN401 - rows of the study
    def plain(item: Any) -> Any:  # noqa: ANN401
        return asdict(item) if hasattr(item, "__dataclass_fields__") else str(item)

    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=plain)
