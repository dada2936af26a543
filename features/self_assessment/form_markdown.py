"""The blank questionnaire as a document to read."""

from __future__ import annotations

from collections.abc import Callable

from features.self_assessment import form_words as words
from features.self_assessment.form_words import Language, said
from features.self_assessment.questionnaire import Question, Questionnaire
from qm_rules.words import Words

Say = Callable[[Words], str]
TO_FILL = (words.LEVEL, words.WHY, words.EVIDENCE_TITLE.fill(n=1), words.EVIDENCE_LINK.fill(n=1))


def to_markdown(asked: Questionnaire, language: Language | None = None) -> str:
    """Return the questionnaire as a Markdown document, in one language or both."""

    def say(text: Words) -> str:
        return said(text, language, " · ").replace("|", "\\|")

    lines = [f"# {say(words.TITLE)}", "", f"{say(asked.annex)} · {asked.edition} · `{asked.pack_sha256}`", ""]
    lines += [say(asked.governs), "", *(f"- {say(line)}" for line in words.HOW)]
    for group in asked.groups:
        lines += ["", f"## {say(group.name)}"]
        for question in group.questions:
            lines += [*_question(question, say), "", *(f"- {say(heading)}: " for heading in TO_FILL)]
    lines += ["", f"## {say(asked.facts.name)}", "", say(words.FROM_RECORDS)]
    for question in asked.facts.questions:
        lines += _question(question, say)
    return "\n".join(lines) + "\n"


def _question(question: Question, say: Say) -> list[str]:
    head = " | ".join(say(one) for one in (words.LEVEL, words.CLAUSE, words.WORDING))
    rows = (
        f"| {one.level} {say(one.name)} | {say(one.clause)} | {say(one.quote)} |" for one in question.wordings
    )
    return ["", f"### {say(question.name)} (`{question.id}`)", "", f"| {head} |", "|---|---|---|", *rows]
