"""The parameters that every sector has: final checks, a placebo, and what surrounds or follows."""

from features.simulator.specs import CONTEXT, DETECTION, OUTCOME, PLACEBO, PROXY, ParameterSpec
from features.simulator.specs import ParameterSpec as P


def surroundings(climate: P, check: P, placebo: P, queue: str) -> tuple[ParameterSpec, ...]:
    """The parameters every sector has: final checks, a placebo, and what surrounds or follows the process."""
    return (
        check,
        placebo,
        climate,
        P(
            "order_load",
            "订单负荷",
            "%",
            -1,
            CONTEXT,
            100.0,
            10.0,
            0.15,
            demand=1.4,
            persistence=0.3,
            gauge=0.1,
        ),
        P("incoming_index", "来料波动指数", "1", -1, PROXY, 50.0, 8.0, persistence=0.0, gauge=0.2),
        P("rework_queue", queue, "件", -1, OUTCOME, 60.0, 12.0, persistence=0.0, gauge=0.2),
    )


def check(parameter_id: str, name: str) -> P:
    """Coverage of the final checks: lets fewer escapes through, makes nothing better."""
    return P(parameter_id, name, "%", -1, DETECTION, 80.0, 5.0, -0.30, confounded=0.2, react=0.6, cost=0.0006)


def placebo(parameter_id: str, name: str, unit: str, centre: float, scale: float) -> P:
    """Something that is turned after bad months, moves with the hidden cause, and does nothing."""
    return P(parameter_id, name, unit, 0, PLACEBO, centre, scale, confounded=0.6, react=0.5, season=0.2)


def climate(parameter_id: str, name: str, unit: str, centre: float, scale: float) -> P:
    """Weather that gets into the workshop: a cause that nobody sets."""
    return P(
        parameter_id, name, unit, 0, CONTEXT, centre, scale, 0.12, season=1.2, persistence=0.3, gauge=0.2
    )
