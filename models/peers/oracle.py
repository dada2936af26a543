"""The best possible forecaster: it knows a simulated plant's hidden state, but not tomorrow's draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.peers.question import Answer, Question, empty
from models.results import HORIZONS, QUANTILES

if TYPE_CHECKING:
    from features.simulator import World

FUTURES = 200
COLUMNS = [f"q{round(100 * level):02d}" for level in QUANTILES]


@dataclass
class Oracle:
    """Asks a world once per origin. The median is the point, for it is best in absolute error."""

    world: World
    futures: int = FUTURES
    told: dict[int, pd.DataFrame] = field(default_factory=dict)

    def ask(self, question: Question) -> Answer:
        """Answer a question about the world's own plants by the month."""
        point, quantiles = empty(question)
        keys = question.panel.keys
        for origin in question.origins():
            here = question.at(origin)
            names = keys["enterprise_id"].to_numpy()[question.rows[here]]
            quantiles[here] = self._of(origin, question.target, list(names))
        point[:] = quantiles[:, :, len(QUANTILES) // 2]
        return Answer(point, quantiles)

    def _of(self, origin: int, target: str, enterprises: list[str]) -> np.ndarray:
        if origin not in self.told:
            period = self.world.period(origin - self.world.first)
            frame = self.world.oracle(period, HORIZONS, self.futures)
            self.told[origin] = frame.set_index(["target", "horizon", "enterprise_id"])[COLUMNS]
        known = self.told[origin].loc[target]
        by_horizon = [known.loc[h].reindex(enterprises).to_numpy() for h in range(1, HORIZONS + 1)]
        return np.stack(by_horizon, axis=1)
