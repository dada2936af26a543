"""Colours, once: pages get them as CSS variables, charts as tokens, notebooks and reports as hex.

The five levels run from stone over ochre and celadon to ink blue, and from little to much contrast with the
page, so that they can be told apart in print and by colour-blind readers. Every pair of text and ground holds
WCAG AA (tests/serving/test_palette.py).
"""

from __future__ import annotations

from typing import Any

LIGHT = {
    "page": "#f6f4ef",
    "card": "#fffefb",
    "sunken": "#efece4",
    "ink": "#1b2430",
    "soft": "#525c68",
    "faint": "#626a74",
    "line": "#ddd8cc",
    "accent": "#1d5c63",
    "accent-ground": "#e3eeec",
    "good": "#20674a",
    "bad": "#a23b2a",
    "warn-ground": "#fbf0d9",
    "warn-ink": "#6b4a09",
    "level-1": "#c3bcae",
    "level-1-ink": "#2b2721",
    "level-2": "#dcb367",
    "level-2-ink": "#33260a",
    "level-3": "#79b5a6",
    "level-3-ink": "#0f2f29",
    "level-4": "#2c7a7b",
    "level-4-ink": "#ffffff",
    "level-5": "#173f5f",
    "level-5-ink": "#ffffff",
    "history": "#1b2430",
    "forecast": "#1d5c63",
    "fan-wide": "rgba(29, 92, 99, 0.16)",
    "fan-narrow": "rgba(29, 92, 99, 0.30)",
}
"""Ink on warm paper."""

DARK = {
    "page": "#12171c",
    "card": "#1a2127",
    "sunken": "#0e1317",
    "ink": "#ece8df",
    "soft": "#b3b9bd",
    "faint": "#949ca2",
    "line": "#323b43",
    "accent": "#7cc4bf",
    "accent-ground": "#1d3335",
    "good": "#7fcfa3",
    "bad": "#f0917f",
    "warn-ground": "#3a2f16",
    "warn-ink": "#f0d59a",
    "level-1": "#57534b",
    "level-1-ink": "#f3efe6",
    "level-2": "#8f6d2b",
    "level-2-ink": "#ffffff",
    "level-3": "#4f9586",
    "level-3-ink": "#06110e",
    "level-4": "#6fc0bd",
    "level-4-ink": "#06201f",
    "level-5": "#a5d2ee",
    "level-5-ink": "#0b2436",
    "history": "#ece8df",
    "forecast": "#7cc4bf",
    "fan-wide": "rgba(124, 196, 191, 0.16)",
    "fan-narrow": "rgba(124, 196, 191, 0.30)",
}
"""The same roles by night."""


def token(role: str) -> str:
    """Return the placeholder that a figure carries for a role; `resolve` or the page's script replaces it."""
    if role not in LIGHT:
        raise KeyError(f"no colour {role!r}; there are {', '.join(LIGHT)}")
    return f"@{role}"


def resolve(figure: Any, palette: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a figure with every colour token replaced, for notebooks and reports."""
    if isinstance(figure, dict):
        return {key: resolve(value, palette) for key, value in figure.items()}
    if isinstance(figure, list):
        return [resolve(value, palette) for value in figure]
    if isinstance(figure, str) and figure.startswith("@"):
        return palette.get(figure[1:], figure)
    return figure


def stylesheet() -> str:
    """Return the CSS that names every colour, light by default and dark where the reader prefers it."""
    light = "".join(f"  --{role}: {colour};\n" for role, colour in LIGHT.items())
    dark = "".join(f"    --{role}: {colour};\n" for role, colour in DARK.items())
    return (
        f":root {{\n  color-scheme: light dark;\n{light}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n  :root {{\n{dark}  }}\n}}\n"
        f"@media print {{\n  :root {{\n  color-scheme: light;\n{light}  }}\n}}\n"
    )
