"""What every chooser answers: moves in order of preference, with what it promises of them, if anything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One move that a chooser would make: `rank` 1 first; `from_` and `to` in the lever's unit.

    `target` names the indicator that it claims to better. `benefit` (CNY a year, gross) and `effect`
    (estimate, low, high: change of the target in its unit, 90 %) are None where the chooser promises none.
    """

    enterprise_id: str
    rank: int
    parameter_id: str
    from_: float
    to: float
    target: str = "ftq"
    benefit: float | None = None
    effect: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Lever:
    """An actionable lever that has somewhere to go: where it stands and the range shown, in its unit, and
    what a unit costs in a year, CNY.
    """

    enterprise_id: str
    parameter_id: str
    sector: str
    now: float
    low: float
    high: float
    cost: float = 0.0

    def to(
        self,
        place: float,
        rank: int = 0,
        benefit: float | None = None,
        effect: tuple[float, float, float] | None = None,
    ) -> Choice:
        """The move to a place, to be ranked."""
        return Choice(
            self.enterprise_id, rank, self.parameter_id, self.now, float(place), "ftq", benefit, effect
        )
