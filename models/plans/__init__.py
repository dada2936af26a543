"""The cheapest set of actions that reaches a level by a month, with what probability, and what stands in the
way.
"""

from models.plans.grounds import Grounds, PlanError, grounds
from models.plans.plan import reach
from models.plans.rows import Assumed, Goal, PlanRow

__all__ = ["Assumed", "Goal", "Grounds", "PlanError", "PlanRow", "grounds", "reach"]
