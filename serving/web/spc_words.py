"""What a control chart says, in the reader's language: its name, its rules, what to know first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.web.language import Language

if TYPE_CHECKING:
    from features.control_charts import Chart, Note

WHOLE = frozenset({"too_few", "few_points"})
"""Notes whose number is a count."""


def summary(language: Language, chart: Chart) -> str:
    """Return how many points there are, and how many of them signal."""
    return language(
        "spc.summary",
        kind=kind(language, chart),
        points=language.number(len(chart.labels)),
        beyond=language.number(int(chart.beyond.sum())),
        signals=language.number(int(chart.completes.any(axis=1).sum())),
    )


def kind(language: Language, chart: Chart) -> str:
    """Return the name of the chart."""
    return language(f"spc.kind.{chart.kind}")


def note(language: Language, said: Note) -> str:
    """Return a note as a sentence."""
    value = language.number(said.value, 0 if said.code in WHOLE else 2) if said.value == said.value else ""
    return language(f"spc.note.{said.code}", value=value)


def rules(language: Language, chart: Chart, point: int) -> str:
    """Return the rules that signal at a point (from 0) as one sentence; empty where none does."""
    from features.control_charts.rules import RULES

    hits = chart.rules_at(point)
    names = [language(f"spc.rule.{rule.name}") for rule in RULES[chart.rule_set] if rule.number in hits]
    return language("spc.signals", rules=language.listing(names)) if names else ""
