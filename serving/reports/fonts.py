"""The font of the PDF reports, from its wheel: nothing of the machine is used, every copy looks the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typst import Fonts

FAMILY = "Noto Sans CJK SC"
"""The simplified Chinese face of the collection: others draw some characters as Japan or Taiwan does."""
RAISED = "⁰⁴⁵⁶⁷⁸⁹⁻⁺"
"""Superscripts that the font lacks; the templates raise the digit or sign instead."""
LEFT_OUT = "\n\u200b"
"""Characters that need no glyph."""


def font_file() -> Path:
    """Return the path of the collection; raises FileNotFoundError where the wheel has lost it."""
    from noto_cjk_sans_otc import FONT_PATH

    path = Path(str(FONT_PATH))
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: the font of the reports is missing; install noto-cjk-sans-otc again"
        )
    return path


@cache
def fonts() -> Fonts:
    """Return what Typst may draw with: this font alone."""
    from typst import Fonts

    return Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)]
    )


@cache
def glyphs() -> frozenset[int]:
    """Return the code points that the font has a glyph for."""
    from fontTools.ttLib import TTCollection

    with TTCollection(str(font_file()), lazy=True) as collection:
        face = next(font for font in collection.fonts if font["name"].getDebugName(1) == FAMILY)
        return frozenset(face.getBestCmap())


def missing(text: str) -> list[str]:
    """Return the characters of a text that the font cannot draw, each once, in order."""
    seen = dict.fromkeys(text)
    return [letter for letter in seen if letter not in LEFT_OUT + RAISED and ord(letter) not in glyphs()]


def drawable(text: str) -> str:
    """Return the text with every character that the font lacks named by its code point, e.g. [U+1F600]."""
    lacking = missing(text)
    return text.translate({ord(letter): f"[U+{ord(letter):04X}]" for letter in lacking}) if lacking else text
