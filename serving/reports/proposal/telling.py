"""What every section is handed: the facts, the language, and the words for what both speak of."""

from __future__ import annotations

from dataclasses import dataclass

from qm_rules.words import Words
from serving.reports.facts import Facts
from serving.reports.proposal import estimates
from serving.reports.proposal.facts import Known
from serving.reports.proposal.moves import Amount, Move
from serving.reports.proposal.phrases import Phrases
from serving.reports.speech import Speech

INDICATOR_OF = {"ppm": "sigma"}
"""Forecast targets whose official indicator has another name."""
PPM = Words("产品质量水平(ppm)", "Product quality level (ppm)")
FROM_TO = Words("{start} → {end}", "{start} → {end}")
TITLE = Words("{name}：{move}", "{name}: {move}")
CONFIDENCE = {
    "strong": Words("把握大", "well supported"),
    "fair": Words("把握中等", "fairly supported"),
    "none": Words("不可信", "not supported"),
}
MONTHS_SHOWN = 7


@dataclass(frozen=True)
class Telling:
    """One proposal in one language."""

    known: Known
    say: Speech
    phrases: Phrases

    @property
    def facts(self) -> Facts:
        """Return the official part of what is known."""
        return self.known.official

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return the published recommendations, best first."""
        return self.known.moves

    def target(self, target: str) -> str:
        """Return the name of a forecast target."""
        return self.say(PPM) if target == "ppm" else self.say.name(INDICATOR_OF.get(target, target))

    def lever(self, move: Move) -> str:
        """Return the name of a move's lever."""
        return self.known.lever(move.parameter_id, move.row.get("parameter_name"))

    def step(self, move: Move) -> str:
        """Return from where to where a lever goes, in its unit."""
        start, end = estimates.places((move.start, move.end), self.known.unit(move))
        return self.say.fill(FROM_TO, start=start, end=end)

    def title(self, move: Move) -> str:
        """Return the lever and where it goes."""
        return self.say.fill(TITLE, name=self.lever(move), move=self.step(move))

    def money(self, found: Amount | None) -> str:
        """Return an amount of money with its interval, a dash for none."""
        return estimates.money_estimate(found.estimate, found.low, found.high, self.say) if found else "—"

    def confidence(self, move: Move) -> str:
        """Return how far a move can be believed, in two words."""
        return self.say(CONFIDENCE.get(move.confidence, CONFIDENCE["none"]))

    def period(self, label: str) -> str:
        """Return a month as people say it, a week or a day as it is written."""
        is_month = len(label) == MONTHS_SHOWN and "W" not in label
        return self.say.month(label) if is_month else label

    def sentences(self, *texts: str) -> str:
        """Return sentences one after the other."""
        return (" " if self.say.language == "en" else "").join(text for text in texts if text)


def capital(text: str) -> str:
    """Return a text with its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]
