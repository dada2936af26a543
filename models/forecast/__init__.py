"""Forecasts of yield, losses, ppm and Cpk, with honest intervals and exact drivers."""

from models.forecast.bundle import NoChampionError, load_champion
from models.forecast.forecaster import ForecastModel

__all__ = ["ForecastModel", "NoChampionError", "load_champion"]
