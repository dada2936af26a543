"""Judges paths of months 13 to 36 on simulated provinces: bands, scores of levels, and first passages.

    .venv/bin/python -W ignore tests/benchmarks/judge_far.py --family additive 1201 1202 1203

A model is trained on each world's first 60 months (`--trained`); from there every third month is an origin,
as long as 36 months follow. What came is, by the real rules from the records, the official level of each
later month, and each indicator's value of the month. Compared: today's level for ever, a first-order Markov
chain of official levels (estimated on the months of training), the paths alone, and the blend that a
portfolio uses. `--learned no` has the defaults of `models.forecast.beyond` in place of what training learned.
Worlds 51–59 are for tuning; 1201–1203 for the report.
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
from models.attainment.blend import STEPS, shares
from models.attainment.known import MONTHS, Array
from models.attainment.learning import fit_levels
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
from models.forecast.beyond import usual
from models.forecast.forecaster import ForecastModel
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.results import TARGETS
from models.rules_numpy import ArrayRules
from tests.benchmarks.judge_levels import level_of

FAR, EVERY, DRAWS, BURN_IN = 36, 3, 500, 24
HORIZONS = (6, 12, 15, 18, 24, 30, 36)
WITHIN = (12, 24, 36)
FORECASTERS = ("today", "markov", "paths", "blend")
SUBJECTS = ("performance", "grade")
RULES = ArrayRules()
Official = dict[int, dict[str, State]]


@dataclass(frozen=True)
class Judged:
    """One world: `bands` a row per band and month, `levels` per origin and month, `passages` per origin."""

    bands: pd.DataFrame
    levels: pd.DataFrame
    passages: pd.DataFrame


@dataclass(frozen=True)
class Trained:
    """What was learned from the first months."""

    model: ForecastModel
    learned: LevelModel
    chains: dict[str, Array]


def main() -> None:
    """Judge the worlds asked for and print three tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seeds", type=int, nargs="+")
    asked.add_argument("--family", default="additive")
    asked.add_argument("--plants", type=int, default=80)
    asked.add_argument("--months", type=int, default=108)
    asked.add_argument("--trained", type=int, default=60)
    asked.add_argument("--learned", choices=("yes", "no"), default="yes")
    given = asked.parse_args()
    worlds = []
    for seed in given.seeds:
        began = time.process_time()
        world = World(seed, given.plants, given.months, family=given.family)
        worlds.append(judge(world, given.trained, given.learned == "yes"))
        print(f"world {seed}: {time.process_time() - began:.0f} CPU s", file=sys.stderr, flush=True)
    bands(pd.concat([world.bands for world in worlds]))
    for subject in SUBJECTS:
        levels(subject, pd.concat([world.levels for world in worlds]))
        passages(subject, pd.concat([world.passages for world in worlds]))


def judge(world: World, trained_on: int, learned: bool) -> Judged:
    """Train on the first months, forecast from there, look up what came."""
    tables = FrameTables(world.tables())
    table = build_model_table(tables)
    last = world.first + trained_on - 1
    names = sorted(table.frame["enterprise_id"].unique())
    months = range(world.first + BURN_IN, world.first + world.months)
    official = {month: states_at(tables, names, month) for month in months}
    trained = _train(tables, table, last, official, learned)
    begun = _begun(tables, table, trained.model, range(last, world.first + world.months - FAR, EVERY))
    return _compare(begun, official, trained, table.frame)


def _train(tables: FrameTables, table: ModelTable, last: int, official: Official, learned: bool) -> Trained:
    frame = table.frame
    past = replace(table, frame=frame[(frame["frequency"] == "month") & (frame["t"] <= last)])
    fitted = fit(past, Settings())
    known = {month: own for month, own in official.items() if month <= last}
    chains = {subject: _chain(known, subject) for subject in SUBJECTS}
    levels_ = LevelModel.from_dict(fit_levels(tables, past, fitted))
    return Trained(fitted.model if learned else _by_default(fitted.model), levels_, chains)


