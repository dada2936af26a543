"""What people may write into an assessment: texts of bounded length, links that lead somewhere harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from features.self_assessment.assessment import Answer, Link
from features.self_assessment.refusals import AssessmentRefused

LONGEST_NAME, LONGEST_TITLE, LONGEST_LINK, LONGEST_TEXT, MOST_LINKS = 100, 200, 2_000, 4_000, 50
LEVELS = range(1, 6)
FIRST_DAY = date(1900, 1, 1)
"""The records take no earlier one."""
SCHEMES = ("http", "https")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_NUMBER = re.compile(r"(?!(?:java|vb)script:|data:)[A-Za-z0-9+.-]+:[0-9][0-9./-]*", re.IGNORECASE)
_PRETENDED = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make a text read otherwise than it is written."""
_SPACES = re.compile(r"\s+")


def name(what: str, text: str) -> list[str]:
    """Return what is wrong with the name of a person, a role or an organisation."""
    return _text(what, text, LONGEST_NAME, lines=False)


def reason(what: str, text: str) -> list[str]:
    """Return what is wrong with a justification or a reason."""
    return _text(what, text, LONGEST_TEXT, lines=True)


def answer(item: str, given: Answer) -> list[str]:
    """Return everything that is wrong with an answer."""
    faults = level(item, given.level) + reason(f"{item}: justification", given.why)
    if len(given.evidence) > MOST_LINKS:
        faults.append(
            f"{item}: found {len(given.evidence)} pieces of evidence; allowed: at most {MOST_LINKS}"
        )
    for number, link in enumerate(given.evidence[:MOST_LINKS], start=1):
        faults += _link(f"{item}: evidence {number}", link)
    return faults


def level(item: str, given: object) -> list[str]:
    """Return what is wrong with a level."""
    if isinstance(given, int) and not isinstance(given, bool) and given in LEVELS:
        return []
    return [f"{item}: level: found {given!r:.40}; allowed: a whole number from 1 to 5"]


def day(what: str, given: date, not_before: date | None = None) -> list[str]:
    """Return what is wrong with a day that is claimed; nothing is declared or reviewed in the future."""
    today, first = datetime.now(UTC).date(), not_before or FIRST_DAY
    if given > today:
        return [f"{what}: found {given}; allowed: today, {today} (UTC), or earlier"]
    if given < first:
        return [f"{what}: found {given}; allowed: {first} or later"]
    return []


def parse_link(text: str) -> Link:
    """Return `title|link` as a link; raises AssessmentRefused where the bar is missing."""
    title, bar, link = text.partition("|")
    if not bar:
        raise AssessmentRefused(
            f"evidence: found {text!r:.80}; allowed: TITLE|LINK, link a web address, path or number"
        )
    return Link(tidy(title), tidy(link))


def tidy(text: str) -> str:
    """Return a text on one line without space at its ends."""
    return _SPACES.sub(" ", text).strip()


def same_name(one: str, other: str) -> bool:
    """Say whether two names are the same to a reader: width, case and spaces do not make another person."""
    return _plain(one) == _plain(other)


def any_same(one: str, others: Iterable[str]) -> bool:
    """Say whether a name is among others."""
    return any(same_name(one, other) for other in others)


def is_web_address(link: str) -> bool:
    """Say whether a link is one that a page may lead to: http or https with a host."""
    try:
        parts = urlsplit(link)
        return parts.scheme.lower() in SCHEMES and bool(parts.hostname)
    except ValueError:
        return False


def _plain(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).casefold())


def _link(what: str, link: Link) -> list[str]:
    faults = _text(f"{what}: title", link.title, LONGEST_TITLE, lines=False)
    faults += _text(f"{what}: link", link.link, LONGEST_LINK, lines=False)
    if not faults and _leads_astray(link.link):
        allowed = "http://…, https://…, a path, or a document number"
        faults.append(f"{what}: link: found {link.link!r:.80}; allowed: {allowed}")
    return faults


def _leads_astray(link: str) -> bool:
    """Say whether a link has a scheme other than the web's; `C:\\Q1` is a path, `ISO9001:2015` a number."""
    scheme = _SCHEME.match(link)
    if scheme is None:
        return False
    if scheme.group(1).lower() in SCHEMES:
        return not is_web_address(link)
    return _DRIVE.match(link) is None and _NUMBER.fullmatch(link) is None


def _text(what: str, text: object, longest: int, *, lines: bool) -> list[str]:
    if not isinstance(text, str) or not text.strip():
        return [f"{what}: found nothing; allowed: a text of 1 to {longest} characters"]
    if len(text) > longest:
        return [f"{what}: found {len(text)} characters; allowed: at most {longest}"]
    strange = sorted({letter for letter in text if _strange(letter) and not (lines and letter in "\n\t")})
    if strange:
        codes = ", ".join(f"U+{ord(one):04X}" for one in strange)
        return [f"{what}: found control characters ({codes}); allowed: plain text"]
    return []


def _strange(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in _PRETENDED
