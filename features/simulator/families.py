"""The structural families by name."""

from collections.abc import Callable

from features.simulator.additive import Additive
from features.simulator.faults import UnknownNameError
from features.simulator.levers import Levers
from features.simulator.mechanism import Mechanism
from features.simulator.scenario import Scenario
from features.simulator.wear import Wear

FAMILIES: dict[str, Callable[[Levers, Scenario], Mechanism]] = {"additive": Additive, "wear": Wear}


def build_mechanism(family: str, levers: Levers, scenario: Scenario) -> Mechanism:
    """The mechanism of a family. Raises UnknownNameError naming the families."""
    if family not in FAMILIES:
        raise UnknownNameError("family", family, ", ".join(FAMILIES))
    return FAMILIES[family](levers, scenario)
