"""What training learns about levels, beside the forecasts themselves: small, and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np

from models.attainment.admission import Admission
from models.attainment.blend import Blend, moved, shares
from models.attainment.known import Array
from models.attainment.levels import Levels, PathLevels
from models.attainment.sample import SEED


@dataclass(frozen=True)
class LevelModel:
    """Whether a Cpk is admissible, how path probabilities are blended, and the shares of levels by sector; by
    default nothing changes anything.
    """

    admission: Admission = field(default_factory=Admission)
    blend: Blend = field(default_factory=Blend.paths_alone)
    sectors: dict[str, list[float]] = field(default_factory=dict)

    def blended(self, found: PathLevels, enterprise_ids: Sequence[str]) -> Levels:
        """Level paths R × P × M of the official windows 1 … M months ahead, with the blend's shares."""
        ahead = found.window[:, :, 1:]
        if self.blend.is_paths_alone:
            return ahead
        share = shares(ahead)
        now = np.repeat(found.window[:, 0, 0].astype(np.int64), share.shape[1])
        months = np.tile(np.arange(1, share.shape[1] + 1), len(share))
        wanted = self.blend.at_least(share.reshape(-1, share.shape[2]), now, months, ahead.shape[1])
        lots = _lots(enterprise_ids, ahead.shape[1])
        return moved(ahead, found.finer[:, :, 1:], wanted.reshape(share.shape), lots)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        learned = {"admission": self.admission.to_dict(), "blend": self.blend.to_dict()}
        return learned | {"sectors": self.sectors}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LevelModel:
        """What `to_dict` wrote; the default from an empty one."""
        admission, blend = Admission.from_dict(data.get("admission")), Blend.from_dict(data.get("blend"))
        return cls(admission, blend, dict(data.get("sectors", {})))


def _lots(enterprise_ids: Sequence[str], paths: int) -> Array:
    """R × P numbers that break ties: an enterprise's own, so that ties do not hang together between them."""
    own = [np.random.default_rng([SEED, 1, crc32(name.encode())]).random(paths) for name in enterprise_ids]
    return np.stack(own)
