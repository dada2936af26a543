"""Control charts of many processes at once: limits, run rules, and charts from the records."""

from features.control_charts.chart import Chart, Note
from features.control_charts.from_records import chart

__all__ = ["Chart", "Note", "chart"]
