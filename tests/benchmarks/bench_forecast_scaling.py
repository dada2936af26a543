"""Does the cost of training and of answering grow no faster than the number of plants?

    python tests/benchmarks/bench_forecast_scaling.py [--sizes 400 1000 2500] [--months 36] [--threads 2]

`--sizes 400 1000 2500 10000` goes to the end and needs about 10 GiB. The plants are simulated ones, each
copied with small noise on its histories and parameters. Each size is a process of its own. The yardstick is
the smallest size: ratios are CPU seconds per plant beside its own, 1.00 being linear. Never fails on time.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

SIMULATED = 100


def table_of(size, months):
    """A model table of `size` plants, made of copies of a simulated one's enterprise rows."""
    import numpy as np
    import pandas as pd

    from features.model_table import build_model_table
    from features.simulator import World
    from features.tables import FrameTables
    from models.forecast.rows import RowTable

    world = World(seed=1, enterprises=SIMULATED, months=months)
    table = build_model_table(FrameTables(world.tables()))
    frame, features = table.frame, list(table.features)
    frame = frame[(frame["product_id"] == "") & (frame["frequency"] == "month")].reset_index(drop=True)
    known, moved = frame["enterprise_id"].nunique(), [name for name in features if "." in name]
    copies, rng = [], np.random.default_rng(1)
    for i in range(-(-size // known)):
        noise = rng.normal(1.0, 0.001, (len(frame), len(moved)))
        copies.append(frame.assign(enterprise_id=frame["enterprise_id"] + f"-{i:03d}"))
        copies[-1][moved] = frame[moved].to_numpy(np.float64) * noise
    whole = pd.concat(copies, ignore_index=True)
    kept = whole["enterprise_id"].drop_duplicates().iloc[:size]
    return RowTable(whole[whole["enterprise_id"].isin(kept)], tuple(features))


def measure(size, asked):
    """Train on so many plants, forecast and explain them all; wall and CPU seconds, and memory."""
    from models.learning.fit import fit
    from models.learning.rolling import Settings
    from models.outlook import DRIVER_HORIZONS, TOP_DRIVERS

    table = table_of(size, asked.months)
    before = (time.perf_counter(), time.process_time())
    model = fit(table, Settings(threads=asked.threads)).model
    between = (time.perf_counter(), time.process_time())
    model.forecast_frame(table)
    model.drivers_frame(table, horizons=DRIVER_HORIZONS, top=TOP_DRIVERS)
    after = (time.perf_counter(), time.process_time())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    told = {"train": [b - a for a, b in zip(before, between, strict=True)]}
    told |= {"answer": [b - a for a, b in zip(between, after, strict=True)], "rows": len(table.frame)}
    print(json.dumps(told | {"peak": peak}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[400, 1000, 2500])
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        measure(asked.only, asked)
        return
    print(f"{asked.months} months, {asked.threads} threads; CPU per plant beside the smallest size's")
    print(" plants      rows   train: wall      CPU  ratio   answer: wall      CPU  ratio   peak")
    first = None
    for size in asked.sizes:
        command = [sys.executable, __file__, "--only", str(size)]
        command += ["--months", str(asked.months), "--threads", str(asked.threads)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        each = [told[part][1] / size for part in ("train", "answer")]
        first = first or each
        parts = [
            f"{told[part][0]:10.1f} s {told[part][1]:6.1f} s {own / one:6.2f}"
            for part, own, one in zip(("train", "answer"), each, first, strict=True)
        ]
        print(f"{size:7,} {told['rows']:9,} {'   '.join(parts)} {told['peak']:6.2f} GiB", flush=True)


if __name__ == "__main__":
    main()
