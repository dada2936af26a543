"""What every section of a briefing is handed: facts, language, and how counts and chances are said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qm_rules.words import Words
from serving.reports.briefing.facts import Briefing, Goal, Names
from serving.reports.speech import MONTHS, Speech

RANGE = Words("{count} 家（90 % 区间 {low}—{high} 家）", "{count} (90 % range {low} to {high})")
EXACTLY = Words("{count} 家", "{count}")
STANDARD = Words("先进质量管理体系标准", "Advanced quality-management standard")
BELOW, ABOVE = Words("低于 1 %", "below 1 %"), Words("高于 99 %", "above 99 %")
ALL = Words("全部", "All")
LEAST = 0.1
"""Expected counts below this are told as below it."""
SURE_OF = 0.01
"""Probabilities nearer to 0 or 1 than this are told as a bound."""


@dataclass(frozen=True)
class Telling:
    """One briefing in one language."""

    facts: Briefing
    say: Speech
    names: Names

    def level(self, level: int) -> str:
        """Return a level's name."""
        return self.say(self.say.pack.level_words(level))

    def goal(self, goal: Goal) -> str:
        """Return which level a target is about."""
        return self.say(STANDARD) if goal.level is None else self.level(goal.level)

    def count(self, value: float) -> str:
        """Return a count: a whole number as one, an expectation with one digit."""
        if 0 < value < LEAST:
            return f"<{LEAST}"
        digits = 0 if float(value).is_integer() or value >= 100 else 1
        return self.say.number(Decimal(str(value)), digits)

    def between(self, count: float, low: int, high: int) -> str:
        """Return a count with its range."""
        if low == high == count:
            return self.say.fill(EXACTLY, count=self.count(count))
        return self.say.fill(RANGE, count=self.count(count), low=self.count(low), high=self.count(high))

    def share(self, part: int, whole: int) -> str:
        """Return a share as per cent with one digit."""
        return self.say.percent(Decimal(part) / Decimal(max(whole, 1)), 1)

    def chance(self, probability: float) -> str:
        """Return a probability without false certainty."""
        if probability < SURE_OF:
            return self.say(BELOW)
        if probability > 1 - SURE_OF:
            return self.say(ABOVE)
        return self.say.percent(Decimal(str(probability)), 0)

    @property
    def whom(self) -> str:
        """Return the group's name; empty for everybody of several provinces."""
        group, names = self.facts.group, self.names
        place = group.region or group.place
        parts = [names.region(place)] if place else []
        parts += [names.industry(group.industry)] if group.industry else []
        parts += [names.size(group.size)] if group.size else []
        parts += [part for part in (group.chain, group.list_name) if part]
        return ("" if self.say.language == "zh" else ", ").join(parts)

    def short_month(self, label: str) -> str:
        """Return a month for a narrow cell."""
        year, month = label.split("-")
        return self.say.month(label) if self.say.language == "zh" else f"{MONTHS[int(month) - 1][:3]} {year}"

    def sentences(self, *texts: str) -> str:
        """Return sentences one after the other."""
        return (" " if self.say.language == "en" else "").join(text for text in texts if text)

    def listed(self, texts: list[str]) -> str:
        """Return several words as one list."""
        return ("、" if self.say.language == "zh" else ", ").join(texts)
