"""Verdicts on actions against what the actions really did, in simulated worlds.

The truth is the same world lived again without the action, the draws unchanged (`features.simulator.undone`).
Beside ours: the naive before/after, and plain interrupted time series (level, slope and step by least
squares), both with the standard errors that their users would compute.

    python tests/benchmarks/judge_verdicts.py 21 22 23 24
    python tests/benchmarks/judge_verdicts.py --family wear 981 982
    python tests/benchmarks/judge_verdicts.py --strength 3 21 22        # levers three times as strong: power
    python tests/benchmarks/judge_verdicts.py --after 6 21 22           # as it stood six months after
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from features.model_table import ModelTable, build_model_table
from features.periods import to_index, to_label
from features.simulator import World
from features.simulator.scenario import Scenario
from features.simulator.undone import Undone, undone
from features.tables import FrameTables
from models.verdicts.judge import Judges
from models.verdicts.lines import Lines, linked
from models.verdicts.rows import EffectSeen, VerdictRow
from models.verdicts.windows import Act, window_of

NINETY = 1.6449
PLANTED = (0.1, 0.2, 0.3, 0.5)
SIZES = (0.0, 0.02, 0.05, 0.1, 0.2, 9.0)


@dataclass(frozen=True)
class Rival:
    """An estimate with the standard error of its textbook."""

    estimate: float
    sd: float


def before_after(y: np.ndarray, start: int, finish: int, end: int) -> Rival:
    """Mean after less mean of the twelve months before, as two independent samples."""
    a, b = y[max(0, start - 12) : start], y[finish:end]
    a, b = a[np.isfinite(a)], b[np.isfinite(b)]
    return Rival(b.mean() - a.mean(), float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))))


def segmented(y: np.ndarray, start: int, finish: int, end: int) -> Rival:
    """Level, slope and step by least squares over the 36 months before and those after."""
    t = np.array([i for i in [*range(max(0, start - 36), start), *range(finish, end)] if np.isfinite(y[i])])
    x = np.column_stack([np.ones(len(t)), t - start, t >= finish]).astype(float)
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ x.T @ y[t]
    rest = y[t] - x @ beta
    return Rival(float(beta[2]), float(np.sqrt(rest @ rest / max(len(t) - 3, 1) * inverse[2, 2])))


def true_change(lines: Lines, done: np.ndarray, left: np.ndarray) -> float:
    """Mean change on the link scale over the months that were looked at."""
    return float(np.mean(linked(lines.target, done) - linked(lines.target, left)))


def line_of(judges: Judges, act: Act, target: str) -> Lines:
    bench = judges._bench(act, target)
    assert bench is not None
    return bench.lines


def compare(
    world: World, judges: Judges, act: Act, row: VerdictRow, truth: Undone | None, after: int
) -> list[dict]:
    """A line per indicator: what was said, by whom, and what was so."""
    found = []
    for effect in row.effects:
        lines = line_of(judges, act, effect.target)
        if lines.frequency != "month":
            continue
        window = window_of(act, judges.acts, lines, after)
        y = lines.links[window.line]
        months = slice(*(lines.first + t - to_index(world.period(0)) for t in (window.finish, window.end)))
        true = (
            0.0
            if truth is None
            else true_change(lines, truth.done[effect.target][months], truth.left[effect.target][months])
        )
        naive, plain = (f(y, window.start, window.finish, window.end) for f in (before_after, segmented))
        found.append(
            said(row, effect, true)
            | {"naive": naive.estimate, "naive_sd": naive.sd, "plain": plain.estimate, "plain_sd": plain.sd}
            | money(row, truth, months)
        )
    return found


def said(row: VerdictRow, effect: EffectSeen, true: float) -> dict:
    return {
        "action": row.action_id,
        "enterprise": row.enterprise_id,
        "lever": row.parameter_id is not None,
        "target": effect.target,
        "deciding": row.target == effect.target,
        "true": true,
        "ours": effect.link_estimate,
        "covers": effect.link_low <= true <= effect.link_high,
        "width": effect.link_high - effect.link_low,
        "verdict": row.verdict,
        "share": effect.share,
        "moved": row.lever.moved if row.lever else None,
    }


def money(row: VerdictRow, truth: Undone | None, months: slice) -> dict:
    if row.money is None:
        return {"saved": np.nan, "saved_true": np.nan, "saved_covers": np.nan, "saved_naive": np.nan}
    true = (
        0.0 if truth is None else 12 * float(np.mean(truth.left["loss"][months] - truth.done["loss"][months]))
    )
    covers = row.money.low <= true <= row.money.high
    return {
        "saved": row.money.estimate,
        "saved_true": true,
        "saved_covers": covers,
        "saved_naive": row.money.naive,
    }


def shams(world: World, table: ModelTable) -> list[Act]:
    """An action that does nothing at every plant, begun after the worst quarter of its middle years."""
    made = []
    whole = table.frame[(table.frame["product_id"] == "") & (table.frame["frequency"] == "month")]
    for enterprise, rows in whole.groupby("enterprise_id"):
        y = rows.set_index("t")["ftq"].rolling(3).mean()
        y = y[(y.index >= y.index.min() + 24) & (y.index <= y.index.max() - 15)].dropna()
        if len(y):
            begun = int(y.idxmin()) + 1
            days = [date.fromisoformat(f"{to_label(begun + k, 'month')}-01") for k in (0, 1)]
            made.append(sham(str(enterprise), *days))
    return made


def sham(enterprise: str, start: date, finish: date) -> Act:
    return Act(f"S-{enterprise}", enterprise, "sham", None, None, None, start, finish, "done")


Parts = tuple[pd.DataFrame, pd.DataFrame]


def judge(seed: int, asked: argparse.Namespace) -> tuple[Parts, Parts]:
    """One world: (a row per action and indicator, a row per action) of its real actions, and of shams."""
    world = World(seed, asked.plants, 72, family=asked.family, scenario=Scenario(lever_effect=asked.strength))
    tables = FrameTables(world.tables())
    table = build_model_table(tables)
    judges, truths = Judges(table, tables.arrow["actions"].to_pandas(), asked.after), undone(world)

    def told(acts: list[Act]) -> Parts:
        rows, lines = [], []
        for act in acts:
            row = judges.judge(act)
            rows.append({"seed": seed, "verdict": row.verdict, "reason": row.reason_code})
            found = compare(world, judges, act, row, truths.get(act.action_id), asked.after)
            lines += [{"seed": seed} | one for one in found]
        return pd.DataFrame(lines), pd.DataFrame(rows)

    return told([a for a in judges.acts if a.status == "done"]), told(shams(world, table))


def tell(title: str, lines: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Print every table of the report."""
    out = [f"{title}: {len(rows)}", rows.groupby(["verdict", "reason"], dropna=False).size().to_string()]
    by = {"all": lines, **dict(list(lines.groupby("target")))}
    out.append(printed({name: figures(part) for name, part in by.items()}))
    out.append(printed({name: words(part) for name, part in kinds(lines[lines["deciding"]]).items()}))
    out.append(printed({name: power(part) for name, part in lines.groupby("target")}))
    out.append(pd.Series(moneys(lines.drop_duplicates(["seed", "action"]))).to_string(float_format="%.3f"))
    sys.stdout.write("\n\n".join(out) + "\n\n")


