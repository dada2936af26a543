"""Monthly statements: deliveries, quality costs by category (zeros are stated), output values."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.simulator.losses import EXTERNAL, INTERNAL, draw_external, draw_internal, internal_shares
from features.simulator.observed.calendar import month_labels
from features.simulator.observed.columns import money, text
from features.simulator.observed.recording import Recording
from features.simulator.plants import Plants
from features.simulator.population import PRODUCT_IDS, enterprise_ids
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array, Whole, stream

_PRICE = np.array([s.price for s in SECTORS])


@dataclass(frozen=True)
class Ledger:
    """What accounting and despatch know: arrays over months T and plants N."""

    output: Array  # (T, N)
    units: Whole  # (T, N, K)
    nonconforming: Whole  # (T, N, K)
    costs: Array  # (T, N, categories), INTERNAL then EXTERNAL


def units_delivered(plants: Plants, output: Array) -> Whole:
    """Units behind an output value, (…, N, K)."""
    units = output[..., None] / _PRICE[plants.sector][:, None] * plants.mix
    return np.asarray(np.maximum(np.rint(units), 1) * (plants.mix > 0), dtype=np.int64)


def draw_costs(
    rng: np.random.Generator, plants: Plants, output: Array, internal: Array, external: Array
) -> Array:
    """Stated losses by category; `internal` (…, N, 5) and `external` (…, N) are expected CNY."""
    inside = draw_internal(rng, internal)
    outside = draw_external(rng, external, plants.base.external * plants.base.output * np.ones_like(output))
    return np.concatenate([inside, outside], axis=-1)


def draw_ledger(seed: int, plants: Plants, lived: dict[str, Array]) -> Ledger:
    """Count and state what the months' true chances brought; `lived` holds stacked fields of `Month`."""
    output = np.round(lived["output"], 2)
    units = units_delivered(plants, output)
    bad = stream(seed, "deliveries").binomial(units, lived["escape"])
    level = (lived["stress"] * plants.has_process).sum(axis=2) / plants.processes
    shares = internal_shares(lived["caught"], lived["downtime"], level)
    internal = shares * (plants.base.internal * output)[..., None]
    costs = draw_costs(stream(seed, "costs"), plants, output, internal, lived["external"] * output)
    return Ledger(output, units, bad, costs)


def deliveries(first: int, plants: Plants, recording: Recording, ledger: Ledger) -> pa.Table:
    """Units delivered and found nonconforming at the customer's, by product."""
    t, n, k = np.nonzero(recording.stated[:, :, None] & (plants.mix > 0))
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "product_id": text(PRODUCT_IDS, k),
            "period": text(month_labels(first, len(ledger.output)), t),
            "units": pa.array(ledger.units[t, n, k]),
            "nonconforming": pa.array(ledger.nonconforming[t, n, k]),
        }
    )


def quality_costs(first: int, plants: Plants, recording: Recording, ledger: Ledger) -> pa.Table:
    """Losses by category of plants that track them."""
    kept = np.concatenate(
        [
            np.repeat(recording.tracks[1][:, None], len(INTERNAL), 1),
            np.repeat(recording.tracks[2][:, None], len(EXTERNAL), 1),
        ],
        axis=1,
    )
    t, n, c = np.nonzero(recording.costed[:, :, None] & kept)
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "period": text(month_labels(first, len(ledger.output)), t),
            "category": text([*INTERNAL, *EXTERNAL], c),
            "amount": money(ledger.costs[t, n, c]),
            "product_id": text([""], np.zeros_like(n)),
        }
    )


def output_values(first: int, plants: Plants, recording: Recording, ledger: Ledger) -> pa.Table:
    """Gross output value of the month."""
    t, n = np.nonzero(recording.stated)
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "period": text(month_labels(first, len(ledger.output)), t),
            "amount": money(ledger.output[t, n]),
        }
    )
