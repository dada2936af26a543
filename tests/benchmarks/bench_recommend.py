"""All recommendations of 400 simulated plants over 84 months with about 13 parameters each, from the store.

    python tests/benchmarks/bench_recommend.py [--enterprises 400] [--months 84]

Prints wall and CPU seconds of the model table, of the recommendations, and their ratio, and the peak memory
of the process. What `zhuoyue recommend` does, without printing its rows.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from features.model_table import build_model_table
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from models.effects import readings_per_period
from models.recommend import recommend
from models.recommend.records import records_of
from models.recommend.standing import standing


def timed(work):
    """Return (wall seconds, CPU seconds, answer)."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - wall, time.process_time() - cpu, answer


def advised(store, table):
    """Everything that the command says, but the months ahead of a promoted model."""
    records = records_of(store, None, standing(store, None, None, None, table))
    return recommend(table, None, 3, readings_per_period(store), records=records)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enterprises", type=int, default=400)
    parser.add_argument("--months", type=int, default=84)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "records"
        write_tables(World(seed=1, enterprises=asked.enterprises, months=asked.months), records)
        with Store.open(Settings(home=Path(folder) / "home", threads=2)) as store:
            store.import_paths([records])
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            wall, cpu, table = timed(lambda: build_model_table(store))
            print(f"model table      {wall:6.1f} s wall {cpu:6.1f} s CPU")
            advice = timed(lambda: advised(store, table))
    seconds, cpu, rows = advice
    ratio = f"{seconds / wall:.1f} × the table"
    print(f"recommendations  {seconds:6.1f} s wall {cpu:6.1f} s CPU, {len(rows)} rows, {ratio}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak             {peak:6.2f} GiB (after the import {before:.2f})")


if __name__ == "__main__":
    main()
