"""Do 90 % intervals hold nine in ten: pooled, by horizon, by level, and for plants with few or no months?

    python -W ignore tests/benchmarks/judge_intervals.py --family additive 301 302 [--young]

Prints the coverage of the rolling backtest's out-of-sample forecasts by class, all worlds together.
`--young` adds what no backtest of old plants can say: every plant's records are cut to their last few months,
given to the trained model as a stranger's, and compared with what came.
"""

import argparse
from types import SimpleNamespace

import numpy as np
import pandas as pd

from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.learning.strata import coverage_table

TIMES = {"inspections": "inspected_at", "measurements": "measured_at", "process_data": "observed_at"}
MONTHS_KEPT = (1, 2, 3, 5, 9, 18)
TARGETS = ["ftq", "internal_loss", "external_loss", "ppm", "cpk"]


def records(world):
    return {name: table.to_pandas() for name, table in world.tables().items()}


def monthly(frame):
    return frame[(frame["frequency"] == "month") & (frame["product_id"] == "")].copy()


def between(tables, low, high):
    """Records of some months; what has no date stays."""
    kept = {}
    for name, frame in tables.items():
        if name in TIMES:
            month = frame[TIMES[name]].dt.strftime("%Y-%m")
        elif "period" in frame:
            month = frame["period"].astype(str).str[:7]
        else:
            kept[name] = frame
            continue
        kept[name] = frame[(month >= low) & (month <= high)]
    return kept


def covered_when_young(world, tables, table, origin):
    """Coverage by months kept, of a model that learned up to `origin` and meets every plant as a stranger."""
    frame = monthly(table.frame)
    label = world.period(origin)
    model = fit(SimpleNamespace(frame=frame[frame["period"] <= label], features=table.features)).model
    came = frame[["enterprise_id", "period", *TARGETS]].melt(
        ["enterprise_id", "period"], TARGETS, "target", "y"
    )
    found = []
    for months in MONTHS_KEPT:
        young = build_model_table(
            FrameTables(between(tables, world.period(origin - months + 1), label)), as_of=label
        )
        rows = monthly(young.frame).reindex(columns=frame.columns)
        rows["enterprise_id"] = "stranger " + rows["enterprise_id"]
        said = model.forecast_frame(SimpleNamespace(frame=rows, features=table.features), label)
        said["enterprise_id"] = said["enterprise_id"].str.removeprefix("stranger ")
        both = said.merge(came, on=["enterprise_id", "period", "target"]).dropna(subset=["y"])
        inside = both["y"].between(both["0.05"], both["0.95"])
        found.append(both.assign(slice=f"kept {months:2}", inside=inside, world=world.seed))
    return pd.concat(found, ignore_index=True)[["slice", "target", "inside"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--family", default="additive", choices=["additive", "wear"])
    parser.add_argument("--enterprises", type=int, default=100)
    parser.add_argument("--months", type=int, default=72)
    parser.add_argument("--young", action="store_true")
    options = parser.parse_args()
    strata, crps, young = [], [], []
    for seed in options.seeds:
        world = World(
            seed=seed, enterprises=options.enterprises, months=options.months, family=options.family
        )
        tables = records(world)
        table = build_model_table(FrameTables(tables))
        fitted = fit(SimpleNamespace(frame=monthly(table.frame), features=table.features), Settings())
        strata.append(coverage_table(fitted.strata).assign(world=seed))
        crps.append(fitted.backtest.groupby("target")["crps"].mean())
        if options.young:
            young.append(covered_when_young(world, tables, table, options.months - 14))
    show(pd.concat(strata, ignore_index=True), pd.concat(young, ignore_index=True) if young else None)
    print("\nCRPS, mean over horizons:", pd.concat(crps).groupby(level=0).mean().round(5).to_dict())


def show(strata, young):
    cells = {
        name: rows["hits"].sum() / rows["n"].sum()
        for name, rows in strata.assign(hits=strata["coverage_90"] * strata["n"]).groupby(["slice", "target"])
    }
    count = strata[strata["target"] == "all"].groupby("slice")["n"].sum()
    print_table(cells, list(dict.fromkeys(strata["slice"])), count)
    pooled = strata[(strata["slice"] == "pooled") & (strata["target"] == "all")]
    print(f"\n50 % intervals hold {np.average(pooled['coverage_50'], weights=pooled['n']):.3f}")
    if young is not None:
        both = pd.concat([young, young.assign(target="all")])
        cells = both.groupby(["slice", "target"])["inside"].mean().to_dict()
        print("\nrecords cut to their last months:")
        print_table(cells, sorted(young["slice"].unique()), young.groupby("slice").size())


def print_table(cells, slices, count):
    columns = [*TARGETS, "all"]
    print(f"{'':16}", *(f"{name:>14}" for name in (*columns, "n")))
    for name in slices:
        shares = (cells.get((name, target), float("nan")) for target in columns)
        print(f"{name:16}", *(f"{share:14.3f}" for share in shares), f"{count.get(name, 0):14}")


if __name__ == "__main__":
    main()
