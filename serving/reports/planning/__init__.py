"""The planning workbook of a group: the figures of board and briefing, formulas where a reader checks."""

from __future__ import annotations

from serving.reports.planning.facts import Planning
from serving.reports.planning.writing import write_planning

__all__ = ["Planning", "write_planning"]
