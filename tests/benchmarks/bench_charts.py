"""Control charts of many characteristics at once, as a multiple of one plain NumPy pass over the numbers.

    python tests/benchmarks/bench_charts.py [CHARACTERISTICS]

20 000 characteristics of 250 values each, as single values (I–MR) and as 50 subgroups of five (X̄–R): limits
of both charts, then every run rule with the points it marks, EWMA and CUSUM. The yardstick takes mean and
standard deviation of the same array along its rows.
"""

import sys
import time

import numpy as np

from features.capability.samples import Samples
from features.control_charts.measured import measured
from features.control_charts.memory import cusum, ewma
from features.control_charts.rules import signals

VALUES, SUBGROUP, REPEATS = 250, 5, 3


def best(work):
    """Return the shortest wall time of a few runs and the last answer."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - start)
    return min(times), answer


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    values = np.random.default_rng(1).normal(50, 2, (count, VALUES))
    plain, _ = best(lambda: (values.mean(axis=1), values.std(axis=1, ddof=1)))
    print(f"{count} characteristics × {VALUES} values; one NumPy pass (mean, sd): {plain:.3f} s")
    for name, size in (("I–MR", 1), ("X̄–R", SUBGROUP)):
        charts = chart(values, size)
        took, pair = best(lambda size=size: chart(values, size))
        show(f"{name}: limits of both charts", took, plain)
        for rules in ("western_electric", "nelson"):
            took, found = best(lambda pair=pair, rules=rules: signals(fresh(pair.level), rules))
            share = found.completes.any(axis=1).reshape(count, -1).any(axis=1).mean()
            show(f"{name}: {rules}, {share:.0%} of stable series signal", took, plain)
        points, sizes = charts.level.series, charts.units.size.astype(float)
        took, _ = best(lambda p=points, s=sizes, c=charts: ewma(p, s, c.standard))
        show(f"{name}: EWMA", took, plain)
        took, _ = best(lambda p=points, c=charts: cusum(p, c.standard.centre, c.level.error))
        show(f"{name}: CUSUM", took, plain)


def chart(values, size):
    """Lay the values out and chart them, without anything kept from an earlier run."""
    count, n = values.shape
    subgroup = np.arange(count * n) // size
    return measured(Samples(values.ravel(), np.repeat(np.arange(count), n), subgroup, count))


def fresh(lines):
    """Return the same lines without what they remember of an earlier run."""
    series = type(lines.series)(lines.series.values, lines.series.owner, lines.series.count)
    return type(lines)(series, lines.centre, lines.lcl, lines.ucl, lines.error)


def show(what, seconds, plain):
    print(f"  {what}: {seconds:.2f} s, {seconds / plain:.0f} passes")


if __name__ == "__main__":
    main()
