"""False alarms of chart warnings on simulated stable plants, and how large a change must be to be warned of.

    .venv/bin/python tests/benchmarks/judge_warnings.py --plants 4000 --seed 1
    .venv/bin/python tests/benchmarks/judge_warnings.py --plants 400 --seed 2 --only power

A plant has nine charts of measured characteristics (their spread too where they come in subgroups), six of
lots and two of deliveries, thirteen months long; the last month is judged against the twelve before it.
Nothing changes in a stable plant; what is varied is how unlike a textbook it is. Rates are per plant and
month, in per cent, with the 95 % interval of Clopper and Pearson, and are upper bounds: a warning asks for a
rule mark on the chart beside it. `--write` keeps them for the page (serving/warnings/measured.json).
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.monitoring.points import Points
from features.monitoring.surprises import BASELINE, FALSE_ALARM, judged

KEPT = Path(__file__).resolve().parents[2] / "serving" / "warnings" / "measured.json"
CHARACTERISTICS, PROCESSES, PRODUCTS = 9, 6, 2
Shape = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


def _normal(rng, shape):
    return rng.standard_normal(shape)


def _skewed(rng, shape):
    return rng.gamma(4.0, 0.5, shape) - 2.0


def _heavy(rng, shape):
    return rng.standard_t(5, shape) / np.sqrt(5 / 3)


def _coarse(rng, shape):
    return np.round(rng.standard_normal(shape) * 2) / 2


def _uneven(rng, shape):
    """Nine in ten as usual, one in ten with twice the spread: two machines on one chart."""
    return rng.standard_normal(shape) * np.where(rng.random(shape) < 0.1, 2.0, 1.0)


CONDITIONS = {
    "textbook": {},
    "skewed": {"shape": _skewed},
    "heavy tails": {"shape": _heavy},
    "coarse gauge": {"shape": _coarse},
    "two machines": {"shape": _uneven},
    "neighbours alike": {"memory": 0.5},
    "months differ": {"months": 0.5},
    "months wander": {"months": 0.5, "wander": 0.6},
    "some charts wander": {"months": 1.0, "wander": 0.6, "some": 0.2},
    "few points": {"points": 4},
    "few points, skewed": {"points": 4, "shape": _skewed},
    "few points, heavy tails": {"points": 4, "shape": _heavy},
    "lots differ": {"lots": 0.5},
    "few defects": {"rate": 0.004},
}


def plant(
    rng,
    shape=_normal,
    memory=0.0,
    months=0.0,
    wander=0.0,
    points=30,
    lots=0.0,
    rate=0.03,
    change=0.0,
    some=1.0,
):
    """Points of one plant: (value, events, size, chart, month) and its charts. `change` moves the last month
    of the first characteristic, in standard deviations of single values.
    """
    span = BASELINE + 1
    month = np.repeat(np.arange(span), points)
    parts, kinds = [], []

    def level(k: int) -> np.ndarray:
        drift = np.zeros((k, span))
        for t in range(span):
            fresh = rng.standard_normal(k)
            drift[:, t] = fresh if t == 0 else wander * drift[:, t - 1] + np.sqrt(1 - wander**2) * fresh
        return months * drift * (rng.random((k, 1)) < some)

    noise = shape(rng, (CHARACTERISTICS, span * points))
    for t in range(1, noise.shape[1] if memory else 0):
        noise[:, t] = memory * noise[:, t - 1] + np.sqrt(1 - memory**2) * noise[:, t]
    values = noise + np.repeat(level(CHARACTERISTICS), points, axis=1)
    values[0, month == BASELINE] += change
    nothing = np.full(values.shape[1], np.nan)
    for row in values:
        parts.append((row, nothing, nothing, month))
        kinds.append("level")
    freedom = 4
    for _ in range(CHARACTERISTICS // 2):
        parts.append((np.log(rng.chisquare(freedom, len(month)) / freedom), nothing, nothing, month))
        kinds.append("spread")
    for wave in level(PROCESSES):
        size = rng.integers(50, 400, len(month)).astype(float)
        own = rate * np.exp(wave[month] * 0.3 + lots * rng.standard_normal(len(month)))
        parts.append((nothing, rng.binomial(size.astype(int), np.minimum(own, 1)).astype(float), size, month))
        kinds.append("process")
    for wave in level(PRODUCTS):
        size = rng.integers(2000, 9000, span).astype(float)
        bad = rng.binomial(size.astype(int), rate / 10 * np.exp(wave * 0.3)).astype(float)
        parts.append((np.full(span, np.nan), bad, size, np.arange(span)))
        kinds.append("delivery")
    return parts, kinds


def province(rng, plants: int, **condition) -> Points:
    columns, kinds, owners = [], [], []
    for at in range(plants):
        parts, own = plant(rng, **condition)
        columns += parts
        kinds += own
        owners += [f"P{at}"] * len(own)
    frame = {"enterprise_id": owners, "kind": kinds, "subject": [str(n) for n in range(len(kinds))]}
    value, events, size, month = (np.concatenate([part[i] for part in columns]) for i in range(4))
    chart = np.repeat(np.arange(len(columns)), [len(part[0]) for part in columns])
    return Points(pd.DataFrame(frame | {"product_id": ""}), value, events, size, chart, month)


def alarms(seed: int, plants: int, at_once: int = 100, **condition) -> tuple[int, int]:
    """Plants warned of any chart, and plants warned of the first one."""
    any_, first = 0, 0
    for part in range(0, plants, at_once):
        world = province(np.random.default_rng([seed, part]), min(at_once, plants - part), **condition)
        rows = judged(world, BASELINE, FALSE_ALARM)
        any_ += world.charts["enterprise_id"].iloc[[row.chart for row in rows]].nunique()
        starts = set(np.flatnonzero(~world.charts["enterprise_id"].duplicated()))
        first += len({row.chart for row in rows} & starts)
    return any_, first


def interval(found: int, of: int) -> tuple[float, float]:
    low = beta.ppf(0.025, found, of - found + 1) if found else 0.0
    return float(low), float(beta.ppf(0.975, found + 1, of - found) if found < of else 1.0)


def false_alarms(seed: int, plants: int) -> list[dict]:
    print("| plants that are | warned falsely, % a month | 95 % interval |\n|---|---|---|")
    rows = []
    for name, condition in CONDITIONS.items():
        found, _ = alarms(seed, plants, **condition)
        low, high = interval(found, plants)
        rows.append({"plants": name, "rate": found / plants, "low": low, "high": high})
        print(f"| {name} | {100 * found / plants:.2f} | {100 * low:.2f}–{100 * high:.2f} |", flush=True)
    return rows


def power(seed: int, plants: int) -> list[dict]:
    changes = (0.5, 1.0, 1.5, 2.0)
    print("\n| month of | " + " | ".join(f"{c:g} σ" for c in changes) + " |\n|---" * 1 + "|---" * 4 + "|")
    rows = []
    for points in (4, 30):
        shares = [alarms(seed, plants, points=points, change=c)[1] / plants for c in changes]
        rows.append({"points": points, "changes": changes, "shares": shares})
        print(f"| {points} points | " + " | ".join(f"{share:.2f}" for share in shares) + " |", flush=True)
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plants", type=int, default=1000)
    parser.add_argument("--seed", type=int, required=True, help="a fresh one, that nobody has looked at")
    parser.add_argument("--only", choices=("alarms", "power"))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    told = {"seed": asked.seed, "plants": asked.plants, "asked_for": FALSE_ALARM}
    if asked.only != "power":
        told["alarms"] = false_alarms(asked.seed, asked.plants)
    if asked.only != "alarms":
        told["power"] = power(asked.seed + 1, max(asked.plants // 10, 100))
    if asked.write:
        KEPT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
