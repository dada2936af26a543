"""Inspections lot by lot, re-submissions after rework, and defects by code."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.simulator.observed.calendar import month_labels, within_month
from features.simulator.observed.columns import Moments, moments, text
from features.simulator.observed.recording import Recording
from features.simulator.plants import PROCESSES, PRODUCTS, Plants
from features.simulator.population import PROCESS_IDS, PRODUCT_IDS, enterprise_ids
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array, Whole, stream

LOTS = 8
LOT_SPREAD = 0.15
_LOT_SIZE = np.array([30.0, 80.0, 200.0, 500.0])
_REWORKED, _MENDED = 0.7, 0.92


def lot_size(plants: Plants) -> Array:
    """Mean units submitted per lot, (N, K): lots of a product are as large as its share of the units."""
    share = plants.mix * plants.products[:, None]
    return np.asarray(_LOT_SIZE[plants.base.size][:, None] * share)


@dataclass(frozen=True)
class Lots:
    """First submissions, one entry per lot: month, plant, product, process, number, counts."""

    t: Whole
    n: Whole
    k: Whole
    j: Whole
    lot: Whole
    submitted: Whole
    failed: Whole


def draw_lots(seed: int, plants: Plants, nonconforming: Array, recording: Recording) -> Lots:
    """Count failures of each lot; `nonconforming` is (T, N, K, J). Lots of a month differ by LOT_SPREAD."""
    months = nonconforming.shape[0]
    exists = plants.has_process[:, None, :] & (plants.mix > 0)[:, :, None]
    mask = (recording.inspected[:, :, None, None] & exists)[..., None] & np.ones(LOTS, dtype=np.bool_)
    t, n, k, j, lot = np.nonzero(mask)
    shape = (months, plants.count, PRODUCTS, PROCESSES, LOTS)
    size = stream(seed, "lot size").random(shape, dtype=np.float32)[mask]
    luck = stream(seed, "lot luck").standard_normal(shape, dtype=np.float32)[mask]
    submitted = np.maximum(np.rint(lot_size(plants)[n, k] * (0.6 + 0.8 * size)), 5).astype(np.int64)
    chance = nonconforming[t, n, k, j] * np.exp(LOT_SPREAD * luck - LOT_SPREAD**2 / 2)
    failed = stream(seed, "failed").binomial(submitted, np.minimum(chance, 1.0))
    return Lots(t, n, k, j, lot, submitted, failed)


def _lot_ids(first: int, months: int) -> list[str]:
    """`2101-P1-10-3`: month, product, process, number; indexed in that order."""
    labels = [label[2:4] + label[5:] for label in month_labels(first, months)]
    return [
        f"{label}-{product}-{process}-{lot + 1}"
        for label in labels
        for product in PRODUCT_IDS
        for process in PROCESS_IDS
        for lot in range(LOTS)
    ]


def _keys(first: int, months: int, plants: int, lots: Lots) -> dict[str, pa.Array]:
    code = ((lots.t * PRODUCTS + lots.k) * PROCESSES + lots.j) * LOTS + lots.lot
    return {
        "enterprise_id": text(enterprise_ids(plants), lots.n),
        "product_id": text(PRODUCT_IDS, lots.k),
        "process_id": text(PROCESS_IDS, lots.j),
        "lot_id": text(_lot_ids(first, months), code),
    }


def inspections(seed: int, first: int, months: int, plants: Plants, lots: Lots) -> pa.Table:
    """First submissions, and the second submission of each lot that had something to mend."""
    keys = _keys(first, months, plants.count, lots)
    place = stream(seed, "lot time").random(lots.t.size)
    seen = within_month(first, lots.t, (lots.lot + 0.8 * place) / LOTS)
    table = pa.table(
        keys
        | {
            "inspected_at": moments(seen),
            "submitted": pa.array(lots.submitted),
            "passed": pa.array(lots.submitted - lots.failed),
            "submission": pa.array(np.ones_like(lots.submitted)),
            "supplier_id": _suppliers(seed, plants, lots),
        }
    )
    return pa.concat_tables([table, _second(seed, table, seen, lots)]).combine_chunks()


def _second(seed: int, table: pa.Table, seen: Moments, lots: Lots) -> pa.Table:
    rng = stream(seed, "rework")
    reworked = rng.binomial(lots.failed, _REWORKED)
    mended = rng.binomial(reworked, _MENDED)
    again = np.flatnonzero(reworked)
    second = table.take(pa.array(again))
    late = moments(seen[again] + np.timedelta64(95, "m"))
    columns = {
        "inspected_at": late,
        "submitted": pa.array(reworked[again]),
        "passed": pa.array(mended[again]),
    }
    columns["submission"] = pa.array(np.full(again.size, 2, dtype=np.int64))
    for name, values in columns.items():
        second = second.set_column(second.schema.get_field_index(name), name, values)
    return second


def _suppliers(seed: int, plants: Plants, lots: Lots) -> pa.Array:
    """Who delivered a lot's material: written down at the first process of plants with suppliers."""
    cumulative = np.cumsum(plants.supply, axis=1)
    draw = stream(seed, "lot supplier").random(lots.t.size)
    known = (lots.j == 0) & (draw < cumulative[lots.n, -1])
    supplier = np.zeros(lots.t.size, dtype=np.int64)
    at = np.flatnonzero(known)
    supplier[at] = (draw[at][:, None] >= cumulative[lots.n[at]]).sum(axis=1)
    words = pa.array(enterprise_ids(plants.count), pa.string())
    return words.take(pa.array(supplier, mask=~known))


def defects(seed: int, first: int, months: int, plants: Plants, lots: Lots) -> pa.Table:
    """Failed units of first submissions by defect code; each plant and process has its own usual mixture."""
    codes = len(SECTORS[0].defects)
    mixture = stream(seed, "defect mixture").dirichlet(np.full(codes, 2.0), (plants.count, PROCESSES))
    bad = np.flatnonzero(lots.failed)
    counts = stream(seed, "defects").multinomial(lots.failed[bad], mixture[lots.n[bad], lots.j[bad]])
    row, code = np.nonzero(counts)
    some = Lots(*(getattr(lots, name)[bad[row]] for name in Lots.__dataclass_fields__))
    sector = plants.sector[some.n]
    ids = [word for s in SECTORS for word, _ in s.defects]
    names = [name for s in SECTORS for _, name in s.defects]
    return pa.table(
        _keys(first, months, plants.count, some)
        | {
            "submission": pa.array(np.ones_like(code)),
            "defect_code": text(ids, sector * codes + code),
            "count": pa.array(counts[row, code]),
            "defect_name": text(names, sector * codes + code),
            "location": pa.nulls(code.size, pa.string()),
        }
    )
