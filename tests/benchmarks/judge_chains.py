"""Is what a supplier's bad month does downstream estimated rightly? Judged on simulated provinces.

    python tests/benchmarks/judge_chains.py [FIRST_SEED] [PROVINCES]

Each province (60 plants, 48 months) is simulated, imported and read like any other. The truth comes from
living its history again with every supplier's trouble halved and nothing else changed: the mean change of
the customers' log outcome per unit of incoming log rate. Reported per outcome: truth, mean and scatter of
the estimates, their stated standard error, how often the 90 % interval holds the truth, and how often it is
shown. Then what carrying the slope of the first 36 months saves of the squared error of a plain forecast of
the customers' next month (an exponentially weighted mean of log(−log yield), weight 0.3). `shown where
nothing arrives`: suppliers' influence is switched off (which leaves no links) and the links of the same
seed are put over the plants.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from features.model_table import build_model_table
from features.settings import Settings
from features.simulator import Scenario, World, write_tables
from features.simulator.history import Course, replay
from features.store import Store
from models.chains import carried, months_of, read_links
from models.chains.carrying import OUTCOMES, incoming

PLANTS, MONTHS, SETTLED = 60, 48, 12
LEARNING, WEIGHT = 36, 0.3


def records(world):
    """Return the model table's frame and the links of a world's records."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), threads=1)
        write_tables(world, Path(folder) / "province")
        with Store.open(settings) as store:
            store.import_paths([Path(folder) / "province"])
            frame = build_model_table(store).frame
            frame = frame[frame["frequency"] == "month"]
            return frame, read_links(store, months_of(frame).ids)


def outcomes(course, plants):
    """Return the log outcomes of every month (months × plants)."""
    found = {name: [] for name in OUTCOMES}
    for month in course.months:
        failing = 1 - np.prod(1 - month.nonconforming, axis=3)
        good = ((1 - failing) * plants.mix).sum(axis=2)[0]
        found["ftq"].append(np.log(-np.log(good)))
        found["internal_loss"].append(np.log(month.internal[0]))
        found["ppm"].append(np.log((month.escape * plants.mix).sum(axis=2)[0]))
    return {name: np.array(rows) for name, rows in found.items()}


def truth(world):
    """Return the mean change of each log outcome per unit of incoming log rate."""
    engine, plants = world.engine, world.engine.plants
    lived, _ = replay(engine, world.history, 0, MONTHS - 1, None)
    escaped = outcomes(lived, plants)["ppm"] - np.log(plants.base.escape)
    halved = np.clip(escaped - np.log(2), -1.0, 1.5)
    sent = [lived.supply[0], *(np.asarray(row[None] @ plants.supply.T) for row in halved[:-1])]
    other, _ = replay(engine, world.history, 0, MONTHS - 1, None, Course(0, lived.months, tuple(sent)))
    shares = plants.supply.sum(axis=1)
    buys = shares > 0
    now, then = outcomes(lived, plants), outcomes(other, plants)
    return {
        name: float(((then[name] - now[name])[SETTLED:, buys] / (-np.log(2) * shares[buys])).mean())
        for name in OUTCOMES
    }


def saved(frame, links):
    """Return the share of squared error that carrying saves after the learning months; NaN: none shown."""
    early = months_of(frame[frame["t"] < frame["t"].min() + LEARNING])
    carry = carried(early, links.among(early.ids))["ftq"]
    if not carry.shown:
        return np.nan
    months = months_of(frame)
    arrives, outcome = incoming(months, links), months.outcomes["ftq"]
    plain, with_it = [], []
    for who in np.flatnonzero(np.asarray(links.weights.sum(axis=1)).ravel() > 0):
        mean = np.nan
        for t in range(len(outcome) - 1):
            if np.isfinite(outcome[t, who]):
                known = np.isfinite(mean)
                mean = (1 - WEIGHT) * mean + WEIGHT * outcome[t, who] if known else outcome[t, who]
            error = outcome[t + 1, who] - mean
            if t >= LEARNING and np.isfinite(error):
                more = arrives[t, who] - arrives[t - 11 : t + 1, who].mean()
                plain.append(error)
                with_it.append(error - carry.slope * more)
    return 1 - np.mean(np.square(with_it)) / np.mean(np.square(plain))


def main():
    """Print a table."""
    first, count = (int(sys.argv[i]) if len(sys.argv) > i else usual for i, usual in ((1, 101), (2, 12)))
    true, found, false, gains = [], [], [], []
    for seed in range(first, first + count):
        world = World(seed, PLANTS, MONTHS)
        frame, links = records(world)
        true.append(truth(world))
        found.append(carried(months_of(frame), links))
        gains.append(saved(frame, links))
        quiet, _ = records(World(seed, PLANTS, MONTHS, scenario=Scenario(supply=0.0)))
        false.append(carried(months := months_of(quiet), links.among(months.ids)))
        print(f"province {seed}: done", file=sys.stderr)
    print(f"{count} provinces from seed {first}, {PLANTS} plants, {MONTHS} months")
    print("outcome         truth  mean  scatter  stated  holds  shown  shown where nothing arrives")
    for name in OUTCOMES:
        slopes = np.array([one[name].slope for one in found])
        stated = np.array([(one[name].high - one[name].low) / 2 / 1.68 for one in found])
        holds = [one[name].low <= t[name] <= one[name].high for one, t in zip(found, true, strict=True)]
        shown, wrong = (np.mean([one[name].shown for one in group]) for group in (found, false))
        mean = np.mean([t[name] for t in true])
        print(
            f"{name:14s} {mean:6.3f} {slopes.mean():5.3f} {slopes.std(ddof=1):8.3f} {stated.mean():7.3f} "
            f"{np.mean(holds):6.0%} {shown:6.0%} {wrong:6.0%}"
        )
    known = np.array([gain for gain in gains if np.isfinite(gain)])
    print(
        f"carried into next month's forecast: squared error saved {known.mean():.1%} "
        f"(± {known.std(ddof=1) / np.sqrt(len(known)):.1%}), better in {np.sum(known > 0)} of {len(known)}"
    )


if __name__ == "__main__":
    main()