def _by_default(model: ForecastModel) -> ForecastModel:
    panels = {
        key: replace(own, targets={y: replace(one, beyond=usual(y)) for y, one in own.targets.items()})
        for key, own in model.panels.items()
    }
    return replace(model, panels=panels)


def _chain(official: Official, subject: str) -> Array:
    pairs = [
        (level_of(subject, before), level_of(subject, official[month + 1][name]))
        for month, states in official.items()
        if month + 1 in official
        for name, before in states.items()
    ]
    known = np.array([pair for pair in pairs if min(pair) > 0])
    return transition_matrix(known[:, 0], known[:, 1])


def _begun(tables: FrameTables, table: ModelTable, model: ForecastModel, origins: range) -> Start:
    drawn = sample(model, table, DRAWS, [to_label(month, "month") for month in origins], months=FAR)
    assert drawn is not None, "every world has plants that are forecast by the month"
    names = sorted(set(drawn.enterprise_ids))
    records = monthly_records(tables, names, origins[0] - MONTHS + 1, origins[-1])
    found = {month: states_at(tables, names, month) for month in origins}
    states = tuple(found[m][n] for n, m in zip(drawn.enterprise_ids, drawn.origin.tolist(), strict=True))
    return Start(drawn, states, records.windows(drawn.enterprise_ids, drawn.origin))


def _compare(begun: Start, official: Official, trained: Trained, frame: pd.DataFrame) -> Judged:
    actual = frame[(frame["frequency"] == "month") & (frame["product_id"] == "")]
    actual = actual.set_index(["enterprise_id", "t"])[list(TARGETS)]
    found: tuple[list[dict], list[dict], list[dict]] = ([], [], [])
    for part in parts(len(begun.sample)):
        found[0].extend(_bands(begun, part, actual))
        of_levels, of_passages = _levels(begun, part, official, trained)
        found[1].extend(of_levels)
        found[2].extend(of_passages)
    return Judged(*map(pd.DataFrame, found))


def _bands(begun: Start, part: slice, actual: pd.DataFrame) -> list[dict]:
    rows = []
    columns = [h - 1 for h in HORIZONS]
    for target, drawn in begun.sample.drawn.items():
        low, high = np.quantile(drawn.paths(part)[:, :, columns], (0.05, 0.95), axis=1)
        for row in np.flatnonzero(drawn.answered[part]):
            name, month = begun.sample.enterprise_ids[part.start + row], begun.sample.origin[part.start + row]
            for at, h in enumerate(HORIZONS):
                came = actual[target].get((name, month + h), np.nan)
                if np.isfinite(came):
                    inside = low[row, at] <= came <= high[row, at]
                    rows.append({"target": target, "h": h, "inside": inside, "above": came > high[row, at]})
    return rows


def _levels(begun: Start, part: slice, official: Official, trained: Trained) -> tuple[list[dict], list[dict]]:
    found = path_levels(RULES, begun, part, trained.learned.admission)
    paths, states = found.window[:, :, 1:], begun.states[part]
    blend = trained.learned.blended(found, begun.sample.enterprise_ids[part])
    of = {
        "performance": {"paths": paths, "blend": blend},
        "grade": {"paths": graded(RULES, paths, states), "blend": graded(RULES, blend, states)},
    }
    scored: tuple[list[dict], list[dict]] = ([], [])
    for subject, own in of.items():
        share = {name: shares(levels) for name, levels in own.items()}
        reach = shares(np.maximum.accumulate(own["blend"], axis=2))
        for row, state in enumerate(states):
            name = begun.sample.enterprise_ids[part.start + row]
            month = int(begun.sample.origin[part.start + row])
            now = level_of(subject, state)
            came = [official[month + h].get(name) for h in range(1, FAR + 1)]
            known = np.array([0 if s is None else level_of(subject, s) for s in came])
            if now == 0 or (known == 0).any():
                continue
            scored[0].extend(_scored(subject, now, known, {n: s[row] for n, s in share.items()}, trained))
            scored[1].extend(_passed(subject, now, known, reach[row], trained))
    return scored


