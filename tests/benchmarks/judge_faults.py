"""Tennessee Eastman: does the ranking of drivers name the variables that a fault is known to enter through?

    python tests/benchmarks/judge_faults.py [--runs test|train] [--readings 25 65 165 all]
    python tests/benchmarks/judge_faults.py --plants 40

Fitted on the normal training run alone; fault runs of the test set carry the fault from sample 161 on. A hit
is a variable that `fault_root_causes.csv` ties to the cause by the process' definition. Product compositions
XMEAS_37–41 are declared `outcome`: no method may name them. The rows stay in ../shared/real.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from models.causes import Causes, rank_causes
from models.causes.surprise import LAGS, standardised
from models.causes.yardsticks import PLAIN, shap_of_quality
from tests.models.causes.plants import KINDS, plant

TEP = Path(__file__).parents[3] / "shared" / "real" / "tep"
OUTCOMES = tuple(f"XMEAS_{i}" for i in range(37, 42))
QUALITY = "XMEAS_40"
HARDLY_SEEN = (3, 9, 15)
LOSS = 0.05
STARTS = {"train": 0, "test": 160}


class Runs:
    """The runs as arrays: variables in the order of `names`."""

    def __init__(self, which: str) -> None:
        self.frame = pd.read_parquet(TEP / f"tep_{which}.parquet")
        self.names = [c for c in self.frame.columns if c.startswith("X")]
        train = pd.read_parquet(TEP / "tep_train.parquet")
        self.good = train.loc[train["fault"] == 0, self.names].to_numpy(np.float64)
        self.start = STARTS[which]
        told = pd.read_csv(TEP / "fault_root_causes.csv").set_index("fault")
        tied = told["variables_tied_to_the_cause_by_process_definition"].dropna()
        self.truth = {int(f): set(str(names).split(";")) for f, names in tied.items()}

    def episode(self, fault: int, readings: int | None) -> tuple[np.ndarray, np.ndarray | None]:
        rows = self.frame.loc[self.frame["fault"] == fault, self.names].to_numpy(np.float64)
        stop = None if readings is None else self.start + readings
        return rows[self.start : stop], rows[: self.start] if self.start else None


def ours(runs: Runs, fault: int, readings: int | None) -> Causes:
    """The product's ranking."""
    episode, before = runs.episode(fault, readings)
    return rank_causes(runs.good, episode, runs.names, frozenset(OUTCOMES), before)


def ranked_by(score: Callable[..., np.ndarray], with_quality: bool = False) -> Callable[..., list[str]]:
    """A yardstick as a ranking of the same candidates on the same rows."""

    def rank(runs: Runs, fault: int, readings: int | None) -> list[str]:
        candidates = [n not in OUTCOMES for n in runs.names]
        names = np.array(runs.names)[candidates]
        levels = standardised(runs.good, *runs.episode(fault, readings))
        good, episode = levels.reference[:, candidates], levels.episode[:, candidates]
        column = runs.names.index(QUALITY)
        extra = ((levels.reference[:, column], levels.episode[:, column]),) if with_quality else ()
        return list(names[np.argsort(-score(good, episode, *extra), kind="stable")])

    return rank


METHODS = {
    "ours": lambda *a: [row.variable for row in ours(*a).rows],
    **{name: ranked_by(score) for name, score in PLAIN.items()},
    "SHAP alone (of XMEAS_40)": ranked_by(shap_of_quality, with_quality=True),
}


def places(runs: Runs, method: str, readings: int | None, faults: list[int]) -> list[int]:
    """Rank of the first variable that is tied to the cause, per fault."""
    return [
        min(order.index(v) + 1 for v in runs.truth[f])
        for f, order in ((f, METHODS[method](runs, f, readings)) for f in faults)
    ]


