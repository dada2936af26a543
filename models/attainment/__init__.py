"""Probabilities of each level in the months to come: sample paths of the future, run through the official
rules, and blended with what the backtest says of such probabilities.
"""

from models.attainment.attain import attain
from models.attainment.learning import fit_levels
from models.attainment.portfolio import LevelPaths, level_paths

__all__ = ["LevelPaths", "attain", "fit_levels", "level_paths"]
