"""How a grade came about, line by line, so that an assessor can follow it with a pocket calculator."""

from qm_rules.trace.numbers import LISTED
from qm_rules.trace.parts import DimensionLine, Input, Judgement, Line, PolicyLine, Trace
from qm_rules.trace.whole import trace

__all__ = ["LISTED", "DimensionLine", "Input", "Judgement", "Line", "PolicyLine", "Trace", "trace"]
