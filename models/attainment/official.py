"""Where enterprises stand officially: the state that a forecast of levels starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from features.evidence import evidence_with_notes
from features.periods import to_label
from features.tables import Tables
from models.rules_numpy import ArrayRules
from qm_rules import grade, load_pack, parse_evidence

MEASURED, INADMISSIBLE = "measured", "inadmissible"


@dataclass(frozen=True)
class State:
    """An official answer: status, own level and value of each indicator, and the items' assessed levels."""

    status: dict[str, str]
    levels: dict[str, int | None]
    values: dict[str, float | None]
    items: dict[str, int | None]

    @property
    def scope(self) -> Literal["grade", "performance"]:
        """`performance` where no management item was ever supplied."""
        return "grade" if any(level is not None for level in self.items.values()) else "performance"


def official_states(tables: Tables, ends: Mapping[str, int]) -> dict[str, State]:
    """The state of each enterprise at its month index."""
    by_month: dict[int, list[str]] = {}
    for enterprise, month in ends.items():
        by_month.setdefault(month, []).append(enterprise)
    return {
        enterprise: state
        for month, enterprises in by_month.items()
        for enterprise, state in states_at(tables, enterprises, month).items()
    }


def states_at(tables: Tables, enterprise_ids: Sequence[str], month: int) -> dict[str, State]:
    """The state of the given enterprises at one month index."""
    pack, items = load_pack(), ArrayRules().book.items
    states = {}
    for document, notes in evidence_with_notes(tables, enterprise_ids, to_label(month, "month")):
        answer = grade(parse_evidence(document), pack=pack, notes=notes).to_dict()
        management = document.get("management", {})
        states[str(document["enterprise_id"])] = state_of(
            answer, {item: management.get(item) for item in items}
        )
    return states


def state_of(answer: Mapping[str, Any], items: dict[str, int | None]) -> State:
    """Read a grade's answer."""
    indicators = answer["indicators"]
    return State(
        {name: found["status"] for name, found in indicators.items()},
        {name: found["level"] for name, found in indicators.items()},
        {
            name: None if found["value"] is None else float(found["value"])
            for name, found in indicators.items()
        },
        items,
    )
