"""How cells look: the house's colours on paper, one font for both scripts, inputs marked as inputs."""

from __future__ import annotations

from typing import Any

from serving.palette import LIGHT

FONT = "等线"
"""Excel and WPS bring it; other programs fall back to a font that has the same characters."""

_LINE = {"border": 1, "border_color": LIGHT["line"]}
_BASE = {"font_name": FONT, "font_size": 10, "font_color": LIGHT["ink"], "valign": "vcenter"}
_CELL = {**_LINE, "bg_color": LIGHT["card"]}
_INPUT = {**_LINE, "bg_color": LIGHT["warn-ground"], "font_color": LIGHT["warn-ink"], "locked": False}
_GIVEN = {**_LINE, "bg_color": LIGHT["sunken"]}
_LEFT = {"align": "left", "indent": 1, "text_wrap": True}
_CENTRE = {"align": "center"}
_RIGHT = {"align": "right", "indent": 1}
_COUNT, _MONEY, _PLAIN = "#,##0", "#,##0.00####", "#,##0.############"
_TRUTH = '"TRUE";"TRUE";"FALSE"'
"""Some programs show a truth value as 1 or 0 unless the format says otherwise."""

LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "font_color": LIGHT["accent"]},
    "subtitle": {"font_color": LIGHT["soft"]},
    "strip": {"bold": True, "font_size": 11, "font_color": LIGHT["accent"]},
    "head": {
        **_LINE, **_CENTRE, "text_wrap": True, "bold": True, "font_color": LIGHT["card"],
        "bg_color": LIGHT["accent"],
    },
    "band": {
        **_LINE, **_LEFT, "bold": True, "font_size": 11, "bg_color": LIGHT["accent-ground"],
        "font_color": LIGHT["accent"],
    },
    "label": {**_GIVEN, **_LEFT, "bold": True},
    "note": {**_LEFT, "font_color": LIGHT["soft"]},
    "text": {**_CELL, **_LEFT},
    "line": {**_CELL, "align": "left", "indent": 1},
    "middle": {**_CELL, **_CENTRE, "text_wrap": True},
    "strong": {**_CELL, **_LEFT, "bold": True},
    "count": {**_CELL, **_RIGHT, "num_format": _COUNT},
    "money": {**_CELL, **_RIGHT, "num_format": _MONEY},
    "number": {**_CELL, **_RIGHT, "num_format": _PLAIN},
    "rate": {**_CELL, **_RIGHT, "num_format": "0.0000000000%"},
    "share": {**_CELL, **_RIGHT, "num_format": "0.0%"},
    "expected": {**_CELL, **_RIGHT, "num_format": "#,##0.00"},
    "signed": {**_CELL, **_RIGHT, "num_format": "+#,##0;-#,##0;0"},
    "level": {**_CELL, **_CENTRE, "bold": True},
    "index": {**_CELL, **_CENTRE, "num_format": "0;-0;;@"},
    "tick": {**_CELL, **_CENTRE, "num_format": '"✓";"✗";"";@'},
    "truth": {**_CELL, **_CENTRE, "num_format": _TRUTH},
    "given": {**_GIVEN, **_LEFT},
    "given_middle": {**_GIVEN, **_CENTRE, "text_wrap": True},
    "given_number": {**_GIVEN, **_RIGHT, "num_format": _PLAIN},
    "code": {**_GIVEN, **_LEFT, "font_name": "Consolas", "font_size": 9},
    "input_text": {**_INPUT, **_LEFT, "num_format": "@"},
    "input_count": {**_INPUT, **_RIGHT, "num_format": _COUNT},
    "input_money": {**_INPUT, **_RIGHT, "num_format": _MONEY},
    "input_number": {**_INPUT, **_RIGHT, "num_format": "0.00####"},
    "input_truth": {**_INPUT, **_CENTRE, "num_format": _TRUTH},
    "input_level": {**_INPUT, **_CENTRE, "bold": True, "font_size": 12},
    "input_choice": {**_INPUT, **_CENTRE, "bold": True},
    "huge": {**_CELL, **_CENTRE, "bold": True, "font_size": 24},
    "large": {**_CELL, **_CENTRE, "text_wrap": True, "bold": True, "font_size": 13},
    "plain": {"num_format": "General"},
    "link": {**_CELL, "indent": 1, "font_color": LIGHT["accent"], "underline": 1},
}  # fmt: skip

CONDITIONAL: dict[str, dict[str, Any]] = {
    "bad": {"bg_color": "#f6ddd7", "font_color": LIGHT["bad"], "bold": True},
    "good": {"font_color": LIGHT["good"], "bold": True},
    "faint": {"font_color": LIGHT["faint"]},
}
"""What a rule changes of a cell's look."""


class Looks:
    """The formats of one workbook, made when they are first asked for."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._workbook = workbook
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        if name not in self._made:
            self._made[name] = self._workbook.add_format({**_BASE, **LOOKS[name]})
        return self._made[name]

    def conditional(self, look: dict[str, Any]) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Return a format that only changes what it names."""
        return self._workbook.add_format(look)

    def of_level(self, level: int) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Return the colours of one of the five levels."""
        return self.conditional(
            {"bg_color": LIGHT[f"level-{level}"], "font_color": LIGHT[f"level-{level}-ink"]}
        )
