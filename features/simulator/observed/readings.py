"""Parameters and their readings: true setting, wandering within the month, error of the gauge."""

import numpy as np
import pyarrow as pa

from features.simulator.levers import SLOTS, Levers
from features.simulator.observed.calendar import within_month
from features.simulator.observed.columns import moments, rounded, text
from features.simulator.observed.recording import READINGS, Recording
from features.simulator.plants import Plants
from features.simulator.population import PROCESS_IDS, enterprise_ids
from features.simulator.sectors import SECTORS
from features.simulator.specs import KIND_OF_ROLE, LINEAR, ParameterSpec
from features.simulator.streams import Array, stream

WITHIN_MONTH = 0.2
"""True wandering of a setting between two readings of a month, in standard units."""

_BLANK = ParameterSpec("", "", "", 0, "cause", 0.0, 1.0, shape=LINEAR)
_SPECS = [spec for s in SECTORS for spec in (*s.parameters, *[_BLANK] * (SLOTS - len(s.parameters)))]


def parameters_table(plants: Plants, levers: Levers) -> pa.Table:
    """Names, units, roles, feasible bounds, costs; the gauge's error only where a study disclosed it."""
    n, slot = np.nonzero(levers.present)
    spec = plants.sector[n] * SLOTS + slot
    whole_plant = np.array([s.process < 0 for s in _SPECS])[spec]
    actionable = np.array([KIND_OF_ROLE[s.role] == "actionable" for s in _SPECS])[spec]
    centre, scale = levers.centre[n, slot], levers.scale[n, slot]
    process = np.argmax(levers.into[n, slot], axis=1)
    gauge = levers.gauge[n, slot] * scale
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "parameter_id": text([s.parameter_id for s in _SPECS], spec),
            "name": text([s.name for s in _SPECS], spec),
            "unit": text([s.unit for s in _SPECS], spec),
            "process_id": pa.array(PROCESS_IDS[process], pa.string(), mask=whole_plant),
            "kind": text([KIND_OF_ROLE[s.role] for s in _SPECS], spec),
            "lower": pa.array(np.round(centre - 3 * scale, 6), mask=~actionable),
            "upper": pa.array(np.round(centre + 3 * scale, 6), mask=~actionable),
            "cost_per_unit": pa.array(np.round(levers.cost[n, slot], 2)),
            "direction": text(["any"], np.zeros_like(n)),
            "lead_periods": pa.array(levers.lead[n, slot]),
            "gauge_sd": pa.array(np.round(gauge, 6), mask=~levers.disclosed[n, slot] | (gauge <= 0)),
        }
    )


def process_data(
    seed: int, first: int, plants: Plants, levers: Levers, recording: Recording, z: Array
) -> pa.Table:
    """Readings of every parameter; `z` is (T, N, L)."""
    shape = (*z.shape, READINGS)
    within = stream(seed, "wandering").standard_normal(shape, dtype=np.float32)
    error = stream(seed, "gauge").standard_normal(shape, dtype=np.float32)
    place = stream(seed, "reading time").random(shape, dtype=np.float32)
    mask = recording.read & levers.present[:, :, None]
    t, n, slot, reading = np.nonzero(mask)
    read = z[t, n, slot] + WITHIN_MONTH * within[mask] + levers.gauge[n, slot] * error[mask]
    scale = levers.scale[n, slot]
    spec = plants.sector[n] * SLOTS + slot
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "parameter_id": text([s.parameter_id for s in _SPECS], spec),
            "observed_at": moments(within_month(first, t, (reading + 0.8 * place[mask]) / READINGS)),
            "value": pa.array(rounded(levers.centre[n, slot] + scale * read, scale)),
            "lot_id": pa.repeat(pa.scalar("", pa.string()), t.size),
        }
    )
