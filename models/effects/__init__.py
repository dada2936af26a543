"""What levers do to quality: estimated from history for advice, apart from any forecast."""

from models.effects.model import EffectModel, SectorEffects, TooLittle, fit_effects, fit_sector
from models.effects.readings import readings_per_period
from models.effects.sensitivity import robustness_value

__all__ = [
    "EffectModel",
    "SectorEffects",
    "TooLittle",
    "fit_effects",
    "fit_sector",
    "readings_per_period",
    "robustness_value",
]
