"""Has the world moved since the model was trained? Tests that hold their false-alarm rate on few months."""

from models.drift.check import check
from models.drift.report import DriftReport, DriftRow

__all__ = ["DriftReport", "DriftRow", "check"]
