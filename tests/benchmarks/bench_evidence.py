"""Evidence of 1 000 enterprises × 12 months from the store, as a ratio to a bare `GROUP BY` of its files.

`python tests/benchmarks/bench_evidence.py [--rows 12000000] [--enterprises 1000] [--threads 2] [--memory 1GB]
[--folder DIR]`

Three stores are filled through the real importer: inspections with all monthly statements (`plain`), the
same after a tenth of one month was replaced (`replaced`), and the same with measurements, five
characteristics of 250 values an enterprise (`measured`). `--folder` keeps them for the next run; else they
are deleted. Each case runs in a process of its own, so that the peak memory is its own; the bare statement
runs again right before.
Nothing is asserted. The house asks for 5 seconds and 2 GiB.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES, ITEMS
from features.settings import Settings
from features.store import Store

VARIANTS = ("plain", "replaced", "measured")
PRODUCTS, PROCESSES = 2, 5


def main():
    options = parse()
    if options.case:
        run_case(options)
        return
    if options.folder is None:
        with tempfile.TemporaryDirectory(prefix="bench-evidence-") as name:
            measure_all(Path(name), options)
    else:
        options.folder.mkdir(parents=True, exist_ok=True)
        measure_all(options.folder, options)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=12_000_000, help="inspections")
    parser.add_argument("--enterprises", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--folder", type=Path, help="keep the stores here for the next run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=VARIANTS, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure_all(folder, options):
    print(
        f"{options.rows:,} inspections of {options.enterprises:,} enterprises, {options.threads} threads, ",
        end="",
    )
    print(f"DuckDB limit {options.memory}; the least of {options.rounds} runs each")
    print(f"{'':10s} ratio  evidence  of it CPU   bare GROUP BY  of it CPU    peak   whole zhuoyue grade")
    for variant in VARIANTS:
        home = folder / f"{variant}-{options.enterprises}-{options.rows}"
        build(variant, home, folder, options)
        runs = [(*bare(home, options), *evidence(variant, home, options)) for _ in range(options.rounds)]
        base, base_cpu, seconds, cpu, peak = (min(column) for column in zip(*runs, strict=True))
        whole = min(command(home, options) for _ in range(options.rounds))
        print(
            f"{variant:10s} {seconds / base:5.1f}  {seconds:6.2f} s  {cpu:7.2f} s   {base:11.2f} s  "
            f"{base_cpu:7.2f} s  {peak:4.2f} GiB  {whole:16.2f} s",
            flush=True,
        )


def build(variant, home, folder, options):
    """Fill the store of a variant unless it stands; the later ones start from the first one's files."""
    if (home / "complete").exists():
        return
    shutil.rmtree(home, ignore_errors=True)
    start = time.perf_counter()
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    if variant == "plain":
        write_records(sources, options)
    else:
        plain = folder / f"plain-{options.enterprises}-{options.rows}"
        shutil.copytree(plain, home, copy_function=hard_link_or_copy)
        write_more(variant, sources, options)
    settings = Settings(home=home, threads=options.threads, memory_limit=options.memory)
    with Store.open(settings) as store:
        store.import_paths([sources], on_conflict="replace", progress=say)
    shutil.rmtree(sources)
    (home / "complete").touch()
    print(f"\rbuilt {variant} in {time.perf_counter() - start:.0f} s{'':40s}", file=sys.stderr)


def hard_link_or_copy(source, target):
    """Record files never change, so they may be shared; the state database is copied."""
    (os.link if source.endswith(".parquet") else shutil.copy2)(source, target)


def say(done, total, description):
    print(f"\r{done}/{total} {description}{'':30s}", end="", file=sys.stderr, flush=True)


def write_records(folder, options):
    """Inspections in the order of time, every twentieth a re-submission, and a year of every statement."""
    per = options.rows // options.enterprises
    plants = f"(SELECT printf('E%04d', e) AS enterprise_id, e FROM range({options.enterprises}) t(e))"
    months = "(SELECT printf('2025-%02d', m) AS period, m FROM range(1, 13) t(m))"
    products = f"(SELECT printf('P%d', p) AS product_id, p FROM range({PRODUCTS}) t(p))"
    route = f"(SELECT printf('%d', 10 * s) AS process_id, s FROM range(1, {PROCESSES} + 1) t(s))"
    lot = f"i // {PRODUCTS * PROCESSES}"
    categories = ", ".join(f"'{name}'" for name in (*INTERNAL_LOSSES, *EXTERNAL_LOSSES))
    items = ", ".join(f"'{name}'" for name in ITEMS)
    queries = {
        "enterprises": f"SELECT enterprise_id FROM {plants}",
        "processes": f"SELECT * EXCLUDE (e, p, s), s AS seq FROM {plants}, {products}, {route}",
        "inspections": f"""SELECT enterprise_id, printf('P%d', i % {PRODUCTS}) AS product_id,
            printf('%d', 10 * (i // {PRODUCTS} % {PROCESSES} + 1)) AS process_id,
            printf('L%06d', {lot} - CAST({lot} % 20 = 19 AS INT)) AS lot_id,
            TIMESTAMP '2025-01-01' + to_seconds((i * 31536000 + hash(e, i) % 40000000) // {per + 2})
                AS inspected_at,
            20 + hash(e, i) % 80 AS submitted, submitted - hash(i, e) % 3 AS passed,
            CASE WHEN {lot} % 20 = 19 THEN 2 ELSE 1 END AS submission
            FROM range({per}) t(i), {plants} ORDER BY inspected_at""",
        "deliveries": f"""SELECT enterprise_id, product_id, period, 5000 + hash(e, m) % 999 AS units,
            hash(p, e, m) % 40 AS nonconforming FROM {plants}, {months}, {products}""",
        "quality_costs": f"""SELECT enterprise_id, period, category, (hash(e, m, category) % 10000000) / 100
            AS amount FROM {plants}, {months}, (SELECT unnest([{categories}]) AS category)""",
        "output_values": f"SELECT * EXCLUDE (e, m), 1e7 + hash(e, m) % 99 AS amount FROM {plants}, {months}",
        "assessments": f"""SELECT enterprise_id, item_id, 1 + hash(e, item_id, y) % 5 AS level,
            make_date(y, 6, 1) AS assessed_on, source, 'audit ' || y AS evidence FROM {plants},
            (SELECT unnest([{items}]) AS item_id), range(2023, 2026) t(y),
            (SELECT unnest(['self', 'third_party']) AS source)""",
    }
    with duckdb.connect(config={"threads": options.threads, "memory_limit": "4GB"}) as connection:
        for name, query in queries.items():
            connection.execute(f"COPY ({typed(query)}) TO '{folder}/{name}.parquet' (FORMAT parquet)")


