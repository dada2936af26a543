"""Gaps in the units that people act on: units, points of yield, money, characteristics, wordings.

For every gap of a grade: how much must change at least, and where. A level's shortfalls, all made good,
reach that level; one unit or one cent less of any of them does not (see `cheapest` for unit costs). Only
`level2_loss: literal` knows a gap that nothing can close, and its shortfall says so.
"""

from __future__ import annotations

from qm_rules.grading import Gap, Grade
from qm_rules.shortfall.characteristics import worst_characteristics
from qm_rules.shortfall.delivered import fewer_units
from qm_rules.shortfall.figures import Lack
from qm_rules.shortfall.lost import less_loss
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.shortfall.people import next_wording
from qm_rules.shortfall.routes import UnitCosts
from qm_rules.shortfall.yields import more_first_passes
from qm_rules.trace.judging import FAMILIES

__all__ = ["Part", "Shortfall", "UnitCosts", "shortfall", "shortfalls"]


def shortfalls(
    grade: Grade, *, unit_costs: UnitCosts | None = None, to_level: int | None = None
) -> tuple[Shortfall, ...]:
    """Return what is lacking for every higher level: one shortfall for each of `grade.gaps`, same order.

    `unit_costs`: what one more first-pass unit costs, by (product_id, process_id); a process without one
    costs 1, pairs that the evidence does not have are left aside. `to_level` limits the answer to one level.
    Raises ValueError for a unit cost that is not above 0.
    """
    return tuple(
        shortfall(grade, gap, unit_costs=unit_costs) for gap in grade.gaps if to_level in (None, gap.to_level)
    )


def shortfall(grade: Grade, gap: Gap, *, unit_costs: UnitCosts | None = None) -> Shortfall:
    """Return what one gap of the grade lacks, in the unit that people act on."""
    lack, name = Lack(grade, gap), gap.indicator
    if name in FAMILIES:
        return less_loss(lack)
    if name == "sigma":
        return fewer_units(lack)
    if name == "cpk":
        return worst_characteristics(lack)
    return more_first_passes(lack, unit_costs) if name == "ftq" else next_wording(lack)
