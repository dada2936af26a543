"""Published rows of a small chain: official answers, recommendations, slopes that are shown."""

from __future__ import annotations

from typing import Any

from models.chains.carrying import Carry
from models.chains.keeping import Chains
from models.chains.members import Member

Row = dict[str, Any]


def slope(outcome: str, value: float, reason: str = "") -> Carry:
    return Carry(outcome, value, value / 2, value * 1.5, 20, 900, 0.0, reason)  # type: ignore[arg-type]


CARRY = {name: slope(name, value) for name, value in (("ftq", 0.2), ("internal_loss", 0.1), ("ppm", 0.3))}


def effect(target: str, base: float, share: float) -> Row:
    """A change by −share of the base; its weak end is half as strong, its strong end one and a half times."""
    ends = {"estimate": -share * base, "low": -1.5 * share * base, "high": -0.5 * share * base}
    return {"target": target, "base": base, **ends}


def effects(inside: float, outside: float, sent: float) -> list[Row]:
    return [
        effect("internal_loss", 0.02, inside),
        effect("external_loss", 0.01, outside),
        effect("ppm", 800.0, sent),
    ]


def move(name: str, rank: int, changes: list[Row], cost: float = 1000.0, **more: Any) -> Row:
    lever = f"p{rank}"
    row = {"enterprise_id": name, "rank": rank, "parameter_id": lever, "effects": changes, "cost": cost}
    return {**row, "arrival_periods": 3, "benefit_table": None, "together": None, **more}


def plant(internal: float | None, external: float | None, **more: Any) -> Row:
    return {"internal": internal, "external": external, "output": 1e7, "units": 1e5, "pace": "month", **more}


def chains(plants: dict[str, Row], links: list[tuple[str, str, float]], carry: Any = None) -> Chains:
    rows = [
        {"supplier_id": s, "customer_id": c, "material": "m", "share": w, "lots": None} for s, c, w in links
    ]
    return Chains("2025-12", carry or CARRY, plants, rows)


def member(name: str, *moves: Row, **more: Any) -> Member:
    return Member(name, moves=moves, **more)


def grade(level: int | None, performance: int, gaps: list[Row], **status: str) -> Row:
    """An official answer with these gaps; every indicator is measured unless said otherwise."""
    names = ("sigma", "cpk", "ftq", "internal_loss", "external_loss")
    return {
        "level": level,
        "dimensions": {"performance": performance},
        "window": {"start": "2025-01", "end": "2025-12"},
        "indicators": {name: {"status": status.get(name, "measured")} for name in names},
        "gaps": gaps,
    }


def gap(indicator: str, to_level: int, has: str | None, operator: str, needs: str) -> Row:
    return {"indicator": indicator, "to_level": to_level, "has": has, "operator": operator, "needs": needs}
