"""Refusals of the registers, which speak to programs, in the words of a reader.

A refusal that nobody put into words is shown as it was given: better in English than not at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from serving.web.language import Language
from serving.web.views.words import item_name

KEYS: Final[Mapping[str, str]] = {
    "refused.next_day": r"on: found (?P<day>\S+), a day to come",
    "refused.before_start": r"on: found (?P<day>\S+); allowed: (?P<least>\S+), the day of the start",
    "refused.before_finish": r"on: found (?P<day>\S+); allowed: (?P<least>\S+), the day of the finish",
    "refused.day_span": r"(?:on|start): found (?P<day>\S+); allowed: (?P<least>\S+) to (?P<most>\S+)",
    "refused.no_day": r"on: found '(?P<found>.*)'; allowed: a day",
    "refused.no_amount": r"cost: found (?P<found>.*); allowed: CNY",
    "refused.action_changed": r"(?P<id>\S+) was changed meanwhile: it is",
    "refused.action_state": r"(?:move|amend): (?P<id>\S+) is (?P<state>\w+)",
    "refused.lever_busy": r".*: (?P<id>\S+) on (?P<lever>\S+) is \w+; allowed: close or drop",
    "refused.published_anew": r"recommendations were published anew",
    "refused.unanswered": r"not yet answered: (?P<items>[^;]*)",
    "refused.no_evidence": r"without evidence: (?P<items>[^;]*)",
    "refused.no_level": r"(?P<item>\w+): level: ",
    "refused.items_taken": r"\S+ was changed meanwhile: somebody answered the same items",
    "refused.assessment_changed": r"(?P<id>SA-\d+): (?:found version|somebody else answered)",
    "refused.insider": r"by: a reviewer is not an engineer",
    "refused.no_enterprise": r"(?:no enterprise |enterprise: found )",
    "refused.no_why": r"(?P<item>\w+): justification: ",
    "refused.no_reason": r"(?P<item>\w+): reason: ",
    "refused.evidence": r"(?P<item>\w+): evidence (?P<number>\d+)",
    "refused.evidence_bar": r"(?:\w+: )?evidence: found '(?P<found>.*)'; allowed: TITLE",
    "refused.role": r"role: ",
    "refused.organisation": r"organisation: found '(?P<found>.*)', the enterprise itself",
    "refused.organisation_name": r"organisation: ",
    "refused.took_part": r"by: found '(?P<found>.*)', who declared or answered",
    "refused.too_late": r"on: found (?P<day>\S+); allowed: today",
    "refused.too_early": r"on: found (?P<day>\S+); allowed: (?P<least>\S+) or later",
    "refused.draft_open": r"new: .* has the draft (?P<id>SA-\d+)",
    "refused.assessment_state": r"(?:answer|declare|review|withdraw): (?P<id>\S+) is (?P<state>\w+)",
}
"""Message → how the register begins to say it; the first that fits is taken."""
_COMPILED: Final = {key: re.compile(pattern, re.DOTALL) for key, pattern in KEYS.items()}


def refusal_text(t: Language, fault: str) -> str:
    """Return one refusal in the reader's language."""
    for key, pattern in _COMPILED.items():
        if found := pattern.match(fault):
            return t(key, **{name: _said(t, name, value) for name, value in found.groupdict().items()})
    return fault


def refusal_texts(t: Language, detail: str) -> list[str]:
    """Return every refusal of an answer that lists several."""
    lines = [line.strip() for line in detail.splitlines() if line.strip()]
    faults = lines[1:] if len(lines) > 1 and lines[0].startswith("nothing was changed") else lines
    return list(dict.fromkeys(refusal_text(t, fault) for fault in faults))


def _said(t: Language, name: str, value: str) -> str:
    if name == "items":
        return t.listing([item_name(t, one.strip()) for one in value.split(",")])
    if name == "item":
        return item_name(t, value)
    if name in {"day", "least", "most"}:
        return value.rstrip(",;")
    if name == "state":
        return t.either(f"improve.state.{value}", t.either(f"assess.state.{value}", value))
    return value
