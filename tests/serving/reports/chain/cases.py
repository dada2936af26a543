"""A chain of three enterprises with everything that a paper can say of one."""

from __future__ import annotations

from typing import Any

from models.chains import Study, study
from qm_rules import load_pack
from serving.reports.chain.telling import Telling
from serving.reports.speech import Speech
from tests.models.chains.published import CARRY, chains, effects, gap, grade, member, move, plant

IDS = ("A01", "B02", "C03")
ROWS = {name: {"enterprise_id": name, "name": f"{name}厂"} for name in (*IDS, "X09")}
GAPS = [
    gap("qms", 2, "1", ">=", "2"),
    gap("internal_loss", 4, "0.02", "<", "0.015"),
    gap("sigma", 4, "400", "<=", "230"),
]


def told_move(name: str, rank: int) -> dict[str, Any]:
    more = {"parameter_name": "回流峰值温度", "process_name": "焊接", "unit": "℃", "from": 245.2, "to": 240.8}
    level = {"indicator": "internal_loss", "from_level": 3, "to_level": 4, "period": "2026-08"}
    return move(
        name, rank, effects(0.1, 0.1, 0.2), target="ftq", confidence="strong", method="DOE",
        moves_level=level, **more,
    )  # fmt: skip


def whole(details: frozenset[str] | None = None, carry: Any = None) -> Study:
    known = {"ppm": 400.0, "best_ppm": 100.0, "deviation": 0.5, "ftq": 0.96, "failures": 4000.0}
    plants = {name: plant(2e6, 1e6, **known) for name in (*IDS, "X09")}
    graph = chains(plants, [("A01", "B02", 0.5), ("B02", "C03", 0.8), ("X09", "A01", 0.4)], carry)
    lots = {"lots": 9, "submitted": 900, "failed": 90, "ratio": 1.8, "low": 1.2, "high": 2.7}
    graph.links[0]["lots"] = lots  # type: ignore[index]
    row = {"basis": "performance", "period": "2026-06", "horizon": 6}
    graph.levels["C03"] = [row | {"before": {"3": 0.8}, "after": {"3": 0.7}}]  # type: ignore[index]
    members = {
        "A01": member("A01", told_move("A01", 1), grade=grade(1, 3, GAPS, cpk="not_tracked"), falls=0.7),
        "B02": member("B02", grade=grade(3, 3, GAPS)),
        "C03": member("C03", grade=grade(3, 3, [])),
    }
    return study("新能源汽车", graph, members, IDS, ["X09"], details)


def telling(found: Study, language: str = "en") -> Telling:
    return Telling(found, ROWS, Speech(language, load_pack()), "m1")


__all__ = ["CARRY", "IDS", "ROWS", "telling", "whole"]
