"""Training as an act: backtest, fit, log, register, promote, publish."""

from models.training.run import TrainingReport, backtest, content_version, export, point_to, train

__all__ = ["TrainingReport", "backtest", "content_version", "export", "point_to", "train"]
