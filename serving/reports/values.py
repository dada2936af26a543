"""Values of the five indicators as people read them, never rounded over a threshold."""

from __future__ import annotations

from decimal import Decimal

from qm_rules import Grade
from qm_rules.words import Words, same
from serving.reports.speech import NONE, Speech, safely_rounded

OPERATORS = {">=": "≥", "<=": "≤", "<": "<"}
TRACKED = Words("已做统计", "tracked")
UNITS = {"ppm": same("ppm"), "percent": same("%"), "1": same("")}
DIGITS = {"ppm": 2, "percent": 2, "1": 3}


def value_text(grade: Grade, name: str, say: Speech) -> str:
    """Return the value of an indicator with its unit, a dash for none."""
    found = grade.indicators[name].value
    if found is None:
        return NONE
    unit = grade.book.pack.indicators[name].unit
    bounds = tuple(_in_unit(Decimal(step.needs), unit) for step in grade.book.ladders[name].steps)
    value = safely_rounded(_in_unit(Decimal(found), unit), bounds, DIGITS[unit])
    return with_unit(f"{value:,f}", unit, say)


def bound_text(grade: Grade, name: str, level: int, say: Speech) -> str:
    """Return what a level asks of an indicator, e.g. `≥ 95 %`; of ppm the number alone."""
    step, unit = grade.book.ladders[name].asked[level], grade.book.pack.indicators[name].unit
    if step.numerator == 0:
        return say(TRACKED)
    needs = f"{_in_unit(Decimal(step.needs), unit).normalize():,f}"
    shown = needs if unit == "ppm" else with_unit(needs, unit, say)
    return f"{OPERATORS[step.operator]} {shown}"


def with_unit(text: str, unit: str, say: Speech) -> str:
    """Return a number with the unit of its indicator."""
    return f"{text}\N{NO-BREAK SPACE}{say(UNITS[unit])}".strip()


def _in_unit(value: Decimal, unit: str) -> Decimal:
    return value * 100 if unit == "percent" else value
