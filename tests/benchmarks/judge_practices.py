"""Is it worth holding a lever where leaders do? Differences and the effect model's verdicts, against truth.

    python tests/benchmarks/judge_practices.py 1251 1252 [--enterprises 110] [--months 30] [--most 250]

For every enterprise of a simulated province and every lever whose difference to the leaders may be shown, the
world itself is asked what moving to the leaders' mean would do: the mean change over twelve months of units
that fail, as a share of those that would. `helps`: one per cent fewer at least; `harms`: one per cent more.
A line holds `--most` drawn pairs at most. `told as the leaders'` is what the page puts first.
"""

import argparse
from types import SimpleNamespace

import numpy as np
import pandas as pd

from features.model_table import build_model_table
from features.records.schema import ITEMS
from features.simulator import World
from features.tables import FrameTables
from models.effects import fit_effects, readings_per_period
from models.practices import Practices, compare
from models.practices.process import process_practices
from models.practices.verdicts import verdicts
from tests.benchmarks.judge_benchmarks import official_values

WORTH, FUTURES, YEAR = 0.01, 32, 12


class Register(SimpleNamespace):
    """What practices ask of a portfolio."""

    def __len__(self):
        return len(self.enterprise_ids)


def register(world, months):
    rows = official_values(world.seed, len(world.enterprises), months)
    ids = rows["enterprise_id"].to_numpy()
    return Register(
        enterprise_ids=ids,
        place={name: at for at, name in enumerate(ids)},
        divisions=rows["division"].to_numpy(dtype="<U2"),
        text=lambda name: rows[name].to_numpy(dtype="<U10"),
        value=lambda name: rows[name].astype(float).to_numpy(),
        own_level=dict.fromkeys(ITEMS, np.zeros(len(ids))).__getitem__,
    )


def judged(seed, enterprises, months):
    """Rows: enterprise, lever, where the leaders hold it, apart, verdict."""
    world = World(seed, enterprises, months)
    tables = FrameTables(world.tables())
    table = build_model_table(tables)
    portfolio = register(world, months)
    practices = Practices(portfolio, process_practices(table), pd.DataFrame())
    model = fit_effects(table, readings_per_period(tables))
    told = verdicts(practices, SimpleNamespace(model=model))
    practices = Practices(portfolio, practices.rows, told)
    rows, everybody = [], np.ones(len(portfolio), dtype=bool)
    for row, enterprise in enumerate(portfolio.enterprise_ids):
        for one in compare(practices, row, everybody):
            if one.kind == "level":
                verdict = practices.verdict(row, one.subject)["verdict"]
                rows.append((enterprise, one.subject, one.leaders, one.apart, verdict))
    return world, pd.DataFrame(rows, columns=["enterprise", "lever", "to", "apart", "verdict"])


def truth(world, row):
    """The change of failing units as a share of them."""
    found = world.do(row["enterprise"], row["lever"], float(row["to"]), horizon=YEAR, futures=FUTURES)
    failing = 1 - found.factual["ftq"].mean()
    return float(-found.effect("ftq").mean() / failing)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--enterprises", type=int, default=110)
    parser.add_argument("--months", type=int, default=30)
    parser.add_argument("--most", type=int, default=250)
    asked = parser.parse_args()
    lines = {}
    for seed in asked.seeds:
        world, rows = judged(seed, asked.enterprises, asked.months)
        picked = {"any lever": rows, "told as the leaders'": rows[rows["apart"]]}
        picked |= {
            f"verdict {name}": rows[rows["verdict"] == name] for name in ("fewer", "not_shown", "more")
        }
        for name, part in picked.items():
            part = part.sample(min(len(part), asked.most // len(asked.seeds)), random_state=seed)
            lines.setdefault(name, []).extend(truth(world, row) for _, row in part.iterrows())
    print(f"moving a lever to the leaders' mean, worlds {asked.seeds}: what it truly does to failing units")
    for name, changes in lines.items():
        own = np.array(changes)
        if len(own):
            shares = f"helps {np.mean(own < -WORTH):4.0%}  harms {np.mean(own > WORTH):4.0%}"
            print(f"{name:22} {len(own):4} pairs  {shares}  mean change {own.mean():+.1%}")
        else:
            print(f"{name:22} none")


if __name__ == "__main__":
    main()
