"""The model table: what was known at the end of every period, for training and for serving."""

from features.model_table.build import ModelTable, build_model_table
from features.model_table.finest import finest

__all__ = ["ModelTable", "build_model_table", "finest"]