def summary(found: list[int]) -> dict[str, float]:
    """Share of faults with a right variable among the first 1, 3, 5, and mean reciprocal rank."""
    ranks = np.array(found)
    return {f"top {k}": float((ranks <= k).mean()) for k in (1, 3, 5)} | {"mrr": float((1 / ranks).mean())}


def beyond(runs: Runs, fault: int) -> float:
    """Largest share of an episode's readings, over product compositions, outside 3 sigma of good running."""
    episode, _ = runs.episode(fault, None)
    column = [runs.names.index(name) for name in OUTCOMES]
    away = np.abs(episode[:, column] - runs.good[:, column].mean(axis=0)) / runs.good[:, column].std(axis=0)
    return float((away > 3).mean(axis=0).max())


def false_alarms(runs: Runs) -> list[float]:
    """Departures of episodes that are none: the normal test run cut into pieces of 45 and of 105 readings."""
    rows = runs.frame.loc[runs.frame["fault"] == 0, runs.names].to_numpy(np.float64)
    found = []
    for length in (45, 105):
        for start in range(LAGS, len(rows) - length + 1, length):
            cut, before = rows[start : start + length], rows[start - LAGS : start]
            found.append(rank_causes(runs.good, cut, runs.names, frozenset(OUTCOMES), before).departure)
    return found


def simulated(count: int) -> None:
    """Small plants with a known place of entry (tests/models/causes/plants.py), seeds from 1000 on."""
    for kind in KINDS:
        found: dict[str, list[int]] = {name: [] for name in ("ours", *PLAIN)}
        for seed in range(1000, 1000 + count):
            made = plant(seed, kind)
            order = [row.variable for row in rank_causes(made.good, made.episode, made.names).rows]
            found["ours"].append(order.index(made.cause) + 1)
            levels, at = standardised(made.good, made.episode, None), made.names.index(made.cause)
            for name, score in PLAIN.items():
                values = score(levels.reference, levels.episode)
                found[name].append(1 + int((values > values[at]).sum()))
        for name, ranks in found.items():
            figures = "  ".join(f"{k} {v:.2f}" for k, v in summary(ranks).items())
            print(f"{kind:<7} {name:<32} {figures}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", choices=tuple(STARTS), default="test")
    parser.add_argument("--readings", nargs="+", default=["25", "65", "165", "all"])
    parser.add_argument("--plants", type=int, default=0, help="simulated plants per kind of fault instead")
    asked = parser.parse_args()
    if asked.plants:
        simulated(asked.plants)
        return
    runs = Runs(asked.runs)
    faults = [f for f in sorted(runs.truth) if f not in HARDLY_SEEN]
    lost = [f for f in faults if beyond(runs, f) >= LOSS]
    print(f"{asked.runs} runs, faults {faults}, {LAGS} readings of history")
    print(f"quality lost (a product composition beyond 3 sigma in {LOSS:.0%} of the episode): {lost}")
    print(f"  (good running: {beyond(runs, 0):.1%})")
    calm = false_alarms(runs)
    print(f"{len(calm)} cuts of normal running: departure at most {max(calm):.2f}")
    for readings in asked.readings:
        count = None if readings == "all" else int(readings)
        for method in METHODS:
            found = places(runs, method, count, faults)
            figures = "  ".join(f"{k} {v:.2f}" for k, v in summary(found).items())
            each = dict(zip(faults, found, strict=True))
            where_lost = summary([each[f] for f in lost])["mrr"]
            print(f"{readings:>4}  {method:<32} {figures}  quality lost: mrr {where_lost:.2f}  {each}")
        every = [0, *range(1, 22)]
        told = {f: ours(runs, f, count) for f in every if f in set(runs.frame["fault"])}
        print(f"{readings:>4}  departure: " + "  ".join(f"{f}:{c.departure:.1f}" for f, c in told.items()))
        print(f"{readings:>4}  nothing to be seen in {[f for f, c in told.items() if not c.seen]}")


if __name__ == "__main__":
    main()
