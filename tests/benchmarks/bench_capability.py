"""Capability and stability of 20 000 characteristics × 250 values, against one plain pass of NumPy.

    python tests/benchmarks/bench_capability.py [--characteristics 20000] [--values 250]

The plain pass is sort + mean + standard deviation per characteristic. `shape` is the share of
characteristics that are exponential (the others are normal); `gauge` the step to which values are
rounded, in σ. The last rows read pandas frames of records instead of arrays.
"""

import argparse
import time

import numpy as np
import pandas as pd

from features.capability.assess import assess, assess_samples
from features.capability.catalogue import catalogue
from features.capability.samples import Samples

REPEATS = 3
FAMILY = 200


def best(work):
    """Return the shortest wall time of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def plain(values):
    """Sort, mean and standard deviation: what nobody can do without."""
    return np.sort(values, axis=1), values.mean(axis=1), values.std(axis=1, ddof=1)


def drawn(count, n, skewed, step):
    rng = np.random.default_rng(0)
    values = rng.normal(10, 1, (count, n))
    values[: int(skewed * count)] = rng.exponential(size=(int(skewed * count), n))
    values = values[rng.permutation(count)]
    return np.round(values / step) * step if step else values


def listed(count):
    number = np.arange(count)
    return pd.DataFrame(
        {
            "enterprise_id": [f"E{k // FAMILY:05d}" for k in number],
            "characteristic_id": [f"C{k % FAMILY:03d}" for k in number],
            "product_id": "",
            "nominal": 10.0,
            "lsl": 4.0,
            "usl": 16.0,
            "key": True,
        }
    )


def records(values, characteristics, size):
    """Return measurements as the store hands them over, in the order of time within each characteristic."""
    count, n = values.shape
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n) // size, unit="h")
    ids = characteristics[["enterprise_id", "characteristic_id"]].astype("str")
    frame = ids.loc[np.repeat(np.arange(count), n)].reset_index(drop=True)
    return frame.assign(
        t=660,
        subgroup_id="",
        day=pd.NaT,
        moment=np.tile(at, count),
        measured_at=np.tile(at, count),
        piece=np.tile(np.arange(n) % size + 1, count),
        value=values.ravel(),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--characteristics", type=int, default=20_000)
    parser.add_argument("--values", dest="pieces", type=int, default=250)
    asked = parser.parse_args()
    count, n = asked.characteristics, asked.pieces
    characteristics = listed(count)
    start = time.perf_counter()
    catalogue()
    print(f"tabulating the shapes, once per process: {time.perf_counter() - start:.2f} s")
    print(f"{count:,} characteristics x {n} values")
    print("subgroups  shape  gauge   seconds   plain pass   ratio")
    for size in (5, 1):
        for skewed, step in ((0, 0), (0, 0.1), (0.1, 0), (1, 0)):
            from_arrays(drawn(count, n, skewed, step), characteristics, size, f"{skewed:5.0%}  {step:5.1f}")
    for size in (5, 1):
        values = drawn(count, n, 0, 0)
        frame = records(values, characteristics, size)
        from_records(values, frame, characteristics, size, "from records")
        shuffled = frame.sample(frac=1, random_state=1)
        from_records(values, shuffled, characteristics, size, "shuffled")


def from_arrays(values, characteristics, size, note):
    count, n = values.shape
    owner, subgroup = np.repeat(np.arange(count), n), np.arange(count * n) // size
    ours = best(lambda: assess_samples(Samples(values.ravel(), owner, subgroup, count), characteristics))
    tell(size, note, ours, best(lambda: plain(values)))


def from_records(values, frame, characteristics, size, note):
    tell(size, note, best(lambda: assess(frame, characteristics)), best(lambda: plain(values)))


def tell(size, note, ours, yardstick):
    print(f"{size:9d}  {note:12s}  {ours:8.2f}  {yardstick:11.3f}  {ours / yardstick:6.1f}", flush=True)


if __name__ == "__main__":
    main()
