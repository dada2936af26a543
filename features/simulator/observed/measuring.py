"""Characteristics and their measurements: five subgroups of five pieces a month."""

import numpy as np
import pyarrow as pa

from features.simulator.observed.calendar import within_month
from features.simulator.observed.columns import moments, rounded, text
from features.simulator.observed.recording import Recording
from features.simulator.plants import CHARACTERISTICS, Plants
from features.simulator.population import PROCESS_IDS, PRODUCT_IDS, enterprise_ids
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array, Flags, stream
from features.simulator.targets import KEY
from features.simulator.targets import characteristics as capability

SUBGROUPS, PIECES = 5, 5
GAUGE_SHARE = 0.08
"""Measurement error of a characteristic's gauge, as a share of the process spread at rest."""

_SPECS = [spec for sector in SECTORS for spec in sector.characteristics]


def _numbers(name: str) -> Array:
    return np.asarray([[float(getattr(c, name)) for c in s.characteristics] for s in SECTORS])


def _kept(plants: Plants, recording: Recording) -> Flags:
    """(N, C): plants that track capability keep two or three characteristics."""
    kept = np.arange(CHARACTERISTICS) < KEY + (plants.base.size[:, None] > 1)
    return np.asarray(kept & recording.tracks[0][:, None])


def _gauge(plants: Plants) -> Array:
    rest = (1 - plants.char_offset) / (3 * plants.char_cpk)
    return np.asarray(GAUGE_SHARE * rest * _numbers("tolerance")[plants.sector])


def characteristics_table(plants: Plants, recording: Recording) -> pa.Table:
    """Nominal, limits, gauge; the first two are marked key."""
    n, c = np.nonzero(_kept(plants, recording))
    sector = plants.sector[n]
    spec = sector * CHARACTERISTICS + c
    nominal, tolerance = _numbers("nominal")[sector, c], _numbers("tolerance")[sector, c]
    one_sided = _numbers("upper_only")[sector, c] > 0
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "characteristic_id": text([s.characteristic_id for s in _SPECS], spec),
            "product_id": text(PRODUCT_IDS, np.zeros_like(n)),
            "process_id": text(PROCESS_IDS, plants.char_process[n, c]),
            "name": text([s.name for s in _SPECS], spec),
            "unit": text([s.unit for s in _SPECS], spec),
            "nominal": pa.array(nominal),
            "lsl": pa.array(np.round(nominal - tolerance, 6), mask=one_sided),
            "usl": pa.array(np.round(nominal + tolerance, 6)),
            "key": pa.array(c < KEY),
            "gauge_sd": pa.array(rounded(_gauge(plants)[n, c], _gauge(plants)[n, c])),
        }
    )


def measurements(
    seed: int, first: int, plants: Plants, recording: Recording, stress: Array, process: Array
) -> pa.Table:
    """Values in natural units; a subgroup is taken in one minute, subgroups are spread over the month."""
    mean, sigma, _ = capability(plants, stress, process)
    months, tolerance = stress.shape[0], _numbers("tolerance")[plants.sector]
    shape = (months, plants.count, CHARACTERISTICS, SUBGROUPS)
    draws = stream(seed, "pieces").standard_normal((*shape, PIECES), dtype=np.float32)
    place = stream(seed, "piece time").random(shape, dtype=np.float32)
    t, n, c = np.nonzero(recording.measured[:, :, None] & _kept(plants, recording))
    sd = np.sqrt((sigma[t, n, c] * tolerance[n, c]) ** 2 + _gauge(plants)[n, c] ** 2)
    centre = _numbers("nominal")[plants.sector[n], c] + mean[t, n, c] * tolerance[n, c]
    values = rounded(
        (centre[:, None, None] + sd[:, None, None] * draws[t, n, c]).ravel(),
        np.repeat(sd, SUBGROUPS * PIECES),
    )
    seen = within_month(
        first, np.repeat(t, SUBGROUPS), ((np.arange(SUBGROUPS) + 0.8 * place[t, n, c]) / SUBGROUPS).ravel()
    )
    every = SUBGROUPS * PIECES
    piece = np.tile(np.arange(PIECES), t.size * SUBGROUPS)
    subgroup = np.tile(np.repeat(np.arange(SUBGROUPS), PIECES), t.size)
    spec = np.repeat(plants.sector[n] * CHARACTERISTICS + c, every)
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), np.repeat(n, every)),
            "characteristic_id": text([s.characteristic_id for s in _SPECS], spec),
            "measured_at": moments(np.repeat(seen, PIECES)),
            "value": pa.array(values),
            "subgroup_id": text([str(g + 1) for g in range(SUBGROUPS)], subgroup),
            "piece": pa.array((piece + 1).astype(np.int64)),
            "lot_id": pa.repeat(pa.scalar("", pa.string()), piece.size),
        }
    )
