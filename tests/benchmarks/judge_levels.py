"""Judges probabilities of levels on simulated provinces: ranked probability score and calibration.

    .venv/bin/python tests/benchmarks/judge_levels.py --family additive 401 402 403 404 405

A model is trained on two thirds of each world's months; from there every third month is an origin. What came
is the official level of each later month, by the real rules from the records. Compared: today's level for
ever, a first-order Markov chain of official levels (estimated on the months of training, powers for later
ones), the paths alone, a classifier of today's level and the horizon alone, and the blend that `attain`
uses. Worlds 11–14 are for tuning; 401–405 for the report.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import ModelTable, build_model_table
from features.periods import to_label
from features.simulator import World
from features.tables import FrameTables
from models.attainment.blend import STEPS, Blend, learn_blend, shares
from models.attainment.known import MONTHS, Array, Index
from models.attainment.learning import PATHS, past_cases, performance
from models.attainment.level_model import LevelModel
from models.attainment.levels import graded, path_levels
from models.attainment.official import State, states_at
from models.attainment.records import monthly_records
from models.attainment.sample import sample
from models.attainment.scores import (
    calibration_error,
    markov_at_least,
    ranked_probability_score,
    transition_matrix,
)
from models.attainment.start import Start, parts
from models.forecast.forecaster import ForecastModel
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.rules_numpy import ArrayRules

FORECASTERS = ("today", "markov", "paths", "classifier", "blend")
EVERY, DRAWS, BURN_IN = 3, 500, 24
BANDS = {1: "1", 2: "2-3", 3: "2-3", 4: "4-6", 5: "4-6", 6: "4-6", 12: "12"} | dict.fromkeys(
    range(7, 12), "7-11"
)
RULES = ArrayRules()


@dataclass(frozen=True)
class Judged:
    """Forecasts of one world: `rows` has what came by case, `at_least` n × 4 by forecaster and subject."""

    rows: pd.DataFrame
    at_least: dict[tuple[str, str], Array]


@dataclass(frozen=True)
class Trained:
    """What was learned from the months up to the first origin."""

    model: ForecastModel
    learned: LevelModel
    classifier: Blend
    chains: dict[str, Array]


def main() -> None:
    """Judge the worlds asked for and print two tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seeds", type=int, nargs="+")
    asked.add_argument("--family", default="additive")
    asked.add_argument("--plants", type=int, default=100)
    asked.add_argument("--months", type=int, default=60)
    given = asked.parse_args()
    worlds = []
    for seed in given.seeds:
        began = time.perf_counter()
        worlds.append(judge(World(seed, given.plants, given.months, family=given.family)))
        print(f"world {seed}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    rows = pd.concat([world.rows for world in worlds], ignore_index=True)
    at_least = {key: np.concatenate([w.at_least[key] for w in worlds]) for key in worlds[0].at_least}
    for subject in ("performance", "grade"):
        report(subject, rows, {name: at_least[subject, name] for name in FORECASTERS})
    once(rows)


def judge(world: World) -> Judged:
    """Train on two thirds, forecast from there, look up what came."""
    tables = FrameTables(world.tables())
    table = build_model_table(tables)
    last = world.first + round(world.months * 2 / 3) - 1
    months = range(world.first + BURN_IN, world.first + world.months)
    names = sorted(table.frame["enterprise_id"].unique())
    official = {month: states_at(tables, names, month) for month in months}
    trained = _train(tables, _until(table, last), {m: s for m, s in official.items() if m <= last})
    origins = range(last, world.first + world.months - 1, EVERY)
    return _forecast(tables, table, trained, official, origins)


def _until(table: ModelTable, last: int) -> ModelTable:
    frame = table.frame
    return replace(table, frame=frame[(frame["frequency"] == "month") & (frame["t"] <= last)])


def _train(tables: FrameTables, table: ModelTable, official: dict[int, dict[str, State]]) -> Trained:
    fitted = fit(table, Settings())
    cases = past_cases(tables, table, fitted)
    assert cases is not None, "a world of so many months has a past"
    asked = (cases.now, cases.ahead, cases.came, PATHS)
    return Trained(
        fitted.model,
        LevelModel(cases.admission, learn_blend(cases.share, *asked)),
        learn_blend(np.full_like(cases.share, 0.5), *asked, penalty=1.0),
        {subject: _chain(official, subject) for subject in ("performance", "grade")},
    )


def _chain(official: dict[int, dict[str, State]], subject: str) -> Array:
    pairs = [
        (level_of(subject, before), level_of(subject, official[month + 1][name]))
        for month, states in official.items()
        if month + 1 in official
        for name, before in states.items()
    ]
    known = np.array([pair for pair in pairs if min(pair) > 0])
    return transition_matrix(known[:, 0], known[:, 1])


def level_of(subject: str, state: State) -> int:
    """The level of the performance dimension or of the grade, as far as supplied; 0 where nothing is."""
    if all(level is None for level in state.levels.values()):
        return 0
    if subject == "performance":
        return performance(RULES, state)
    return int(RULES.grade(state.levels, state.items).level)


def _forecast(
    tables: FrameTables,
    table: ModelTable,
    trained: Trained,
    official: dict[int, dict[str, State]],
    origins: range,
) -> Judged:
    drawn = sample(trained.model, table, DRAWS, [to_label(month, "month") for month in origins])
    assert drawn is not None, "every world has plants that are forecast by the month"
    keys = list(zip(drawn.enterprise_ids, drawn.origin.tolist(), strict=True))
    states = tuple(official[month][name] for name, month in keys)
    names = sorted(set(drawn.enterprise_ids))
    records = monthly_records(tables, names, origins[0] - MONTHS + 1, origins[-1])
    known = records.windows(drawn.enterprise_ids, drawn.origin)
    begun = Start(drawn, states, known)
    found = [_of_part(begun, part, trained) for part in parts(len(drawn))]
    blocks = {key: np.concatenate([block[key] for block in found]) for key in found[0]}
    return _compare(begun, official, trained, blocks)


def _of_part(begun: Start, part: slice, trained: Trained) -> dict[str, Array]:
    """Shares R × 12 × 4 of the levels by paths and blend, and of reaching and holding them."""
    found = path_levels(RULES, begun, part, trained.learned.admission)
    plain, states = found.window[:, :, 1:], begun.states[part]
    blended = trained.learned.blended(found, begun.sample.enterprise_ids[part])
    best = np.maximum.accumulate(blended, axis=2)
    three = np.minimum(np.minimum(blended[:, :, 2:], blended[:, :, 1:-1]), blended[:, :, :-2])
    return {
        "performance paths": shares(plain),
        "performance blend": shares(blended),
        "grade paths": shares(graded(RULES, plain, states)),
        "grade blend": shares(graded(RULES, blended, states)),
        "reached": shares(best)[:, -1],
        "held": shares(three.max(axis=2, keepdims=True))[:, 0],
    }


def _compare(
    begun: Start, official: dict[int, dict[str, State]], trained: Trained, blocks: dict[str, Array]
) -> Judged:
    cases, month_counts = [], begun.known.months()
    for row, state in enumerate(begun.states):
        name, origin = begun.sample.enterprise_ids[row], int(begun.sample.origin[row])
        later = [official.get(origin + h, {}).get(name) for h in range(1, 13)]
        came = [0 if s is None else level_of("performance", s) for s in later]
        if level_of("performance", state) == 0:
            continue
        reached = [_ever(came, step, 1) for step in STEPS], [_ever(came, step, 3) for step in STEPS]
        for h, then in enumerate(later, start=1):
            if then is not None and came[h - 1] > 0:
                now = level_of("performance", state), level_of("grade", state)
                cases.append((row, h, *now, came[h - 1], level_of("grade", then), month_counts[row], reached))
    names = ["row", "h", "now performance", "now grade", "performance", "grade", "months", "reached"]
    rows = pd.DataFrame(cases, columns=names)
    return Judged(*_answers(rows, begun, trained, blocks))


def _ever(came: list[int], step: int, months: int) -> float:
    """Whether a level was reached, or held for so many months, within twelve; NaN if not all are known."""
    if min(came) == 0:
        return np.nan
    there = np.array(came) >= step
    return float(np.lib.stride_tricks.sliding_window_view(there, months).all(axis=1).any())


def _answers(
    rows: pd.DataFrame, begun: Start, trained: Trained, blocks: dict[str, Array]
) -> tuple[pd.DataFrame, dict[tuple[str, str], Array]]:
    row, h = rows["row"].to_numpy(), rows["h"].to_numpy(np.int64)
    half = np.full((len(rows), len(STEPS)), 0.5)
    now = rows["now performance"].to_numpy(np.int64)
    alone = trained.classifier.at_least(half, now, h, PATHS)
    found: dict[tuple[str, str], Array] = {}
    for subject in ("performance", "grade"):
        today: Index = rows[f"now {subject}"].to_numpy(np.int64)
        chain = [markov_at_least(trained.chains[subject], today, k) for k in range(1, 13)]
        found[subject, "today"] = (today[:, None] >= STEPS).astype(np.float64)
        found[subject, "markov"] = np.stack(chain, axis=1)[np.arange(len(rows)), h - 1]
        for name in ("paths", "blend"):
            found[subject, name] = blocks[f"{subject} {name}"][row, h - 1]
    held = graded(RULES, np.full((len(begun.states), 1, 1), 5, dtype=np.int8), begun.states)[:, 0, 0]
    found["performance", "classifier"] = alone
    found["grade", "classifier"] = np.where(held[row][:, None] >= STEPS, alone, 0.0)
    for name in ("reached", "held"):
        rows[f"{name} chance"] = list(blocks[name][row])
    return rows, found


def report(subject: str, rows: pd.DataFrame, found: dict[str, Array]) -> None:
    """Print score and calibration error by band of horizons."""
    came, band = rows[subject].to_numpy(np.int64), rows["h"].map(BANDS).to_numpy()
    print(f"\n{subject}: ranked probability score (against the Markov chain) | expected calibration error")
    for name in dict.fromkeys(BANDS[h] for h in range(1, 13)):
        _line(f"{name} months", came, found, band == name)
    _line("all", came, found, np.ones(len(rows), dtype=bool))
    young = rows["months"].to_numpy() <= 3
    if young.any():
        _line(f"young ({young.sum()})", came, found, young)
    for k, step in enumerate(STEPS):
        gaps = {n: calibration_error(p[:, k], (came >= step).astype(float)) for n, p in found.items()}
        print(f"  level {step}: " + "  ".join(f"{n} {gap:.4f}" for n, gap in gaps.items()))


def _line(title: str, came: Index, found: dict[str, Array], kept: Array) -> None:
    score = {name: ranked_probability_score(p[kept], came[kept]).mean() for name, p in found.items()}
    cells = []
    for name, p in found.items():
        error = np.mean([calibration_error(p[kept, k], came[kept] >= s) for k, s in enumerate(STEPS)])
        cells.append(f"{name} {score[name]:.4f} ({1 - score[name] / score['markov']:+.0%}) | {error:.4f}")
    print(f"  {title:12s} " + "   ".join(cells))


def once(rows: pd.DataFrame) -> None:
    """Print the calibration of reaching a level within twelve months, and of holding it for three."""
    first = rows[rows["h"] == 12]
    for place, name in enumerate(("reached", "held")):
        chance = np.stack(first[f"{name} chance"].to_list())
        happened = np.array([pair[place] for pair in first["reached"]])
        known = np.isfinite(happened).all(axis=1)
        errors = [calibration_error(chance[known, k], happened[known, k]) for k in range(len(STEPS))]
        print(f"{name} within twelve months ({known.sum()}): calibration error {np.mean(errors):.4f}")


if __name__ == "__main__":
    main()
