"""Reads `english.yaml`: our own translation of what the edition shows, complete and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from qm_rules.faults import PackError
from qm_rules.pack.contents import Pack, bare
from qm_rules.pack.policies import words
from qm_rules.pack.yaml_files import only_keys
from qm_rules.words import Words

FILE = "english.yaml"
SECTIONS = ("names", "clauses", "quotes", "wordings", "annex")


def read_english(english: object) -> tuple[Words, dict[str, str]]:
    """Return who governs, and every Chinese text, bare, with its English."""
    keys = only_keys(english, FILE, {"governs", *SECTIONS})
    found: dict[str, str] = {}
    for section in SECTIONS:
        for chinese, text in keys[section].items():
            if not isinstance(chinese, str) or not isinstance(text, str) or not text:
                raise PackError(f"{FILE}, {section}: found {chinese!r}: {text!r}; allowed: text: text")
            if bare(chinese) in found:
                raise PackError(f"{FILE}, {section}: found {chinese!r} again; allowed: each text once")
            found[bare(chinese)] = text
    return words(keys["governs"], f"{FILE}, governs"), found


def check_english(pack: Pack) -> None:
    """Raise PackError unless everything that the edition shows is translated, and nothing else is."""
    shown = dict.fromkeys(bare(text) for text in shown_texts(pack) if bare(text))
    for text in shown:
        if text not in pack.translations:
            raise PackError(f"{FILE}: found no English for {text!r}; needed: one for all that is shown")
    for text in pack.translations:
        if text not in shown:
            raise PackError(f"{FILE}: found {text!r}; allowed: what the edition shows")


def shown_texts(pack: Pack) -> Iterable[str]:
    """Yield every Chinese text of the edition that people are shown, some of them several times."""
    yield from (pack.document, pack.title, pack.annex, *pack.issuers)
    yield from (level.name for level in pack.levels)
    for rule in pack.indicators.values():
        yield from (rule.name, rule.clause, rule.quote, *rule.level_1.values())
        for bound in rule.bounds:
            yield from (bound.clause, bound.quote)
    for item in pack.items.values():
        yield from (item.name, *item.wording.values())
    yield from (dimension.name for dimension in pack.dimensions.values())
    for target in pack.targets:
        yield from (target.clause, target.quote)
    for misprint in pack.misprints:
        yield from (str(misprint["printed_in"]), str(misprint["quote"]))
    for clause in pack.clauses:
        yield from (clause.section, clause.quote)
