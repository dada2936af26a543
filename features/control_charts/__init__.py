"""Control charts of many processes at once: limits, run rules, and charts from the records."""

from features.control_charts.basis import Basis
from features.control_charts.chart import Chart, Note
from features.control_charts.counted import defect_pareto, delivery_chart, process_chart
from features.control_charts.from_records import chart
from features.control_charts.lines import Width
from features.control_charts.losses import loss_pareto
from features.control_charts.overview import overview
from features.control_charts.reading import ChartError
from features.control_charts.together import together_chart
from features.control_charts.waterfall import ProductYield, YieldStep, yield_steps

__all__ = [
    "Basis",
    "Chart",
    "ChartError",
    "Note",
    "ProductYield",
    "Width",
    "YieldStep",
    "chart",
    "defect_pareto",
    "delivery_chart",
    "loss_pareto",
    "overview",
    "process_chart",
    "together_chart",
    "yield_steps",
]
