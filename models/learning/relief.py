"""How much of ridge's penalty each feature carries: what is known of a target before any data."""

from __future__ import annotations

import re

from models.forecast.baselines import BASES

OWN_RELIEF = 0.01  # an entity's own history is punished so much less than other features
KIN: dict[str, tuple[str, ...]] = {"cpk": ("capability.",), "external_loss": ("ppm.lag",)}
KIN_RELIEF = 0.1  # what a target is known to come from: claims from what escaped, a Cpk from its parts
LEVEL = re.compile(r"\.mean$|^param\..+\.ew12$|^size$")
LEVEL_BURDEN = 5.0  # where a plant stands in other respects mostly tells which plant it is


def relief(target: str, name: str) -> float:
    """How much of the penalty a feature carries in a target's lines."""
    if name in {f"{target}.{b}" for b in BASES}:
        return OWN_RELIEF
    kin = next((KIN_RELIEF for stem in KIN.get(target, ()) if name.startswith(stem)), 1.0)
    return kin * (LEVEL_BURDEN if LEVEL.search(name) else 1.0)
