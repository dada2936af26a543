"""The cheapest set of actions that reaches a level by a month, with what probability, and what stands in the
way.

The rows are light; what computes them is imported when it is first asked for, so that the web process, which
only reads rows, does not carry it.
"""

from typing import TYPE_CHECKING, Any

from models.plans.rows import Assumed, Goal, PlanRow

if TYPE_CHECKING:
    from models.plans.grounds import Grounds, PlanError, grounds_of
    from models.plans.plan import reach

__all__ = ["Assumed", "Goal", "Grounds", "PlanError", "PlanRow", "grounds_of", "reach"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what the two modules export
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "reach":
        from models.plans.plan import reach

        return reach
    from models.plans import grounds

    return getattr(grounds, name)
