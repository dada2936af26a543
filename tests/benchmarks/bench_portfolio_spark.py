"""What a million enterprises take on Spark: joint paths by `mapInArrow` at a few sizes, scaling measured.

    python tests/benchmarks/bench_portfolio_spark.py [--sizes 2000 8000 32000] [--cores 1 2] [--paths 200]

The plants are those of `bench_portfolio`, as publication keeps them for what-ifs (one row a plant), repeated
with jittered points into Parquet files of 1000. Spark (`local[n]`) maps `models.portfolio.batches` over them
and writes first months and chances as Parquet; every size runs once before it is measured on a session that
stands. `worker`: processor seconds inside the Python function; `JVM`: those of Spark itself meanwhile. The
yardstick is the smallest size: a ratio of 1.00 is linear. Never fails on time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.portfolio.bases import BASES
from models.portfolio.batches import Common, batches_ahead
from models.what_if.files import ID, write_plants
from models.what_if.known import Errors, SharedPaths, numbers_of, path_numbers
from tests.benchmarks.bench_portfolio import SEED, trained

EACH = 1000
"""Plants a file, and a task."""
FIELDS = ", ".join(f"{b}__first binary, {b}__reach array<float>, {b}__fall array<float>" for b in BASES)
SCHEMA = f"{ID} string, {FIELDS}, seconds double, gib double"


def main() -> None:
    """Print a line for every size and number of cores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 8000, 32_000])
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--paths", type=int, default=200)
    parser.add_argument("--months", type=int, default=36)
    asked = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as place:
        base, common = _base(Path(place), asked.paths, asked.months)
        for size in asked.sizes:
            _write(base, size, Path(place) / f"in-{size}")
        print(
            "cores     plants    wall      worker  ms each  ratio     JVM   worker's peak   in, out",
            flush=True,
        )
        for cores in asked.cores:
            _run(Path(place), common, cores, asked.sizes)


def _base(place: Path, paths: int, months: int) -> tuple[pa.RecordBatch, Common]:
    """The plants of a province as they are kept, and what they have in common."""
    begun, learned = trained(paths, months)
    whole = path_numbers(begun)
    rows = []
    for row, name in enumerate(begun.sample.enterprise_ids):
        facts = {"origin": int(begun.sample.origin[row]), "state": asdict(begun.states[row])}
        rows.append((name, json.dumps(facts), numbers_of(begun, whole, row)))
    write_plants(place / "plants.arrow", rows)
    table = pa.ipc.open_file(place / "plants.arrow").read_all().combine_chunks()
    errors = {
        target: Errors(drawn.outlook.model.link, *drawn.errors)
        for target, drawn in begun.sample.drawn.items()
    }
    shared = SharedPaths(errors, begun.sample.shock, begun.sample.seed, months)
    return table.to_batches()[0], Common(shared, learned.to_dict())


def _write(base: pa.RecordBatch, size: int, folder: Path) -> None:
    """So many plants, each one of the base's under an id of its own; Spark takes dots in names for paths."""
    folder.mkdir()
    rng = np.random.default_rng(SEED)
    for begin in range(0, size, EACH):
        rows = np.arange(begin, min(begin + EACH, size))
        some = base.take(pa.array(rows % base.num_rows))
        columns = dict(zip(some.schema.names, some.columns, strict=True))
        columns[ID] = pa.array([f"E{row:07d}" for row in rows])
        for name in [name for name in columns if name.endswith(".point")]:
            columns[name] = _jittered(columns[name], columns[name.replace(".point", ".scale")], rng)
        plain = {name.replace(".", "__"): values for name, values in columns.items()}
        pq.write_table(pa.table(plain), folder / f"{begin:08d}.parquet")


def _jittered(point: pa.ListArray, scale: pa.ListArray, rng: np.random.Generator) -> pa.ListArray:
    points, scales = (np.stack([own.values.to_numpy() for own in column]) for column in (point, scale))
    moved = points + 0.2 * scales * rng.normal(size=(len(points), 1))
    return pa.array(list(moved), pa.list_(pa.float64()))


def _run(place: Path, common: Common, cores: int, sizes: list[int]) -> None:
    session, first = _session(cores), None
    try:
        told = session.sparkContext.broadcast(common)
        _mapped(session, told, place / f"in-{sizes[0]}", place / f"warm-{cores}")
        for size in sizes:
            clock, jvm = time.perf_counter(), _jvm_seconds(session)
            out = place / f"out-{cores}-{size}"
            _mapped(session, told, place / f"in-{size}", out)
            wall, busy = time.perf_counter() - clock, _jvm_seconds(session) - jvm
            found = pq.read_table(out, columns=["seconds", "gib"])
            work, peak = sum(found["seconds"].to_pylist()), max(found["gib"].to_pylist())
            first = first or work / size
            read, wrote = (_megabytes(folder) for folder in (place / f"in-{size}", out))
            print(
                f"{cores:5} {size:10,} {wall:7.1f} s {work:8.1f} s {1e3 * work / size:8.2f}"
                f" {work / size / first:6.2f} {busy:7.1f} s {peak:11.2f} GiB {read:6.0f}, {wrote:.0f} MB",
                flush=True,
            )
    finally:
        session.stop()


def _mapped(session, told, source: Path, out: Path) -> None:
    def levels(batches):
        for batch in batches:
            began = time.process_time()
            names = [name.replace("__", ".") for name in batch.schema.names]
            plants = pa.RecordBatch.from_arrays(batch.columns, names)
            for found in batches_ahead([plants], told.value):
                seconds = np.zeros(found.num_rows)
                seconds[0] = time.process_time() - began
                peak = np.full(found.num_rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
                columns = [*found.columns, pa.array(seconds), pa.array(peak)]
                plain = [name.replace(".", "__") for name in found.schema.names]
                yield pa.record_batch(columns, names=[*plain, "seconds", "gib"])

    session.read.parquet(str(source)).mapInArrow(levels, SCHEMA).write.parquet(str(out))


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.glob("*.parquet")) / 1e6


def _session(cores: int):
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": EACH,
        "spark.sql.files.maxPartitionBytes": "8m",
        "spark.sql.files.openCostInBytes": "8m",
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("bench")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _jvm_seconds(session) -> float:
    """Processor seconds of Spark's own process so far."""
    numbers = (
        Path(f"/proc/{session.sparkContext._gateway.proc.pid}/stat").read_text().rpartition(")")[2].split()
    )
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
