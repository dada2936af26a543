"""Who exists: enterprises, products, processes, supply links, declarations."""

import numpy as np
import pyarrow as pa

from features.simulator.observed.calendar import month_labels
from features.simulator.observed.columns import text
from features.simulator.observed.recording import Recording
from features.simulator.places import CITIES, social_credit_code
from features.simulator.plants import PROCESSES, PRODUCTS, Plants
from features.simulator.population import PROCESS_IDS, PRODUCT_IDS, enterprise_ids
from features.simulator.scenario import Scenario
from features.simulator.sectors import SECTORS
from features.simulator.streams import stream

SIZES = ("micro", "small", "medium", "large")


def enterprises(seed: int, plants: Plants, scenario: Scenario) -> pa.Table:
    """Master data; the name says that the plant is simulated."""
    rng = stream(seed, "register")
    weekly = rng.random(plants.count) < scenario.weekly
    adopted = (plants.base.maturity > 3.4) & (rng.random(plants.count) < 0.7)
    since = np.datetime64("2023-01-01") + rng.integers(0, 900, plants.count)
    number = rng.integers(0, 10**8, plants.count)
    rows = list(zip(plants.sector, plants.city, number, strict=True))
    return pa.table(
        {
            "enterprise_id": pa.array(enterprise_ids(plants.count)),
            "name": pa.array(
                [f"{CITIES[c][1]}{SECTORS[s].name}{i + 1:03d}厂（模拟）" for i, (s, c, _) in enumerate(rows)]
            ),
            "uscc": pa.array([social_credit_code(CITIES[c][0], int(code)) for _, c, code in rows]),
            "region_code": pa.array([CITIES[c][0] for c in plants.city]),
            "industry_code": pa.array([SECTORS[s].industry_code for s in plants.sector]),
            "chain": pa.array([SECTORS[s].chain for s in plants.sector]),
            "size": text(SIZES, plants.base.size),
            "frequency": text(("month", "week"), weekly.astype(np.int64)),
            "standard_since": pa.array(since.astype("datetime64[D]"), pa.date32(), mask=~adopted),
        }
    )


def products(plants: Plants) -> pa.Table:
    """One to three products each."""
    n, k = np.nonzero(plants.mix > 0)
    names = [name for s in SECTORS for name in s.products]
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "product_id": text(PRODUCT_IDS, k),
            "name": text(names, plants.sector[n] * PRODUCTS + k),
        }
    )


def processes(plants: Plants) -> pa.Table:
    """Every product passes all processes of its plant, in order."""
    n, k, j = np.nonzero((plants.mix > 0)[:, :, None] & plants.has_process[:, None, :])
    names = [name for s in SECTORS for name in s.processes]
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "product_id": text(PRODUCT_IDS, k),
            "process_id": text(PROCESS_IDS, j),
            "seq": pa.array((j + 1).astype(np.int64)),
            "name": text(names, plants.sector[n] * PROCESSES + j),
            "line_id": text(["L1"], np.zeros_like(n)),
        }
    )


def supply_links(plants: Plants) -> pa.Table:
    """Who supplies whom; the rest of the material comes from outside the province."""
    customer, supplier = np.nonzero(plants.supply)
    return pa.table(
        {
            "supplier_id": text(enterprise_ids(plants.count), supplier),
            "customer_id": text(enterprise_ids(plants.count), customer),
            "material": text([s.name for s in SECTORS], plants.sector[supplier]),
            "share": pa.array(np.round(plants.supply[customer, supplier], 4)),
        }
    )


def declarations(first: int, months: int, plants: Plants, recording: Recording) -> pa.Table:
    """Statistics that a plant says it does not keep, from its first month of records."""
    begins = np.argmax(recording.running, axis=0)
    statistic, n = np.nonzero(~recording.tracks)
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "statistic": text(("cpk", "internal_loss", "external_loss"), statistic),
            "from_period": text(month_labels(first, months), begins[n]),
            "tracked": pa.array(np.zeros(n.size, dtype=np.bool_)),
        }
    )
