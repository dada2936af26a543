"""What levers do to quality: estimated from history for advice, apart from any forecast."""

from models.effects.model import EffectModel, TooLittle, fit_effects, fit_sector
from models.effects.readings import readings_per_period
from models.effects.sector import Change, SectorEffects
from models.effects.sensitivity import robustness_value
from models.effects.whole import Together

__all__ = [
    "Change",
    "EffectModel",
    "SectorEffects",
    "Together",
    "TooLittle",
    "fit_effects",
    "fit_sector",
    "readings_per_period",
    "robustness_value",
]
