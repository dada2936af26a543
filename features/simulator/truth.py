"""What every parameter really does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.simulator.levers import spec_of
from features.simulator.population import PROCESS_IDS
from features.simulator.specs import KIND_OF_ROLE

if TYPE_CHECKING:
    from features.simulator.world import World


@dataclass(frozen=True)
class LeverTruth:
    """Causal role and sensitivity of one parameter of one plant.

    Attributes:
        role: cause (of failures), detection (of escapes only), placebo, context (a cause nobody can set),
            proxy (shows the hidden cause, does nothing), outcome (shows quality, does nothing).
        kind: what the records say: actionable, context or outcome.
        process_id: where it acts; None = on every process.
        shape: linear, saturating or optimum; in the wear family all but `optimum` act on the rate of wear.
        best: the optimum's place in the parameter's unit, None for other shapes.
        sensitivity: lasting change of log-odds of nonconformity at its process (detection: of the log
            escape share) per natural unit, at the plant's usual setting. 0 = doing it changes nothing.
        lead_periods: months until it begins to act.
        confounded, reactive: strength of the hidden cause and of last months' trouble on the setting, in
            standard units of the lever's movement.
    """

    enterprise_id: str
    parameter_id: str
    role: str
    kind: str
    process_id: str | None
    shape: str
    best: float | None
    sensitivity: float
    lead_periods: int
    confounded: float
    reactive: float


def _truth(world: World, n: int, slot: int, slope: float) -> LeverTruth:
    lv, spec = world.levers, spec_of(int(world.plants.sector[n]), slot)
    scale = float(lv.scale[n, slot])
    bent = bool(lv.optimum[n, slot])
    return LeverTruth(
        enterprise_id=world.enterprises[n],
        parameter_id=spec.parameter_id,
        role=spec.role,
        kind=KIND_OF_ROLE[spec.role],
        process_id=None if spec.process < 0 else str(PROCESS_IDS[np.argmax(lv.into[n, slot])]),
        shape=spec.shape,
        best=float(lv.centre[n, slot] + scale * lv.best[n, slot]) if bent else None,
        sensitivity=slope / scale,
        lead_periods=int(lv.lead[n, slot]),
        confounded=float(lv.confounded[n, slot]),
        reactive=float(lv.react[n, slot]),
    )


def lever_truths(world: World) -> tuple[LeverTruth, ...]:
    """All parameters of all plants, in the order of plants and slots."""
    slope = world.engine.mechanism.slope() + world.levers.detection
    return tuple(_truth(world, n, s, float(slope[n, s])) for n, s in np.argwhere(world.levers.present))
