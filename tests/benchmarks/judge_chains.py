"""Is what a supplier's bad month does downstream estimated rightly? Judged on simulated provinces.

    python tests/benchmarks/judge_chains.py [FIRST_SEED] [PROVINCES]

Each province (60 plants, 48 months) is simulated, imported and read like any other. The truth comes from
living its history again with every supplier's trouble halved and nothing else changed: the mean change of
the customers' log outcome per unit of incoming log rate. Reported per outcome: truth, mean and scatter of
the estimates, their stated standard error, how often the 90 % interval holds the truth, and how often it is
shown. Also with suppliers' influence switched off (`supply=0` leaves no links, so the links of the same
seed are put over the plants): how often something is shown that is not there.
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
from models.chains.carrying import OUTCOMES

PLANTS, MONTHS, SETTLED = 60, 48, 12


def records(world, linked_like=None):
    """Return months and links of a world's records; links those of another world where one is given."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), threads=1)
        write_tables(world, Path(folder) / "province")
        with Store.open(settings) as store:
            store.import_paths([Path(folder) / "province"])
            months = months_of(build_model_table(store).frame)
            return months, linked_like or read_links(store, months.ids)


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


def main():
    """Print a table."""
    first, count = (int(sys.argv[i]) if len(sys.argv) > i else usual for i, usual in ((1, 101), (2, 12)))
    true, found, false = [], [], []
    for seed in range(first, first + count):
        world = World(seed, PLANTS, MONTHS)
        months, links = records(world)
        true.append(truth(world))
        found.append(carried(months, links))
        quiet, _ = records(World(seed, PLANTS, MONTHS, scenario=Scenario(supply=0.0)), links)
        false.append(carried(quiet, links))
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


if __name__ == "__main__":
    main()
