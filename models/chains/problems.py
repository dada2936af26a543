"""质量问题清单 of a chain: every weak spot that records or the published forecast show, with its figure.

Five departments ask for it (市场监管总局 and others, January 2024:
关于质量基础设施助力产业链供应链质量联动提升的指导意见): 质量图谱, 质量问题清单, 重点攻关项目清单 and
质量政策工具清单 of a chain; the map finds 薄弱环节, the lists follow. Provinces count problems (中国质量报,
December 2024: Jiangsu 1417, Liaoning 301; Guangdong 268 projects) that visits have found. Here a problem
is a finding with a number: whom it holds back, what it costs, and where the number comes from. Costs are not
to be added up over problems: a customer's losses hold what its suppliers send it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from models.chains.keeping import Chains
from models.chains.members import Member
from models.chains.mending import Amount

Kind = Literal["indicator", "evidence", "items", "deliveries", "lots", "falling"]
Source = Literal["grade", "assessment", "deliveries", "inspections", "forecast"]
KINDS: Final[tuple[Kind, ...]] = ("indicator", "evidence", "items", "deliveries", "lots", "falling")
LIKELY: Final = 0.5
"""A fall is a problem where it is likelier than not."""
UNUSUAL: Final = 0.18
"""Log of a fifth: a supplier's latest month is told as worse from there on (as in the map)."""
LOSSES: Final = {"internal_loss": "internal", "external_loss": "external"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """One weak spot of `enterprise_id`.

    `what` names it: an official indicator, management items, or a material. `other` is a link's customer.
    `value` `operator` `needs` is the figure against what the next level asks (σ: ppm; rates: fractions; lots:
    times as many failures; deliveries: ppm against its own best twelve months; falling: a probability).
    `holds` is the level that it keeps the enterprise from (deliveries, lots: none), `cost` CNY a year: a loss
    on record (no interval), or what mending gives the customers (90 % interval). `excess` is the part of a
    loss above what the next level allows. `units` counts first failures or nonconforming units of the year.
    """

    kind: Kind
    enterprise_id: str
    what: tuple[str, ...]
    source: Source
    period: str
    value: float | None = None
    operator: str = ""
    needs: float | None = None
    low: float | None = None
    high: float | None = None
    other: str = ""
    holds: int | None = None
    customers: int = 0
    cost: Amount | None = None
    excess: float | None = None
    units: float | None = None

    @property
    def weight(self) -> tuple[float, int, str, int]:
        """Order of the list: what is lost too much or could be spared first, then the lowest level."""
        worth = self.excess if self.excess is not None else self.cost.estimate if self.cost else 0.0
        return -worth, self.holds or 9, self.enterprise_id, KINDS.index(self.kind)


def problems(
    members: Mapping[str, Member], chains: Chains, ids: Sequence[str], suppliers: Sequence[str] = ()
) -> list[Problem]:
    """Return the problems of the enterprises `ids`, and of what they and `suppliers` deliver among them all.

    The dearest come first.
    """
    found: list[Problem] = []
    for name in ids:
        member, plant = members.get(name, Member(name)), chains.plants.get(name, {})
        found += [*_indicators(member, plant), *_lacking(member), *_items(member), *_falling(member)]
    everybody = [*ids, *suppliers]
    found += [*_deliveries(chains, everybody), *_lots(chains, set(everybody))]
    return sorted(found, key=lambda problem: problem.weight)


def _indicators(member: Member, plant: Row) -> list[Problem]:
    """Return the indicators that keep the performance dimension from the next level."""
    if member.performance is None:
        return []
    to_level = member.performance + 1
    return [
        _indicator(member, plant, gap)
        for gap in member.grade["gaps"]
        if gap["to_level"] == to_level
        and gap["indicator"] in member.grade["indicators"]
        and gap["has"] is not None
    ]


def _indicator(member: Member, plant: Row, gap: Row) -> Problem:
    name, value, needs = gap["indicator"], float(gap["has"]), float(gap["needs"])
    lost = plant.get(LOSSES.get(name, ""))
    output = plant.get("output")
    excess = (value - needs) * output if lost is not None and output is not None else None
    return Problem(
        "indicator", member.enterprise_id, (name,), "grade", member.period, value, gap["operator"], needs,
        holds=gap["to_level"],
        cost=None if lost is None else Amount(lost, lost, lost),
        excess=None if excess is None else max(excess, 0.0),
        units=_units(name, value, plant),
    )  # fmt: skip


def _units(name: str, value: float, plant: Row) -> float | None:
    if name == "ftq":
        failures: float | None = plant.get("failures")
        return failures
    units = plant.get("units")
    return None if name != "sigma" or units is None else value * units / 1e6


def _lacking(member: Member) -> list[Problem]:
    """Return the indicators without a value: not tracked, not supplied, or not admissible."""
    return [
        Problem("evidence", member.enterprise_id, (name, own["status"]), "grade", member.period, holds=2)
        for name, own in member.grade.get("indicators", {}).items()
        if own["status"] != "measured"
    ]


def _items(member: Member) -> list[Problem]:
    """Return the management items that keep the grade below what performance reaches."""
    level, performance = member.level, member.performance
    if level is None or performance is None or level >= performance:
        return []
    wanted = [gap for gap in member.grade["gaps"] if gap["to_level"] == level + 1]
    items = tuple(gap["indicator"] for gap in wanted if gap["indicator"] not in member.grade["indicators"])
    if not items:
        return []
    return [
        Problem(
            "items", member.enterprise_id, items, "assessment", member.period, float(level), ">=",
            float(level + 1), holds=level + 1,
        )
    ]  # fmt: skip


def _falling(member: Member) -> list[Problem]:
    if member.falls is None or member.falls < LIKELY:
        return []
    return [
        Problem(
            "falling", member.enterprise_id, (), "forecast", member.period, member.falls, holds=member.level
        )
    ]


def _deliveries(chains: Chains, ids: Sequence[str]) -> list[Problem]:
    """Return the suppliers who deliver worse than they have shown they can, or worse than usual just now."""
    known = set(ids)
    return [
        _delivered(name, chains, mended.customers, mended.saved)
        for name, mended in chains.mended(ids, to_best=True).items()
        if name in known and mended.customers and _is_worse(chains.plants.get(name, {}), mended.saved)
    ]


def _is_worse(plant: Row, saved: Amount | None) -> bool:
    return bool(saved and saved.low > 0) or (plant.get("deviation") or 0.0) > UNUSUAL


def _delivered(name: str, chains: Chains, customers: int, saved: Amount | None) -> Problem:
    plant = chains.plants.get(name, {})
    return Problem(
        "deliveries", name, ("ppm",), "deliveries", chains.period, plant.get("ppm"), "<=",
        plant.get("best_ppm"), customers=customers, cost=saved if saved and saved.estimate > 0 else None,
    )  # fmt: skip


def _lots(chains: Chains, known: set[str]) -> list[Problem]:
    """Return the links whose lots fail more often than the customer's others, beyond a 90 % interval."""
    return [
        Problem(
            "lots", link["supplier_id"], (link["material"],), "inspections", chains.period,
            link["lots"]["ratio"], "<=", 1.0, link["lots"]["low"], link["lots"]["high"],
            other=link["customer_id"], units=float(link["lots"]["failed"]),
        )
        for link in chains.links
        if {link["supplier_id"], link["customer_id"]} <= known and link["lots"]
        and link["lots"]["low"] is not None and link["lots"]["low"] > 1.0
    ]  # fmt: skip
