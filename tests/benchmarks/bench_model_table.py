"""Building the model table of 400 simulated plants over 84 months from the store, against a bare DuckDB scan.

    python tests/benchmarks/bench_model_table.py [--enterprises 400] [--months 84]

Prints seconds and the ratio to reading the same columns of the same tables with nothing but DuckDB.
"""

import argparse
import tempfile
import time
from pathlib import Path

from features.model_table import build_model_table
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store

RAW = {
    "inspections": "enterprise_id, product_id, process_id, inspected_at, submitted, passed, submission",
    "measurements": "enterprise_id, characteristic_id, measured_at, value, subgroup_id, piece",
    "process_data": "enterprise_id, parameter_id, observed_at, value, lot_id",
    "deliveries": "enterprise_id, product_id, period, units, nonconforming",
    "quality_costs": "enterprise_id, period, category, amount",
    "output_values": "enterprise_id, period, amount",
}
REPEATS = 3


def best(work):
    """Return the shortest wall time of a few runs, the CPU seconds of that run, and the last answer.

    On a busy machine the CPU seconds of all threads together are the steadier number.
    """
    times = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = work()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return *min(times), answer


def scan(store):
    """Read every value of the raw columns, hashed so that no engine can skip one; return the rows."""
    rows = 0
    for name, columns in RAW.items():
        hashed = "count(*), " + ", ".join(f"bit_xor(hash({column}))" for column in columns.split(", "))
        rows += store.table(name).to_native().aggregate(hashed).fetchone()[0]
    return rows


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
            bare, bare_cpu, rows = best(lambda: scan(store))
            built, built_cpu, table = best(lambda: build_model_table(store))
    print(f"{asked.enterprises} enterprises x {asked.months} months: {rows:,} raw rows")
    print(f"bare scan    {bare:7.2f} s  {bare_cpu:6.2f} s of CPU")
    print(f"model table  {built:7.2f} s  {built_cpu:6.2f} s of CPU")
    print(f"             {len(table.frame):,} rows x {len(table.features)} features")
    print(f"ratio        {built / bare:7.1f}    {built_cpu / bare_cpu:6.1f} of CPU")


if __name__ == "__main__":
    main()
