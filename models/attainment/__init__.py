"""Probabilities of each level in the months to come: sample paths of the future, run through the official
rules.
"""

from models.attainment.attain import attain

__all__ = ["attain"]
