"""The plants of a world: who they are, what they make, who supplies whom."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.simulator.faults import UnknownNameError
from features.simulator.maturity import Baseline, draw_baseline
from features.simulator.places import CITIES, CITY_WEIGHTS
from features.simulator.scenario import Scenario
from features.simulator.sectors import SECTORS
from features.simulator.streams import Array, Flags, Whole, stream

PRODUCTS, PROCESSES, CHARACTERISTICS = 3, 4, 3
_SECTOR_SHARE = np.array([0.28, 0.24, 0.16, 0.16, 0.16])
# Who may buy from whom: sector of the supplier (row) to sector of the customer (column), SECTORS' order.
_BUYS = np.array([[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]])


@dataclass(frozen=True)
class Plants:
    """Static facts; N plants, J processes, K products, C characteristics (padded, see the masks)."""

    base: Baseline
    sector: Whole  # (N,) index into SECTORS
    city: Whole  # (N,) index into CITIES
    processes: Whole  # (N,) how many
    products: Whole  # (N,)
    has_process: Flags  # (N, J)
    mix: Array  # (N, K) share of units
    difficulty: Array  # (N, K) log-odds of a product against the plant's mean
    log_odds: Array  # (N, J) baseline log-odds of nonconformity
    log_miss: Array  # (N,) baseline log share of failing units that pass the final checks
    volatility: Array  # (N,) immature plants swing more
    hidden_harm: Array  # (N, J) effect of the hidden common cause
    shock_share: Array  # (N, 2) exposure to the sector's and the province's shocks
    season: Array  # (N, 2) amplitude and phase of the line's own yearly cycle
    drift: Array  # (N,) log-odds gained in the long run by programmes (negative = better)
    supply: Array  # (N, N) share of the supplier (column) in the customer's (row) material
    char_process: Whole  # (N, C)
    char_cpk: Array  # (N, C)
    char_wander: Array  # (N, C) how far the mean wanders with the process state, in sigmas
    char_offset: Array  # (N, C) constant offset of the mean, share of the distance to the limit

    @property
    def count(self) -> int:
        """Number of plants N."""
        return int(self.sector.size)


def _spread(total: Array, share: Array) -> Array:
    """Log-odds per process such that together they fail `total` of the units."""
    each = 1.0 - (1.0 - total[:, None]) ** share
    each = np.clip(each, 1e-7, 0.9)
    return np.asarray(np.log(each) - np.log1p(-each))


def _chain(seed: int, sector: Whole, scenario: Scenario) -> Array:
    """Supplier shares. A plant buys only from plants of a lower number: no circles."""
    rng = stream(seed, "supply")
    n = sector.size
    score = rng.random((n, n)) * np.tril(np.ones((n, n)), -1) * _BUYS.T[sector[:, None], sector[None, :]]
    wanted = rng.integers(0, 4, n)
    rank = np.argsort(np.argsort(-score, axis=1), axis=1)
    chosen = (rank < wanted[:, None]) & (score > 0)
    weight = np.where(chosen, rng.uniform(0.2, 1.0, (n, n)), 0.0)
    sums = weight.sum(axis=1, keepdims=True)
    return np.asarray(0.9 * weight / np.where(sums > 0, sums, 1.0)) * (scenario.supply > 0)


def _sector_share(sectors: Sequence[str]) -> Array:
    known = [s.sector_id for s in SECTORS]
    unknown = sorted(set(sectors) - set(known))
    if unknown:
        raise UnknownNameError("sector", ", ".join(unknown), ", ".join(known))
    share = _SECTOR_SHARE * np.array([not sectors or name in sectors for name in known])
    return np.asarray(share / share.sum())


def draw_plants(seed: int, count: int, scenario: Scenario, sectors: Sequence[str] = ()) -> Plants:
    """Draw the plants of a world (seed decides; the scenario only scales)."""
    base = draw_baseline(seed, count)
    rng = stream(seed, "plants")
    sector = rng.choice(len(SECTORS), count, p=_sector_share(sectors))
    city = rng.choice(len(CITIES), count, p=CITY_WEIGHTS / CITY_WEIGHTS.sum())
    processes = rng.choice([2, 3, 4], count, p=[0.2, 0.5, 0.3])
    products = rng.choice([1, 2, 3], count, p=[0.4, 0.35, 0.25])
    has_process = np.arange(PROCESSES) < processes[:, None]
    share = rng.dirichlet(np.full(PROCESSES, 20.0), count) * has_process
    mix = rng.dirichlet(np.full(PRODUCTS, 4.0), count) * (np.arange(PRODUCTS) < products[:, None])
    mix /= mix.sum(axis=1, keepdims=True)
    difficulty = 0.25 * rng.standard_normal((count, PRODUCTS))
    difficulty -= (difficulty * mix).sum(axis=1, keepdims=True)
    immature = np.clip((3.6 - base.maturity) / 2.0, 0.0, 1.0)
    wander = immature[:, None] * np.where(rng.random((count, CHARACTERISTICS)) < 0.5, 0.6, 0.12)
    return Plants(
        base=base,
        sector=sector,
        city=city,
        processes=processes,
        products=products,
        has_process=has_process,
        mix=mix,
        difficulty=difficulty,
        log_odds=_spread(base.failing, share / share.sum(axis=1, keepdims=True)),
        log_miss=np.log(base.escape / base.failing),
        volatility=np.clip(1.25 - 0.1 * base.maturity, 0.7, 1.2),
        hidden_harm=0.22 * np.exp(0.3 * rng.standard_normal((count, PROCESSES))),
        shock_share=np.exp(0.3 * rng.standard_normal((count, 2)))
        * np.array([0.11, 0.08])
        * scenario.common_shocks,
        season=np.stack([0.08 * rng.random(count) * scenario.seasonality, 12 * rng.random(count)], axis=1),
        drift=-np.where(rng.random(count) < 0.35, rng.uniform(0.1, 0.7, count), 0.0),
        supply=_chain(seed, sector, scenario),
        char_process=np.minimum(rng.integers(0, PROCESSES, (count, CHARACTERISTICS)), processes[:, None] - 1),
        char_cpk=base.cpk[:, None] * (1.0 + rng.exponential(0.08, (count, CHARACTERISTICS))),
        char_wander=wander,
        char_offset=rng.uniform(0.0, 0.15, (count, CHARACTERISTICS)),
    )
