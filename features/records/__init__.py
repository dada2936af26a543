"""Records: what a plant brings, as typed tables."""
