"""What a month of control-chart points says that noise does not: for warnings, never for grades."""

from features.monitoring.surprises import Examined, Surprise, surprises

__all__ = ["Examined", "Surprise", "surprises"]
