"""What a briefing and a workbook call things: the site's own words."""

from __future__ import annotations

from dataclasses import dataclass

from serving.web.language import Language
from serving.web.planner import places


@dataclass(frozen=True)
class SiteNames:
    """Names of regions, industries, sizes and items in one language."""

    t: Language

    def region(self, code: str) -> str:
        """Return the name of a region: the city's where the catalogue knows it, else the province's."""
        known = next((code[:digits] for digits in (4, 2) if self.t.has(f"region.{code[:digits]}")), "")
        return places.region_name(self.t, known or code)

    def industry(self, division: str) -> str:
        """Return the name of a division of GB/T 4754, without its number."""
        digits = division.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:2]
        return self.t.either(f"industry.{digits}", division)

    def size(self, size: str) -> str:
        """Return the name of a size of enterprise."""
        return places.size_name(self.t, size)
