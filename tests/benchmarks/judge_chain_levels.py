"""Are customers' chances of levels better with incoming quality carried in?

    python tests/benchmarks/judge_chain_levels.py 1212 1213 1214 --plants 100

Provinces of `--plants` plants and 72 months, of which model, slopes and chances see 60; the official
performance level of the windows 3, 6 and 12 months later is the truth. Prints by horizon the ranked
probability score (sum over levels of the squared error of P(that level or better)) before and after, over
the customers, and how far chances moved on average.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from features.model_table import build_model_table
from features.periods import to_index, to_label
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from models.attainment.level_model import LevelModel
from models.attainment.start import start
from models.chains.ahead import arriving
from models.chains.carrying import carried
from models.chains.levels import AHEAD, level_chances
from models.chains.links import read_links
from models.chains.months import months_of
from models.learning.fit import fit
from models.learning.rolling import Settings as Effort
from models.training.identity import facts
from serving.grading import graded

MONTHS, HELD = 72, 12


def main() -> None:
    """Judge the worlds that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--plants", type=int, default=100)
    asked = parser.parse_args()
    pooled: dict[int, list[tuple[float, float, float]]] = {ahead: [] for ahead in AHEAD}
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as folder:
            _judge(seed, asked.plants, Path(folder), pooled)
    for ahead, rows in pooled.items():
        before, after, moved = np.array(rows).T if rows else np.zeros((3, 1))
        gain = before - after
        error = gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.nan
        print(
            f"{ahead:2d} months: n {len(rows)}, before {before.mean():.4f}, after {after.mean():.4f}, "
            f"saved {gain.mean():+.5f} (se {error:.5f}), moved {moved.mean():.4f}"
        )


def _judge(seed: int, plants: int, folder: Path, pooled: dict[int, list[tuple[float, float, float]]]) -> None:
    settings = Settings(home=folder, threads=1)
    write_tables(World(seed, plants, MONTHS), folder / "province")
    with Store.open(settings) as store:
        store.import_paths([folder / "province"])
        last = build_model_table(store).frame
        end = int(last.loc[last["frequency"] == "month", "t"].max())
        origin = to_label(end - HELD, "month")
        table, effort = build_model_table(store, origin), Effort(refits=1, threads=1)
        model = replace(fit(table, effort, facts(table, effort)).model, version="judge")
        months = months_of(table.frame)
        links = read_links(store, months.ids)
        carry = carried(months, links)
        rates = [row for row in model.forecast_frame(table).to_dict("records") if _is_rate(row)]
        begun = start(store, model, table)
        chances = level_chances(
            begun, LevelModel.from_dict(model.levels), carry, arriving(months, links, rates)
        )
        shown = ", ".join(name for name, one in carry.items() if one.shown) or "none"
        print(f"seed {seed}: slopes shown: {shown}; {len(chances)} customers", flush=True)
        for ahead in AHEAD:
            truth = _levels(store, to_label(to_index(origin) + ahead, "month"))
            pooled[ahead] += [
                _scores(row, truth[name])
                for name, rows in chances.items()
                for row in rows
                if row["basis"] == "performance" and row["horizon"] == ahead and name in truth
            ]


def _is_rate(row: dict) -> bool:
    return row["target"] == "ppm" and not row["product_id"] and len(row["period"]) == len("YYYY-MM")


def _levels(store: Store, as_of: str) -> dict[str, int]:
    found = [grade.to_dict() for grade, _ in graded(store, None, as_of)]
    levels = {one["enterprise_id"]: one["dimensions"]["performance"] for one in found}
    return {name: level for name, level in levels.items() if level}


def _scores(row: dict, level: int) -> tuple[float, float, float]:
    truth = {at: float(level >= int(at)) for at in row["before"]}
    before, after = (sum((row[when][at] - truth[at]) ** 2 for at in truth) for when in ("before", "after"))
    return before, after, max(abs(row["after"][at] - row["before"][at]) for at in truth)


if __name__ == "__main__":
    main()
