"""Imports measurements from Parquet and compares with DuckDB's own bare `CREATE TABLE AS`, as ratios.

`python tests/benchmarks/bench_import.py [--rows 10000000] [--threads 2] [--memory 1GB]`

Each import runs in a process of its own, so that the peak memory is its own. The bare statement runs again
right before each import: on a machine that others use too, the ratio of processor times is the steadier one.
Nothing is asserted. The house asks for at most 3 and for less than 2 GiB; the table says where that holds.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from features.settings import Settings
from features.store import Store

CASES = (
    "first import",
    "again, same file",
    "again, re-encoded",
    "again, other order",
    "half known, half new",
)


def main():
    options = parse()
    if options.case:
        run_case(options)
        return
    with tempfile.TemporaryDirectory(prefix="bench-import-") as name:
        folder = Path(name)
        write_sources(folder, options)
        print(f"{options.rows:,} measurements, {options.threads} threads, DuckDB limit {options.memory}")
        print(f"{'':22s} ratio  CPU ratio   import   CREATE TABLE AS   peak")
        for case in CASES:
            bases = [create_table(folder / "plain/measurements.parquet", options) for _ in range(2)]
            base, base_cpu = (min(column) for column in zip(*bases, strict=True))
            seconds, cpu, peak, report = measure(case, folder, options)
            print(
                f"{case:22s} {seconds / base:5.2f}  {cpu / base_cpu:9.2f} {seconds:6.2f} s  {base:14.2f} s  "
                f"{peak:5.2f} GiB   {report}",
                flush=True,
            )


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def write_sources(folder, options):
    """Measurements of 40 plants with 3 characteristics each, five pieces a subgroup, and their parents."""
    for name in ("parents", "plain", "packed", "shuffled", "half"):
        (folder / name).mkdir()
    rows = """SELECT printf('E%03d', i % 40) AS enterprise_id,
        printf('c%d', (i // 40) % 3) AS characteristic_id,
        TIMESTAMP '2020-01-01' + to_minutes(i // 600) AS measured_at,
        10 + (hash(i) % 1000000) / 1e5 AS value,
        printf('S%d', i // 600) AS subgroup_id,
        (i // 120) % 5 + 1 AS piece,
        printf('L%d', i // 6000) AS lot_id"""
    full, half = f"{rows} FROM range({options.rows}) t(i)", options.rows // 2
    moved = f"{rows} FROM range({half}, {half + options.rows}) t(i)"
    with duckdb.connect(config={"threads": options.threads, "memory_limit": "4GB"}) as connection:
        connection.execute(f"COPY ({full}) TO '{folder}/plain/measurements.parquet' (FORMAT parquet)")
        plain = f"SELECT * FROM '{folder}/plain/measurements.parquet'"
        for query, place, how in (
            (plain, "packed", "COMPRESSION zstd"),
            (f"{plain} ORDER BY hash(measured_at, piece, enterprise_id)", "shuffled", "COMPRESSION snappy"),
            (moved, "half", "COMPRESSION snappy"),
        ):
            target = f"'{folder}/{place}/measurements.parquet'"
            connection.execute(f"COPY ({query}) TO {target} (FORMAT parquet, {how})")
        plants = "(SELECT printf('E%03d', i) AS enterprise_id FROM range(40) t(i))"
        connection.execute(f"COPY {plants} TO '{folder}/parents/enterprises.csv' (HEADER)")
        connection.execute(
            f"COPY (SELECT enterprise_id, printf('c%d', j) AS characteristic_id, 5.0 AS lsl "
            f"FROM {plants}, range(3) u(j)) TO '{folder}/parents/characteristics.csv' (HEADER)"
        )


def create_table(path, options):
    code = (
        "import duckdb, sys, time\n"
        f"c = duckdb.connect(config={{'threads': {options.threads}}})\n"
        "c.execute('SET enable_progress_bar = false')\n"
        "t, p = time.perf_counter(), time.process_time()\n"
        "c.execute(f\"CREATE TABLE t AS SELECT * FROM '{sys.argv[1]}'\")\n"
        "print(time.perf_counter() - t, time.process_time() - p)"
    )
    run = subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True)
    return [float(number) for number in run.stdout.split()]


def measure(case, folder, options):
    command = [sys.executable, __file__, "--case", case, "--folder", folder]
    command += ["--threads", str(options.threads), "--memory", options.memory]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    *numbers, report = run.stdout.strip().split("\t")
    return (*(float(number) for number in numbers), report)


def run_case(options):
    folder = options.folder
    places = dict(zip(CASES, ("plain", "plain", "packed", "shuffled", "half"), strict=True))
    settings = Settings(home=folder / "home", threads=options.threads, memory_limit=options.memory)
    with Store.open(settings) as store:
        if options.case == CASES[0]:
            store.import_paths([folder / "parents"])
        start, cpu = time.perf_counter(), time.process_time()
        report = store.import_paths([folder / places[options.case]])
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    row = report.tables[0]
    status = Path(
        "/proc/self/status"
    ).read_text()  # ru_maxrss would also count the process that started this one
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 2**20
    print(seconds, cpu, peak, f"new {row.new:,}, same {row.same:,}", sep="\t")


if __name__ == "__main__":
    main()
