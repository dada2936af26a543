"""How long choosing whom to help takes, how much dearer a choice may be than needed, and how flattered it is.

    .venv/bin/python tests/benchmarks/bench_assistance.py

Made-up enterprises (no world behind them): three options each, of rising cost and effect, counts with a
shared shock; the wanted count is missed on all but few paths. Seconds are processor time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import norm

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.assistance import choosing, greedy, programme
from models.assistance.problem import Limits, Problem, halves

PATHS, OPTIONS, WANTED, SECONDS = 500, 3, 0.8, 10.0


def made_up(enterprises: int, short: int, seed: int = 3) -> Problem:
    """`short` enterprises above what is expected anyway."""
    rng = np.random.default_rng(seed)
    shock = rng.standard_normal(PATHS)
    base = rng.poisson(np.exp(0.15 * shock) * enterprises * 0.15).astype(np.int64)
    gains, costs = [], []
    for _ in range(enterprises):
        most, luck = rng.beta(1, 3), rng.standard_normal(PATHS) + 0.3 * shock
        reached, cost = 0.0, rng.lognormal(12, 1)
        for option in range(OPTIONS):
            reached += (1 - reached) * most * rng.uniform(0.3, 1)
            gains.append((norm.cdf(luck) < reached).astype(np.int8))
            costs.append(cost * (option + 1) ** 1.3)
    owner = np.repeat(np.arange(enterprises), OPTIONS)
    return Problem(base, np.array(gains), np.array(costs), owner, int(np.median(base)) + short)


def main() -> None:
    """Print a line per size."""
    print("enterprises  climb s  choose s  frontier s  price s  bound/cost  own half  other half")
    for enterprises, short in ((20, 3), (60, 6), (200, 15), (1000, 60), (10_000, 300)):
        problem = made_up(enterprises, short)
        by, _ = halves(problem)
        climb, start = timed(lambda by=by: greedy.cheapest(by, Limits(), WANTED))
        choose, found = timed(lambda own=problem: choosing.choose(own, Limits(), WANTED, SECONDS))
        curve, _ = timed(lambda own=problem: choosing.frontier(own, Limits(), WANTED))
        dual, _ = timed(lambda own=problem, f=found: programme.price(own, Limits(own.cost(f.chosen))))
        first = programme.cheapest(by, Limits(), WANTED, SECONDS)
        gap = "-" if first is None or first.bound is None else f"{first.bound / by.cost(start):.2f}"
        print(
            f"{enterprises:>11} {climb:>8.2f} {choose:>9.2f} {curve:>11.2f} {dual:>8.2f} {gap:>11} "
            f"{found.in_sample:>9.3f} {found.probability:>11.3f}",
            flush=True,
        )


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and the answer."""
    began = time.process_time()
    answer = run()
    return time.process_time() - began, answer


if __name__ == "__main__":
    main()
