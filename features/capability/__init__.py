"""Process capability and stability, vectorised over all characteristics of all enterprises."""

from features.capability.assess import assess, capability
from features.capability.indices import graded

__all__ = ["assess", "capability", "graded"]
