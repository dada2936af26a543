"""How settings become stress: the part in which structural families differ."""

from typing import Protocol

from features.simulator.streams import Array


class Mechanism(Protocol):
    """A structural family: from the settings in force to log-odds of nonconformity per process."""

    claim_shape: Array
    """Share of an escape's external cost that arrives 1, 2, … 6 months later."""

    def at_rest(self) -> Array:
        """The memory (1, N, L) of a plant that has always stood at its usual settings."""
        ...

    def stress(self, felt: Array, load: Array, memory: Array, t: int) -> tuple[Array, Array]:
        """Stress (R, N, J) added by the settings and the new memory (R, N, L).

        Args:
            felt: (R, N, L) the settings that act this month (each lever's lead already waited for).
            load: (R, N) demand in standard units.
            memory: (R, N, L) what the last month left.
            t: the month.
        """
        ...

    def slope(self) -> Array:
        """(N, L) lasting change of its processes' log-odds per standard unit, at the usual settings."""
        ...