def printed(rows: dict[str, dict[str, float]]) -> str:
    return str(pd.DataFrame(rows).T.to_string(float_format="%.3f"))


def power(x: pd.DataFrame) -> dict[str, float]:
    """Share of 90 % intervals that would lie below zero had the action also lowered the indicator by so much.

    The estimate moves with what is planted and its interval does not, so no further run is needed.
    """
    rest, half = x["ours"] - x["true"], x["width"] / 2
    return {f"planted {size:.0%}": (rest + np.log(1 - size) + half < 0).mean() for size in PLANTED}


def figures(x: pd.DataFrame) -> dict[str, float]:
    """Bias, error and coverage on the link scale, ours and theirs."""
    found: dict[str, float] = {
        "n": len(x),
        "true sd": x["true"].std(),
        "our weight of like lines": x["share"].mean(),
    }
    for name in ("ours", "plain", "naive"):
        wrong = x[name] - x["true"]
        found |= {f"{name} bias": wrong.mean(), f"{name} rmse": float(np.sqrt(np.mean(wrong**2)))}
    found["ours covers"] = x["covers"].mean()
    for name in ("plain", "naive"):
        found[f"{name} covers"] = ((x[name] - x["true"]).abs() <= NINETY * x[f"{name}_sd"]).mean()
    return found


def kinds(x: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Actions that did nothing, and all others by the size of what they did to the indicator that decided."""
    size = x["true"].abs()
    parts = {"did nothing": x[size < 1e-9], "… or less than 2 %": x[size < 0.02]}
    for low, high in pairwise(SIZES[1:]):
        parts[f"{low:.0%} to {high:.0%}" if high < 9 else f"more than {low:.0%}"] = x[
            (size >= low) & (size < high)
        ]
    return parts


def words(x: pd.DataFrame) -> dict[str, float]:
    """Shares of verdicts, and of two-sided alarms at 10 % that the others would have raised."""
    right = np.where(x["true"] < 0, x["verdict"] == "worked", x["verdict"] == "made worse")
    return {
        "n": len(x),
        "worked": (x["verdict"] == "worked").mean(),
        "made worse": (x["verdict"] == "made worse").mean(),
        "rightly so": float(np.mean(right)) if len(x) and (x["true"] != 0).all() else np.nan,
        "plain better": (x["plain"] < -NINETY * x["plain_sd"]).mean(),
        "plain worse": (x["plain"] > NINETY * x["plain_sd"]).mean(),
        "naive better": (x["naive"] < -NINETY * x["naive_sd"]).mean(),
        "naive worse": (x["naive"] > NINETY * x["naive_sd"]).mean(),
    }


def moneys(x: pd.DataFrame) -> dict[str, float]:
    """Money saved, CNY a year: our error against that of the naive before/after."""
    x = x[x["saved"].notna()]
    ours, naive = ((x[n] - x["saved_true"]).abs() for n in ("saved", "saved_naive"))
    return {
        "money: actions": len(x),
        "covers": x["saved_covers"].astype(float).mean(),
        "median error, CNY a year": ours.median(),
        "… of the naive before/after": naive.median(),
        "median true size of a lever's": x.loc[x["saved_true"] != 0, "saved_true"].abs().median(),
    }


def main() -> None:
    """Judge worlds and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--family", default="additive", choices=("additive", "wear"))
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--after", type=int, default=12)
    parser.add_argument("--plants", type=int, default=60)
    asked = parser.parse_args()
    found = [judge(seed, asked) for seed in asked.seeds]
    for place, title in enumerate(("finished actions", "shams, begun after the worst quarter")):
        parts = [world[place] for world in found]
        tell(title, *(pd.concat([part[i] for part in parts], ignore_index=True) for i in (0, 1)))


if __name__ == "__main__":
    main()
