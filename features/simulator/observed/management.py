"""Yearly assessments of the management items, and the improvement actions on record."""

import numpy as np
import pyarrow as pa

from features.records.schema import ITEMS
from features.simulator.actions import NO_LEVER, Actions
from features.simulator.levers import SLOTS, Levers
from features.simulator.observed.columns import money, text
from features.simulator.observed.recording import Recording
from features.simulator.plants import Plants
from features.simulator.population import enterprise_ids
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array, Flags, Whole, stream

_NO_LEVER_TITLES = ("班组质量改善小组", "看板管理升级", "现场目视化", "质量月活动")


def _days(first: int, t: Whole, day: int) -> np.ndarray:
    months = np.datetime64("1970-01", "M") + (first - 1970 * 12 + np.asarray(t))
    return np.asarray(months.astype("datetime64[D]") + (day - 1))


def assessments(seed: int, first: int, months: int, plants: Plants, recording: Recording) -> pa.Table:
    """Self-assessment every November, a third party's in December of some years; a few plants never assess.

    An item's level follows the plant's latent maturity (which grows with its programmes) and the item's own
    strength; self-assessments flatter.
    """
    rng = stream(seed, "assessments")
    november = np.array([t for t in range(months) if (first + t) % 12 == 10], dtype=np.int64)
    last = np.minimum(november + 1, months - 1)
    shape = (november.size, plants.count, len(ITEMS))
    strength = 0.30 * rng.standard_normal(shape[1:]) + 0.15
    never, external = rng.random(plants.count) < 0.05, rng.random(shape[:2]) < 0.25
    grown = (
        -plants.drift * (1 - np.exp(-november[:, None] / 30.0))
        if november.size
        else np.zeros((0, plants.count))
    )
    item = plants.base.maturity[:, None] + grown[..., None] + strength
    noise = rng.standard_normal((2, *shape))
    present = recording.running[november] & ~never
    own = _scores(item + 0.2 + 0.1 * noise[0], present)
    other = _scores(item + 0.1 * noise[1], present & external)
    parts = [
        _assessed(plants, _days(first, november, 20), own, "self", "质量部"),
        _assessed(plants, _days(first, last, 12), other, "third_party", "省质量评价中心（模拟）"),
    ]
    return pa.concat_tables(parts)


def _scores(item: Array, present: Flags) -> Whole:
    """Levels 1–5, 0 where nobody assessed."""
    level = np.clip(np.floor(item), 1, 5).astype(np.int64)
    return np.where(present[..., None], level, 0)


def _assessed(plants: Plants, days: np.ndarray, levels: Whole, source: str, assessor: str) -> pa.Table:
    year, n, item = np.nonzero(levels)
    rows = n.size
    return pa.table(
        {
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "item_id": text(ITEMS, item),
            "level": pa.array(levels[year, n, item]),
            "assessed_on": pa.array(days[year], pa.date32()),
            "source": pa.repeat(pa.scalar(source, pa.string()), rows),
            "assessor": pa.repeat(pa.scalar(assessor, pa.string()), rows),
            "evidence": pa.nulls(rows, pa.string()),
            "note": pa.nulls(rows, pa.string()),
        }
    )


def in_order_of_record(acts: Actions, recording: Recording) -> Whole:
    """Indices of the actions that are on record, in the order in which they are numbered."""
    kept = np.flatnonzero(recording.running[acts.start, acts.plant])
    return np.asarray(kept[np.lexsort((acts.plant[kept], acts.start[kept]))])


def actions_table(
    seed: int, first: int, months: int, plants: Plants, levers: Levers, acts: Actions, recording: Recording
) -> pa.Table:
    """Actions as their owners wrote them down, by start; those of stopped plants are not on record."""
    order = in_order_of_record(acts, recording)
    n, slot = acts.plant[order], acts.slot[order]
    none, at = slot == NO_LEVER, np.maximum(slot, 0)
    start, finish = acts.start[order], acts.finish[order]
    done, dropped = (finish < months) & ~acts.dropped[order], acts.dropped[order]
    before = levers.home[n, at] + np.where(start > 0, acts.moved[np.maximum(start - 1, 0), n, at], 0.0)
    centre, scale = levers.centre[n, at], levers.scale[n, at]
    spend = stream(seed, "action cost").uniform(0.0005, 0.004, acts.plant.size)[order] * plants.base.output[n]
    names = [
        p.name for s in SECTORS for p in (*s.parameters, *[s.parameters[0]] * (SLOTS - len(s.parameters)))
    ]
    ids = [
        p.parameter_id
        for s in SECTORS
        for p in (*s.parameters, *[s.parameters[0]] * (SLOTS - len(s.parameters)))
    ]
    spec = plants.sector[n] * SLOTS + at
    titles = [
        _NO_LEVER_TITLES[i % 4] if no else f"调整{names[s]}"
        for i, (no, s) in enumerate(zip(none, spec, strict=True))
    ]
    status = np.where(dropped, 2, np.where(done, 0, 1))
    return pa.table(
        {
            "action_id": pa.array([f"A{i + 1:05d}" for i in range(n.size)], pa.string()),
            "enterprise_id": text(enterprise_ids(plants.count), n),
            "title": pa.array(titles, pa.string()),
            "parameter_id": pa.array([ids[s] for s in spec], pa.string(), mask=none),
            "from_value": pa.array(np.round(centre + scale * before, 4), mask=none),
            "to_value": pa.array(np.round(centre + scale * (before + acts.step[order]), 4), mask=none),
            "started_on": pa.array(_days(first, start, 5), pa.date32()),
            "finished_on": pa.array(_days(first, finish, 1), pa.date32(), mask=~done),
            "cost": money(spend),
            "status": text(("done", "doing", "dropped"), status),
        }
    )