def _scored(subject: str, now: int, came: Array, share: dict[str, Array], trained: Trained) -> list[dict]:
    rows = []
    for h in HORIZONS:
        said = {
            "today": (now >= STEPS).astype(np.float64),
            "markov": markov_at_least(trained.chains[subject], np.array([now]), h)[0],
            **{name: own[h - 1] for name, own in share.items()},
        }
        scores = {n: float(ranked_probability_score(p[None], came[[h - 1]])[0]) for n, p in said.items()}
        rows.append({"subject": subject, "h": h, **scores})
        rows[-1] |= {f"{n} {s}": p for n in ("markov", "blend") for s, p in zip(STEPS, said[n], strict=True)}
        rows[-1] |= {f"came {s}": float(came[h - 1] >= s) for s in STEPS}
    return rows


def _passed(subject: str, now: int, came: Array, reach: Array, trained: Trained) -> list[dict]:
    rows = []
    for at, step in enumerate(STEPS):
        absorbing = trained.chains[subject].copy()
        absorbing[step - 1 :] = np.eye(len(absorbing))[step - 1 :]
        for within in WITHIN:
            if now < step:
                chain = markov_at_least(absorbing, np.array([now]), within)[0, at]
                happened = float((came[:within] >= step).any())
                said = {"chance": reach[within - 1, at], "markov": chain, "happened": happened}
                rows.append({"subject": subject, "step": step, "within": within, **said})
    return rows


def bands(rows: pd.DataFrame) -> None:
    """Print how often 90 % bands held."""
    print("\nshare of months inside 90 % bands (above them), by months ahead")
    for target, own in rows.groupby("target", sort=False):
        cells = [
            f"{h}: {part['inside'].mean():.3f} ({part['above'].mean():.3f})" for h, part in own.groupby("h")
        ]
        print(f"  {target:14s} {'  '.join(cells)}   n {len(own) // len(HORIZONS)}")


def levels(subject: str, rows: pd.DataFrame) -> None:
    """Print scores and calibration by months ahead."""
    rows = rows[rows["subject"] == subject]
    print(
        f"\n{subject}: ranked probability score (against the Markov chain) | calibration of chain, of blend"
    )
    for h, own in rows.groupby("h"):
        score = own[list(FORECASTERS)].mean()
        cells = [f"{n} {score[n]:.4f} ({1 - score[n] / score['markov']:+.0%})" for n in FORECASTERS]
        errors = [
            np.mean(
                [calibration_error(own[f"{n} {s}"].to_numpy(), own[f"came {s}"].to_numpy()) for s in STEPS]
            )
            for n in ("markov", "blend")
        ]
        print(f"  {h:2d} months  {'   '.join(cells)}   | {errors[0]:.4f}, {errors[1]:.4f}   n {len(own)}")
        shown = [f"{own[f'blend {s}'].mean():.3f} ({own[f'came {s}'].mean():.3f})" for s in STEPS]
        print(f"             at level 2 … 5 or better, said (came): {'  '.join(shown)}")


def passages(subject: str, rows: pd.DataFrame) -> None:
    """Print how many were said to reach a level they are below, and how many did."""
    rows = rows[rows["subject"] == subject]
    print(f"{subject}: reaching a level within so many months: said, by the chain, happened | Brier, chain's")
    for (step, within), own in rows.groupby(["step", "within"]):
        chance, chain, happened = (own[name].to_numpy() for name in ("chance", "markov", "happened"))
        shares_of = f"{chance.mean():.3f}, {chain.mean():.3f}, {happened.mean():.3f}"
        brier = " | {:.4f}, {:.4f}".format(*(np.mean((said - happened) ** 2) for said in (chance, chain)))
        error = f"   calibration error {calibration_error(chance, happened):.4f}   n {len(own)}"
        print(f"  level {step} within {within}: {shares_of}{brier}{error}")


if __name__ == "__main__":
    main()
