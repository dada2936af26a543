"""What a what-if costs: what publication keeps for many enterprises, and how long an answer takes.

    python tests/benchmarks/bench_what_if.py [--enterprises 200] [--months 60] [--copies 50]

A province is simulated, a model fitted, and its part of a publication kept. Then every plant is written
`copies` times over under other ids, so that a file of a large province is opened and asked: paths and effects
are real, only the ids are new. `cold` is the first question about a plant, `warm` a later one. On a busy
machine look at the processor's time.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from features.model_table import build_model_table
from features.settings import Settings
from features.simulator.world import World
from features.tables import FrameTables
from models.learning.fit import fit
from models.learning.rolling import Settings as Effort
from models.outlook import Publication
from models.what_if.answering import levers_of, what_if
from models.what_if.files import write_plants
from models.what_if.keeping import FOLDER, PLANTS, keep_what_if
from models.what_if.kept import Kept
from models.what_if.rows import Move


def timed(name, work, seconds):
    start, busy = time.perf_counter(), time.process_time()
    found = work()
    seconds[name] = time.perf_counter() - start, time.process_time() - busy
    return found


def published(folder, enterprises, months, seconds):
    """A publication with its paths drawn and effects fitted, which others need as well."""
    tables = FrameTables(World(3, enterprises=enterprises, months=months).tables())
    table = timed("model table", lambda: build_model_table(tables), seconds)
    model = timed("fit", lambda: fit(table, Effort(refits=1, threads=2)).model, seconds)
    made = Publication(folder, Settings(home=folder), tables, model, table, None)
    timed("paths and states (attain draws them anyway)", lambda: made.begun, seconds)
    timed("effects (recommendations fit them anyway)", lambda: made.fitted, seconds)
    return made


def copied(folder, large, copies, seconds):
    """Write every plant so many times over, in another folder: what is mapped is never written to."""
    kept = Kept(folder)
    shutil.copytree(folder / FOLDER, large / FOLDER)
    (large / FOLDER / PLANTS).unlink()
    names = list(kept.names)
    texts = {name: kept.plant(name) for name in names}
    rows = [
        (f"{name}-{k:03d}", kept.text(name), texts[name].numbers) for k in range(copies) for name in names
    ]
    timed(f"write {len(rows)} plants", lambda: write_plants(large / FOLDER / PLANTS, rows), seconds)
    return len(rows)


def asked(plant, share):
    """Every believed lever, that far towards the end of its range."""
    levers = [one for one in levers_of(plant) if one.confidence != "none"]
    return [Move(parameter_id=one.parameter_id, to=one.now + share * (one.high - one.now)) for one in levers]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enterprises", type=int, default=200)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--copies", type=int, default=50)
    given = parser.parse_args()
    seconds = {}
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        made = published(folder, given.enterprises, given.months, seconds)
        timed("keep", lambda: keep_what_if(made), seconds)
        size = sum(file.stat().st_size for file in (folder / FOLDER).iterdir())
        plants = copied(folder, folder / "large", given.copies, seconds)
        large = (folder / "large" / FOLDER / PLANTS).stat().st_size
        kept = timed(f"open {plants}", lambda: Kept(folder / "large"), seconds)
        timed("error paths", lambda: kept.errors, seconds)
        for name, (took, busy) in seconds.items():
            print(f"{name:48} {took:8.2f} s, {busy:.2f} s of a processor")
        print(f"{'files of ' + str(given.enterprises):48} {size / 1e6:8.1f} MB")
        print(f"{'plants.arrow of ' + str(plants):48} {large / 1e6:8.1f} MB")
        report(kept)


def report(kept):
    rng = np.random.default_rng(0)
    cold, warm, moved = [], [], []
    for name in rng.choice(list(kept.names), 60, replace=False):
        start = time.perf_counter(), time.process_time()
        plant = kept.plant(str(name))
        moves = asked(plant, 1.0)
        what_if(plant, moves)
        cold.append((time.perf_counter() - start[0], time.process_time() - start[1]))
        again = asked(plant, 0.6)
        start = time.perf_counter(), time.process_time()
        what_if(plant, again)
        warm.append((time.perf_counter() - start[0], time.process_time() - start[1]))
        moved.append(len(moves))
    for name, took in (("cold", cold), ("warm", warm)):
        for clock, times in zip(("wall", "processor"), np.transpose(took), strict=True):
            middle, most = (1e3 * float(np.quantile(times, q)) for q in (0.5, 0.95))
            print(f"answer, {name}, {clock}: median {middle:.0f} ms, 95 % within {most:.0f} ms")
    print(f"{np.mean(moved):.1f} moves each")


if __name__ == "__main__":
    main()
