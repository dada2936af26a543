"""Names of regions and industries, and a map of provinces as tiles: it needs no geodata."""

from __future__ import annotations

from serving.web.language import Language

TILES = {
    "23": (8, 0),
    "65": (0, 1), "15": (5, 1), "22": (8, 1),
    "63": (1, 2), "62": (2, 2), "64": (3, 2), "14": (5, 2), "11": (6, 2), "12": (7, 2), "21": (8, 2),
    "54": (0, 3), "61": (4, 3), "41": (5, 3), "13": (6, 3), "37": (7, 3),
    "51": (2, 4), "50": (3, 4), "42": (5, 4), "34": (6, 4), "32": (7, 4), "31": (8, 4),
    "53": (2, 5), "52": (3, 5), "43": (5, 5), "36": (6, 5), "33": (7, 5),
    "45": (4, 6), "44": (5, 6), "35": (6, 6), "71": (8, 6),
    "46": (4, 7), "82": (5, 7), "81": (6, 7),
}  # fmt: skip
"""Column and row of every province of GB/T 2260: neighbours lie near each other."""


def region_name(t: Language, code: str) -> str:
    """Return a region's name where the catalogue knows it; a city's beside its code, else the code alone."""
    if not code:
        return t("board.region.none")
    if t.has(f"region.{code}"):
        return t(f"region.{code}")
    province = t.either(f"region.{code[:2]}", "")
    return f"{province} {code}".strip() if len(code) > 2 else code


def industry_name(t: Language, division: str) -> str:
    """Return the name of a division of GB/T 4754 with its number."""
    if not division:
        return t("board.industry.all")
    return f"{division} {t.either(f'industry.{division}', '')}".strip()


def size_name(t: Language, size: str) -> str:
    """Return the name of a size of enterprise."""
    return t.either(f"fact.size.{size}", size) if size else t("board.size.all")
