"""Published indicators of manufacturing quality that a region's own figures are drawn beside."""

from features.context.figures import INDICATORS, Figure, Unit, figures

__all__ = ["INDICATORS", "Figure", "Unit", "figures"]
