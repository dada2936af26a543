"""Fitted effects to and from numbers: what a sector has in common, and what is one line's own.

What comes back is a real `SectorEffects` of one line, so that the same code answers as when plans are made.
Columns of surroundings are left out: no lever moves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models.attainment.known import Array
from models.effects.calibration import Settings
from models.effects.estimate import Pooled
from models.effects.model import EffectModel
from models.effects.panel import Panel
from models.effects.pooling import Lines
from models.effects.refute import Refuters
from models.effects.responses import SURROUNDING, Responses
from models.effects.sector import SectorEffects
from models.effects.series import STEPWISE

BY_COLUMN: Final = ("lever", "bend", "size")
WHOLE: Final = ("centre", "scale", "lead", "knots", "echo", "pairs")
REFUTED: Final = ("placebo", "random_cause", "halves")
WHOLE_NUMBERS: Final = ("lever", "bend", "lead", "pairs")
CARRIED: Final = ("spill", "bending", "follows")


def shared_numbers(effects: SectorEffects) -> dict[str, Array]:
    """What every line of the sector has in common, for one target."""
    kept, responses = _kept(effects), effects.responses
    found = {name: getattr(responses, name)[kept] for name in BY_COLUMN}
    found |= {name: getattr(responses, name) for name in WHOLE}
    found |= {name: getattr(effects.refuters, name)[:, kept] for name in REFUTED}
    return found | {
        "theta": effects.refuters.theta[kept],
        "covariance": effects.refuters.covariance[np.ix_(kept, kept)],
        "predicted": effects.predicted[kept],
        "periods": effects.periods.sum(axis=0),
        "carried": np.array([getattr(effects, name) for name in CARRIED]),
    }


def line_numbers(effects: SectorEffects, line: int) -> dict[str, Array]:
    """What is one line's own, for one target."""
    kept, lines = _kept(effects), effects.lines
    return {
        "theta": lines.theta[line, kept],
        "covariance": lines.covariance[line][np.ix_(kept, kept)],
        "usual": effects.responses.usual[line],
        "shares": effects.shares[line],
        "place": effects.panel.place[line],
        "periods": effects.periods[line],
        "reliability": effects.settings.reliability[line, : len(effects.panel.levers)],
    }


def _kept(effects: SectorEffects) -> Any:  # noqa: ANN401 - an index into columns
    return np.flatnonzero(effects.responses.lever != SURROUNDING)


@dataclass(frozen=True)
class KeptSector:
    """A sector's frequency, levers and, by target, what its lines have in common."""

    frequency: str
    levers: tuple[str, ...]
    shared: Mapping[str, Mapping[str, Array]]

    def line(self, enterprise_id: str, numbers: Mapping[str, Array]) -> EffectModel:
        """Effects of one line, which is line 0 of its panel; none where yields could not be explained."""
        if STEPWISE not in self.shared:
            return EffectModel((), (), ())
        panel = self._panel(enterprise_id, _own(numbers, STEPWISE))
        found = tuple(self._effects(panel, target, _own(numbers, target)) for target in self.shared)
        return EffectModel((panel,), found, ())

    def _effects(self, panel: Panel, target: str, own: Mapping[str, Array]) -> SectorEffects:
        shared = {name: _typed(name, value) for name, value in self.shared[target].items()}
        columns, rest = len(own["theta"]), shared["periods"] - own["periods"]
        responses = Responses(
            usual=own["usual"][None], **{name: shared[name] for name in (*BY_COLUMN, *WHOLE)}
        )
        spill, bending, follows = (float(x) for x in shared["carried"])
        theta, covariance = shared["theta"], shared["covariance"]
        return SectorEffects(
            panel=panel,
            target=target,
            settings=_settings(own["reliability"], len(self.levers)),
            responses=responses,
            pooled=Pooled(theta, covariance, 1.0),
            lines=Lines(own["theta"][None], own["covariance"].reshape(1, columns, columns), NOTHING, NOTHING),
            refuters=Refuters(theta, covariance, **{name: shared[name] for name in REFUTED}),
            predicted=shared["predicted"],
            # The second row stands for all other lines: confidence counts the sector's periods too.
            periods=np.stack([own["periods"], rest]),
            spill=spill,
            bending=bending,
            follows=follows,
        )

    def _panel(self, enterprise_id: str, own: Mapping[str, Array]) -> Panel:
        """A panel of one line with one period, whose steps fail in the kept shares."""
        with np.errstate(divide="ignore"):
            steps = np.log(own["shares"])[None, :, None]
        return Panel(
            sector="",
            frequency=self.frequency,
            enterprises=(enterprise_id,),
            levers=self.levers,
            surrounding_names=(),
            first=0,
            steps=np.where(np.isfinite(steps), steps, NEVER_FAILING),
            counting=np.zeros_like(steps),
            outcomes={},
            escape_counting=np.zeros((1, 1)),
            levels=np.zeros((1, len(self.levers), 1)),
            spread=np.zeros((1, len(self.levers))),
            place=own["place"].astype(np.int64)[None],
            lead=np.zeros(len(self.levers), dtype=np.int64),
        )


LINE: Final = ("theta", "covariance", "usual", "shares", "place", "periods", "reliability")
NOTHING: Final = np.zeros(0)
NEVER_FAILING: Final = -60.0


def _own(numbers: Mapping[str, Array], target: str) -> dict[str, Array]:
    return {name: numbers[f"effects.{target}.{name}"] for name in LINE}


def _typed(name: str, value: Array) -> Any:  # noqa: ANN401 - whole numbers where indices are meant
    return value.astype(np.int64) if name in WHOLE_NUMBERS else value


def _settings(reliability: Array, levers: int) -> Settings:
    none = np.zeros((1, levers, 0))
    return Settings(
        z=none,
        known_at=none[..., None],
        has=np.ones((1, levers), dtype=np.bool_),
        centre=np.zeros(levers),
        scale=np.ones(levers),
        reliability=reliability[None],
        error=np.zeros((1, 0)),
    )
