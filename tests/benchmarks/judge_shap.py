"""Does SHAP of a forecaster choose good actions? Done in simulated provinces whose causes are known.

    .venv/bin/python tests/benchmarks/judge_shap.py 11 12 13 14

One block per world, and the mean over all: what each way to choose brings when its move is really made, as a
share of the best possible gain (`models.recommend.yardsticks`). Nothing is tuned here.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.effects import fit_effects, readings_per_period
from models.learning.fit import fit
from models.recommend import advise, yardsticks
from models.recommend.advice import TARGETS

HORIZONS = (1, 3, 6, 12)


def judged(world: World, target: str) -> pd.DataFrame:
    """One row per way to choose."""
    tables = FrameTables(world.tables())
    table = build_model_table(tables)
    table = replace(table, frame=table.frame[table.frame["product_id"] == ""])  # products are forecast apart
    effects = fit_effects(table, readings_per_period(tables), targets=TARGETS)
    advice = advise(table, effects, sorted(set(table.frame["enterprise_id"])), top=1)
    drivers = fit(table).model.drivers_frame(table, horizons=HORIZONS, targets=[target])
    levers = yardsticks.feasible_levers(table, effects)
    judge = yardsticks.Judge(world, levers)
    rows = {"effect model": judge.verdict(yardsticks.chosen_by_effects(advice)), "chance": judge.chance()}
    for horizon in HORIZONS:
        told = drivers[drivers["horizon"] == horizon]
        for reading in yardsticks.READINGS:
            chosen = yardsticks.chosen_by_shap(told, levers, reading)
            rows[f"SHAP {reading}, {horizon} ahead"] = judge.verdict(chosen)
    return pd.DataFrame(rows).T


def main() -> None:
    """Prints a table per world and their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--family", default="additive")
    parser.add_argument("--target", default="ftq")
    parser.add_argument("--plants", type=int, default=60)
    parser.add_argument("--months", type=int, default=72)
    asked = parser.parse_args()
    found = {}
    for seed in asked.seeds:
        world = World(seed, enterprises=asked.plants, months=asked.months, family=asked.family)
        found[seed] = judged(world, asked.target)
        sys.stdout.write(f"\n{asked.family} {seed}\n{found[seed].to_string(float_format='{:.2f}'.format)}\n")
        sys.stdout.flush()
    ways = pd.concat(found).groupby(level=1, sort=False)
    for name, values in (("mean", ways.mean()), ("its standard error", ways.sem())):
        sys.stdout.write(f"\n{name}, {len(found)} worlds\n{values.to_string(float_format='{:.2f}'.format)}\n")


if __name__ == "__main__":
    main()
