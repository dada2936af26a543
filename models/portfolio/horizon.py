"""How far ahead a portfolio looks: the document's targets lie years away, forecasts by the month twelve."""

from __future__ import annotations

FAR = 36
"""Months ahead that joint paths are carried on to."""
AHEAD = (3, 6, 12, 24, FAR)
"""Months ahead for which an enterprise's own chances are kept."""
