"""Where a quality loss came from: which readings neither their own past nor the others' explains."""

from models.causes.rank import Cause, Causes, NoCausesError, rank_causes

__all__ = ["Cause", "Causes", "NoCausesError", "rank_causes"]
