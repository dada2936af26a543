"""The site's own sentences for the proposal: reasons, methods, measures, drivers, each said in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from serving.web.language import Language, language
from serving.web.views.action_details import (
    assumption_text,
    evidence_lines,
    level_sentence,
    measure_lines,
    method_lines,
)
from serving.web.views.actions import range_lines, reason_text
from serving.web.views.words import Row, feature_name, feature_value, parameter_name

Parameters = Mapping[str, Row]


@dataclass(frozen=True)
class SiteWords:
    """Sentences of the catalogues; a code that they do not know is said as it is published."""

    t: Language

    @property
    def language(self) -> str:
        """Return `zh` or `en`."""
        return self.t.code

    def reason(self, row: Row, parameters: Parameters) -> str:
        """Return why a lever, or without `parameter_id` an enterprise, gets no advice."""
        code = row.get("reason_code") or ""
        if not self.t.has(f"reason.{code}"):
            return str(row.get("reason") or code or self.t("none.dash"))
        return reason_text(self.t, code, row.get("parameter_id"), parameters)

    def next_step(self, row: Row, parameters: Parameters) -> str:
        """Return what would settle it, empty where nothing is known to."""
        key = f"reason.next.{row.get('reason_code')}"
        name = parameter_name(row.get("parameter_id") or "", parameters)
        return self.t(key, name=name) if self.t.has(key) else ""

    def level(self, row: Row) -> str:
        """Return which official level a move changes and when, or what comes nearest; empty if unknown."""
        return level_sentence(self.t, row)

    def why(self, row: Row, parameters: Parameters) -> list[str]:
        """Return what a move rests on and what was tried to refute it."""
        return [*range_lines(self.t, row, parameters), *evidence_lines(self.t, row, parameters)]

    def measures(self, row: Row, parameters: Parameters) -> list[str]:
        """Return what to record while a move is made."""
        return measure_lines(self.t, row, parameters)

    def method(self, row: Row) -> list[str]:
        """Return the method of the trade that fits, why, and the task of the document that it serves."""
        return method_lines(self.t, row)

    def assumption(self, row: Row) -> str:
        """Return something that a table of benefits takes for granted."""
        return assumption_text(self.t, row)

    def driver(self, row: Row, parameters: Parameters) -> tuple[str, str]:
        """Return a driver of a forecast and its value."""
        feature = str(row["feature"])
        return feature_name(self.t, feature, parameters), feature_value(
            self.t, feature, row["value"], parameters
        )


def site_words(code: str) -> SiteWords:
    """Return the words of a language; KeyError for one that the product does not speak."""
    return SiteWords(language(code))
