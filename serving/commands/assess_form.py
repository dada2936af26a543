"""`zhuoyue assess questionnaire`: the blank form, as a file or as rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from features.self_assessment.form_words import Language, said
from features.self_assessment.questionnaire import Questionnaire, questionnaire
from features.self_assessment.refusals import AssessmentRefused
from qm_rules import load_pack
from serving.output import emit


def give_questionnaire(language: Language | None, out: Path | None, fmt: str | None) -> None:
    """Write the blank form to `out`, or print its rows."""
    asked = questionnaire(load_pack())
    if out is None:
        emit(_rows(asked, language), fmt)
        return
    if fmt is not None:
        raise AssessmentRefused("--out: found --format beside it; allowed: one of them")
    if out.exists():
        raise AssessmentRefused(f"--out: found {out}, which is there already; allowed: a new file")
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".md":
        from features.self_assessment.form_markdown import to_markdown

        out.write_text(to_markdown(asked, language), encoding="utf-8")
    elif out.suffix.lower() == ".xlsx":
        from features.self_assessment.form_workbook import write_workbook

        write_workbook(asked, out, language)
    else:
        raise AssessmentRefused(f"--out: found {out.name!r}; allowed: FILE.xlsx or FILE.md")
    typer.echo(f"wrote {out}", err=True)


def _rows(asked: Questionnaire, language: Language | None) -> list[dict[str, Any]]:
    return [
        {
            "dimension": said(group.name, language, " · "),
            "item": question.id,
            "name": said(question.name, language, " · "),
            "level": one.level,
            "clause": said(one.clause, language, " · "),
            "wording": said(one.quote, language),
        }
        for group in asked.groups
        for question in group.questions
        for one in question.wordings
    ]
