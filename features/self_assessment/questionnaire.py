"""The questionnaire: what the annex says of every item and level, taken from the edition."""

from __future__ import annotations

from typing import NamedTuple

from qm_rules import Pack
from qm_rules.words import Words


class Wording(NamedTuple):
    """What one level asks: its official name, where the annex says it, and in which words."""

    level: int
    name: Words
    clause: Words
    quote: Words


class Question(NamedTuple):
    """One management item with the annex's wording of the five levels, or an indicator with its bounds."""

    id: str
    name: Words
    wordings: tuple[Wording, ...]


class Group(NamedTuple):
    """One dimension and its items."""

    id: str
    name: Words
    questions: tuple[Question, ...]


class Questionnaire(NamedTuple):
    """All questions of an edition.

    `groups` are answered by people; `facts` are the quantitative indicators, which records supply and nobody
    answers. `governs` says that the Chinese governs.
    """

    edition: str
    pack_sha256: str
    annex: Words
    governs: Words
    groups: tuple[Group, ...]
    facts: Group

    @property
    def questions(self) -> tuple[Question, ...]:
        """The items of all groups, in the order of the annex."""
        return tuple(question for group in self.groups for question in group.questions)


def questionnaire(pack: Pack) -> Questionnaire:
    """Return the questionnaire of an edition; raises PackError where the edition lacks words."""
    people = [name for name, one in pack.dimensions.items() if set(one.members) <= set(pack.items)]
    facts = [name for name in pack.dimensions if name not in people]
    groups = {name: _group(pack, name) for name in (*people, *facts)}
    return Questionnaire(
        edition=pack.id,
        pack_sha256=pack.sha256,
        annex=pack.said(pack.annex),
        governs=pack.governs,
        groups=tuple(groups[name] for name in people),
        facts=groups[facts[0]],
    )


def _group(pack: Pack, dimension: str) -> Group:
    members = pack.dimensions[dimension].members
    asked = (_item(pack, name) if name in pack.items else _indicator(pack, name) for name in members)
    return Group(dimension, pack.words(dimension), tuple(asked))


def _item(pack: Pack, name: str) -> Question:
    wordings = (
        Wording(
            level, pack.level_words(level), pack.said(pack.clause_of(name, level).section), pack.said(quote)
        )
        for level, quote in sorted(pack.items[name].wording.items())
    )
    return Question(name, pack.words(name), tuple(wordings))


def _indicator(pack: Pack, name: str) -> Question:
    rule = pack.indicators[name]
    lowest = pack.levels[0].level
    quotes = [(lowest, rule.level_1["clause"], rule.level_1["quote"])]
    quotes += [(bound.level, bound.clause, bound.quote) for bound in rule.bounds]
    wordings = (
        Wording(level, pack.level_words(level), pack.said(clause), pack.said(quote))
        for level, clause, quote in quotes
    )
    return Question(name, pack.words(name), tuple(wordings))
