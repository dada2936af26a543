"""Judges counts of newly added enterprises on simulated provinces: reliability, spread, error, baselines.

    .venv/bin/python tests/benchmarks/judge_counts.py 1101 1102 1103 1104 1105

A model is trained on the first part of each world's months and again every two years; every sixth month from
there is an origin. What came is the first month ever at or above each level, by the official answers of every
month.
Worlds 51–59 are for tuning; 1101–1105 for the report. `--cache DIR` keeps what was judged, world by world.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.simulator import World
from features.tables import FrameTables
from models.learning.rolling import Settings
from models.portfolio.backtest import FORECASTERS, Cases, backtest, summary
from models.portfolio.backtest.run import together

READINGS = ("performance", "held")
JUDGED = ("joint", "coins", "markov")


def main() -> None:
    """Judge the worlds asked for and print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seeds", type=int, nargs="+")
    asked.add_argument("--family", default="additive")
    asked.add_argument("--plants", type=int, default=220)
    asked.add_argument("--months", type=int, default=96)
    asked.add_argument("--every", type=int, default=6)
    asked.add_argument("--share", type=float, default=0.46)
    asked.add_argument("--cache", type=Path)
    given = asked.parse_args()
    found = []
    for seed in given.seeds:
        began = time.process_time()
        found.append(judged(seed, given))
        spent = time.process_time() - began
        print(f"world {seed}: {spent:.0f} s of processor time", file=sys.stderr, flush=True)
    report(together(found))


def judged(seed: int, given: argparse.Namespace) -> Cases:
    """One world's cases, from the cache where they were judged before."""
    kept = given.cache and given.cache / f"{given.family}-{seed}-{given.plants}-{given.months}"
    if kept and kept.exists():
        return Cases(pd.read_parquet(kept / "counts.parquet"), pd.read_parquet(kept / "targets.parquet"))
    world = World(seed, given.plants, given.months, family=given.family)
    tables = FrameTables(world.tables())
    cases = backtest(tables, Settings(), _tell, given.every, given.share).cases
    cases = Cases(cases.counts.assign(world=seed), cases.targets.assign(world=seed))
    if kept:
        kept.mkdir(parents=True)
        cases.counts.to_parquet(kept / "counts.parquet")
        cases.targets.to_parquet(kept / "targets.parquet")
    return cases


def _tell(what: str, done: int, total: int) -> None:
    print(f"  {what} ({done + 1} of {total})", file=sys.stderr, flush=True)


def report(cases: Cases) -> None:
    """Print everything."""
    everybody = summary.whole(cases.counts)
    _errors(everybody)
    for reading in READINGS:
        targets = cases.targets[cases.targets["reading"] == reading]
        counts = cases.counts[cases.counts["reading"] == reading]
        print(f"\n{reading}: P(count >= N) by bins, all groups, and how many were met (90 % over worlds)")
        for row in summary.reliability(targets):
            print(
                f"  {row['from']:.2f}-{row['to']:.2f}  {row['targets']:6d} of {row['clusters']} worlds  "
                f"said {row['probability']:.3f}  met {row['met']:.3f}  ({row['low']:.3f} … {row['high']:.3f})"
            )
        for name in JUDGED:
            row = summary.calibration(targets, name)
            print(
                f"  {name:8s} Brier {row['brier']:.4f}  calibration error {row['calibration_error']:.4f} "
                f"({row['low']:.4f} … {row['high']:.4f})"
            )
        print(f"{reading}: place of what came (PIT), all groups | everybody")
        mine = counts[counts["joint"] > 0.5]
        for own in (mine, summary.whole(mine)):
            print("  " + " ".join(f"{share:.3f}" for share in summary.places(own)))
        print(
            f"{reading}: variance of the error ÷ stated, joint paths | independent coins (90 % over worlds)"
        )
        for by in (["kind"], ["kind", "ahead"]):
            own = counts if by == ["kind"] else counts[counts["kind"].isin(["all", "province"])]
            for row in summary.spread(own, by):
                print(
                    f"  {' '.join(str(row[key]) for key in by):14s} {row['cases']:6d}  "
                    f"{row['joint']:.2f} ({row['joint.low']:.2f} … {row['joint.high']:.2f}) | "
                    f"{row['coins']:.2f} ({row['coins.low']:.2f} … {row['coins.high']:.2f})"
                )


def _errors(counts: pd.DataFrame) -> None:
    print("everybody: mean count that came, expected, bias ± s.e. over worlds; MAE and CRPS by forecaster")
    for by in (["reading", "level", "ahead"], ["reading", "ahead"]):
        for row in summary.errors(counts, by):
            who = " ".join(f"{row[key]!s:>3s}" for key in by)
            mae = "  ".join(f"{name} {row[f'mae.{name}']:.2f}" for name in FORECASTERS if name != "coins")
            crps = "  ".join(f"{name} {row[f'crps.{name}']:.2f}" for name in FORECASTERS)
            print(
                f"{who}  n {row['cases']}  came {row['came']:.2f}  expected {row['expected']:.2f}  "
                f"bias {row['bias']:+.2f} ± {row['se']:.2f}  inside {row['inside']:.2f} "
                f"| MAE {mae} | CRPS {crps}"
            )


if __name__ == "__main__":
    main()
