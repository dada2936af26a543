"""The forecast of one who knows the hidden state today and the equations, but not tomorrow's draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.simulator.counterfactual import future_noise
from features.simulator.faults import WorldError
from features.simulator.history import imagine
from features.simulator.losses import internal_shares
from features.simulator.observed.measuring import PIECES, SUBGROUPS
from features.simulator.observed.shopfloor import LOT_SPREAD, LOTS, lot_size
from features.simulator.observed.statements import draw_costs, units_delivered
from features.simulator.state import Month
from features.simulator.streams import Array, stream
from features.simulator.targets import KEY, TARGETS, characteristics, true_targets

if TYPE_CHECKING:
    from features.simulator.plants import Plants
    from features.simulator.world import World

LEVELS = tuple(round(0.05 * i, 2) for i in range(1, 20))


def observed_targets(rng: np.random.Generator, plants: Plants, month: Month) -> dict[str, Array]:
    """Targets as the records of a month would show them, (R, N): counted, stated and measured."""
    p = month.nonconforming
    lots = np.exp(LOT_SPREAD / np.sqrt(LOTS) * rng.standard_normal(p.shape))
    size = np.maximum(np.rint(LOTS * lot_size(plants)), 1).astype(np.int64)[..., None]
    failed = rng.binomial(size, np.minimum(p * lots, 1.0)) / size
    units = units_delivered(plants, month.output)
    bad = rng.binomial(units, month.escape)
    costs = _costs(rng, plants, month)
    return {
        "ftq": (np.prod(1 - failed, axis=3) * plants.mix).sum(axis=2),
        "internal_loss": costs[..., :5].sum(axis=-1) / month.output,
        "external_loss": costs[..., 5:].sum(axis=-1) / month.output,
        "ppm": 1e6 * bad.sum(axis=2) / units.sum(axis=2),
        "cpk": _capability(rng, plants, month),
    }


def _costs(rng: np.random.Generator, plants: Plants, month: Month) -> Array:
    level = (month.stress * plants.has_process).sum(axis=2) / plants.processes
    shares = internal_shares(month.caught, month.downtime, level)
    internal = shares * (plants.base.internal * month.output)[..., None]
    return draw_costs(rng, plants, month.output, internal, month.external * month.output)


def _capability(rng: np.random.Generator, plants: Plants, month: Month) -> Array:
    """Lowest Cpk over the two key characteristics, from within-subgroup sigmas of one month's values."""
    mean, sigma, cpk = characteristics(plants, month.stress, month.process)
    free = SUBGROUPS * (PIECES - 1)
    counted = np.sqrt(rng.chisquare(free, sigma.shape) / free)
    moved = rng.standard_normal(mean.shape) / (3 * np.sqrt(SUBGROUPS * PIECES))
    return np.asarray(((cpk + moved) / counted)[..., :KEY].min(axis=-1))


def oracle(world: World, origin: int, horizon: int, futures: int) -> pd.DataFrame:
    """Rows enterprise_id, target, origin, period, horizon, mean, q05 … q95 for every plant and target.

    `mean` is the expectation of the true target (of the observed one for cpk, whose minimum over noisy
    characteristics lies below the true minimum); quantiles are of what the records will show.

    Args:
        world: asked about.
        origin: last month known, counted from the world's first.
        horizon: months ahead, 1 …
        futures: how many futures to average.
    """
    if not 0 <= origin < world.months:
        raise WorldError(f"origin must lie in the history {world.period(0)} … {world.last_period}")
    noise = future_noise(world, origin, horizon, futures)
    course, _ = imagine(world.engine, world.history.states[origin], noise, None)
    rng = stream(world.seed, "oracle", origin)
    frames = [_rows(world, origin, h + 1, month, rng) for h, month in enumerate(course.months)]
    return pd.concat(frames, ignore_index=True)


def _rows(world: World, origin: int, h: int, month: Month, rng: np.random.Generator) -> pd.DataFrame:
    expected, seen = true_targets(world.plants, month), observed_targets(rng, world.plants, month)
    expected["cpk"] = seen["cpk"]
    parts = []
    for target in TARGETS:
        quantiles = np.quantile(seen[target], LEVELS, axis=0)
        columns = {f"q{round(100 * level):02d}": quantiles[i] for i, level in enumerate(LEVELS)}
        parts.append(
            pd.DataFrame(
                {
                    "enterprise_id": world.enterprises,
                    "target": target,
                    "origin": world.period(origin),
                    "period": world.period(origin + h),
                    "horizon": h,
                    "mean": expected[target].mean(axis=0),
                    **columns,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
