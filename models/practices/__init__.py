"""What leaders of a group do otherwise than one enterprise: an association, beside what effects are known."""

from models.practices.comparing import Difference, compare
from models.practices.kept import NoPracticesError, Practices
from models.practices.own_rates import OwnRate, own_rates

__all__ = ["Difference", "NoPracticesError", "OwnRate", "Practices", "compare", "own_rates"]
