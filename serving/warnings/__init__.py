"""Warnings (智能预警): looked for when data or forecasts change, each said once, resolved by themselves.

`look` detects and addresses; `deliver_until` sends what is addressed, until it is told to stop.
"""

from serving.warnings.delivering import deliver, deliver_until
from serving.warnings.finding import Finding, Kind, Look
from serving.warnings.looking import look

__all__ = ["Finding", "Kind", "Look", "deliver", "deliver_until", "look"]