def typed(query):
    """Counts and money as they are stored; a bare `hash` is unsigned and a quotient is a float."""
    casts = {
        "submitted": "BIGINT", "passed": "BIGINT", "submission": "BIGINT", "units": "BIGINT", "seq": "BIGINT",
        "nonconforming": "BIGINT", "level": "BIGINT", "amount": "DECIMAL(18,2)",
    }  # fmt: skip
    used = ", ".join(
        f"{name}::{kind} AS {name}" for name, kind in casts.items() if re.search(rf"\b{name}\b", query)
    )
    return f"SELECT * REPLACE ({used}) FROM ({query})" if used else query


def write_more(variant, folder, options):
    """One lot in ten of June corrected, or measurements in subgroups of five."""
    plants = f"(SELECT printf('E%04d', e) AS enterprise_id, e FROM range({options.enterprises}) t(e))"
    stored = folder.parent / f"plain-{options.enterprises}-{options.rows}" / "records/inspections"
    queries = {
        "replaced": {
            "inspections": f"""SELECT * REPLACE (submitted + 1 AS submitted) FROM '{stored}/*.parquet'
                WHERE month(inspected_at) = 6 AND hash(lot_id) % 10 = 0"""
        },
        "measured": {
            "characteristics": f"""SELECT enterprise_id, printf('C%d', c) AS characteristic_id,
                'P0' AS product_id, 8.0 AS lsl, 12.0 AS usl, c < 2 AS key FROM {plants}, range(5) t(c)""",
            "measurements": f"""SELECT enterprise_id, printf('C%d', c) AS characteristic_id,
                TIMESTAMP '2025-01-01' + to_hours(170 * (i // 5)) AS measured_at,
                10 + 0.4 * (hash(e, c, i) % 1000 + hash(i, c, e) % 1000 + hash(c, e, i) % 1000 - 1500.0)
                / 500.0 AS value, printf('S%d', i // 5) AS subgroup_id, i % 5 + 1 AS piece
                FROM {plants}, range(5) t(c), range(250) u(i)""",
        },
    }
    with duckdb.connect(config={"threads": options.threads, "memory_limit": "4GB"}) as connection:
        for name, query in queries[variant].items():
            connection.execute(f"COPY ({query}) TO '{folder}/{name}.parquet' (FORMAT parquet)")


BARE = """
import duckdb, sys, time
connection = duckdb.connect(config={"threads": int(sys.argv[2]), "memory_limit": sys.argv[3]})
connection.execute("SET enable_progress_bar = false")
start, cpu = time.perf_counter(), time.process_time()
connection.execute(f"SELECT enterprise_id, product_id, process_id, year(inspected_at), month(inspected_at), "
    f"sum(submitted), sum(passed) FROM '{sys.argv[1]}/records/inspections/*.parquet' WHERE submission = 1 "
    f"GROUP BY ALL").to_arrow_table()
print(time.perf_counter() - start, time.process_time() - cpu)
"""


def bare(home, options):
    return [float(number) for number in fresh("-c", BARE, home, options.threads, options.memory).split()]


def evidence(variant, home, options):
    answer = fresh(
        __file__,
        "--case",
        variant,
        "--folder",
        home,
        "--threads",
        options.threads,
        "--memory",
        options.memory,
    )
    return [float(number) for number in answer.split()]


def command(home, options):
    """Time `zhuoyue grade` of all enterprises, from the start of its process to its end."""
    limits = {"ZHUOYUE_THREADS": str(options.threads), "ZHUOYUE_MEMORY_LIMIT": options.memory}
    start = time.perf_counter()
    fresh("-m", "serving", "grade", "--format", "jsonl", ZHUOYUE_HOME=str(home), **limits)
    return time.perf_counter() - start


def fresh(*words, **environment):
    run = [sys.executable, *map(str, words)]
    answer = subprocess.run(
        run, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    return answer.stdout


def run_case(options):
    from features.evidence import evidence_from_records

    settings = Settings(home=options.folder, threads=options.threads, memory_limit=options.memory)
    start, cpu = time.perf_counter(), time.process_time()
    with Store.open(settings) as store:
        evidence_from_records(store)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    status = Path(
        "/proc/self/status"
    ).read_text()  # ru_maxrss would also count the process that started this one
    print(seconds, cpu, int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 2**20)


if __name__ == "__main__":
    main()
