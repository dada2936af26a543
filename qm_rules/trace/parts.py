"""What a trace is made of. Everything that people read is `Words`; values are exact texts, never floats."""

from __future__ import annotations

from typing import Any, NamedTuple

from qm_rules.json_types import JsonObject
from qm_rules.words import Words


class Input(NamedTuple):
    """One number that the grade started from: what it is, and its value exactly as the evidence has it."""

    name: Words
    value: str


class Judgement(NamedTuple):
    """One threshold: `value operator needs`. `met` says whether the line is known to support that level.

    It is False where nothing was supplied, and where a Cpk is inadmissible whatever its value.
    """

    level: int
    operator: str
    needs: str
    unit: Words
    met: bool
    clause: Words
    quote: Words


class Line(NamedTuple):
    """One indicator or management item: inputs → working → value → thresholds → level, and the reason.

    `status`: measured, not_tracked, not_supplied, inadmissible; of an item assessed or not_supplied. `value`
    (12 digits) and `exact` ("numerator/denominator") are the answer's own; of an item `value` is the level
    that was assessed. `clause` and `quote` are the definition; of an item the wording of its level.
    """

    id: str
    name: Words
    clause: Words
    quote: Words
    inputs: tuple[Input, ...]
    working: Words
    value: str | None
    exact: str | None
    status: str
    level: int | None
    judgements: tuple[Judgement, ...]
    reason: Words


class DimensionLine(NamedTuple):
    """One of the four dimensions: its level (None while something is not supplied) and why."""

    id: str
    name: Words
    level: int | None
    reason: Words


class PolicyLine(NamedTuple):
    """One policy that took part: its value, whether that is the edition's default, and what it means.

    `otherwise`: the level that another reading of it would give, where that is another level.
    """

    id: str
    value: str
    is_default: bool
    name: Words
    meaning: Words
    otherwise: Words


class Trace(NamedTuple):
    """How a grade came about: `lines` are the indicators, then the items, in the tables' order."""

    sources: tuple[Input, ...]
    lines: tuple[Line, ...]
    dimensions: tuple[DimensionLine, ...]
    verdict: Words
    policies: tuple[PolicyLine, ...]
    notes: tuple[Words, ...]
    governs: Words

    def to_dict(self) -> JsonObject:
        """Return the trace made of what JSON can hold, words as `{"zh": …, "en": …}`."""
        return {name: _plain(value) for name, value in self._asdict().items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a trace
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
