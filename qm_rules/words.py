"""Words in the two languages of the product: Chinese, which governs, and English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Words(NamedTuple):
    """The same thing said in Chinese and in English."""

    zh: str
    en: str

    def fill(self, **values: str | int | Words) -> Words:
        """Return the words with each `{name}` replaced by a value, in Words by that of the same language."""
        zh = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
        return Words(self.zh.format(**zh), self.en.format(**en))


NOTHING = Words("", "")
LONGEST_NAME = 60


def same(text: str) -> Words:
    """Return a text that is the same in both languages, e.g. a number."""
    return Words(text, text)


def joined(parts: Iterable[Words], zh: str, en: str) -> Words:
    """Return the parts that say anything, put together with a separator for each language."""
    said = [part for part in parts if part != NOTHING]
    return Words(zh.join(part.zh for part in said), en.join(part.en for part in said))


def listed(parts: Iterable[Words]) -> Words:
    """Return the parts as a list within a sentence."""
    return joined(parts, "、", ", ")


def sentences(parts: Iterable[Words]) -> Words:
    """Return the parts as sentences, one after the other."""
    return joined(parts, "", " ")


def label(name: str, most: int = LONGEST_NAME) -> str:
    """Return an id as it can stand in a line of text: on one line, printable, not endless."""
    text = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in name
    )
    return text if len(text) <= most else f"{text[:most]}… ({len(text)})"
