"""Judges pilots by running them: in simulated provinces, month by month, with the records that would be kept.

    .venv/bin/python tests/benchmarks/judge_pilots.py 21 22 --family additive --lines 1 --months 24

In every plant (or group of `--lines` plants of a sector) two levers get a switchback each, in separate runs:
the placebo, and a true cause drawn by lot. The schedule is the one that hears best by closed form; the plan
is followed in 32 futures under which all else goes on; the analysis is the planned one, on recorded yields of
the lever's own process, the sector's other plants taking off common shocks. Printed: how often the placebo is
found (size, at most 5 %), how often the cause is, what power was promised for its true effect, and how often
the 90 % interval holds that effect.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import build_model_table
from features.simulator import HARD, Scenario, World
from features.simulator.levers import slot_of
from features.simulator.observed.shopfloor import LOTS, lot_size
from features.simulator.sectors import SECTORS
from features.simulator.trials import Trial
from features.tables import FrameTables
from models.effects.panel import Panel, build_panels
from models.pilots.analysis import judge_switchback
from models.pilots.layout import Switchback
from models.pilots.noise import LineNoise, less_common, line_noises
from models.pilots.options import Option, switchbacks
from models.pilots.power import power

SCENARIOS = {"default": Scenario(), "hard": HARD}
FUTURES = 32
ARRIVAL = (0.75, 0.94)
ENDS = (0.05, 0.95)
MOST_Z = 3.4


@dataclass(frozen=True)
class Pilot:
    """One lever on some plants of a sector: rows of the world, values of both arms, schedule."""

    parameter: str
    placebo: bool
    plants: list[int]
    now: list[float]
    to: list[float]
    lead: int
    option: Option
    coins: np.ndarray


def pilots(world: World, panel: Panel, lines: int, months: int, rng: np.random.Generator) -> Iterator[Pilot]:
    """Both levers' pilots of every group of plants of a monthly sector."""
    plants = [world.plant(e) for e in panel.enterprises]
    sector = int(world.plants.sector[plants[0]])
    specs = SECTORS[sector].parameters
    placebo = next(s.parameter_id for s in specs if s.role == "placebo")
    causes = [s.parameter_id for s in specs if s.role == "cause" and s.process >= 0]
    for group in np.array_split(rng.permutation(len(plants)), max(len(plants) // lines, 1)):
        rows = group[:lines].tolist()
        for name in (placebo, str(rng.choice(causes))):
            made = (
                _pilot(world, panel, rows, name, name == placebo, months, rng)
                if name in panel.levers
                else None
            )
            if made is not None:
                yield made


def _pilot(
    world: World,
    panel: Panel,
    rows: list[int],
    name: str,
    placebo: bool,
    months: int,
    rng: np.random.Generator,
) -> Pilot | None:
    lever = panel.levers.index(name)
    place, levels = panel.place[:, lever], panel.levels[:, lever]
    if any(np.isfinite(levels[r]).sum() < 12 or place[r] < 0 for r in rows):
        return None
    y = np.where((place >= 0)[:, None], panel.steps[np.arange(len(place)), place], np.nan).T
    noises = line_noises(y)
    mine: tuple[LineNoise, ...] = tuple(noises[r] for r in rows)
    lead = int(panel.lead[lever])
    options = list(switchbacks(mine, months - lead, ARRIVAL, 0.8)) if all(n.audible for n in mine) else []
    if not options:
        return None
    option = min(options, key=lambda o: o.detectable)
    assert isinstance(option.layout, Switchback)
    now = [float(np.nanmean(levels[r][-12:])) for r in rows]
    ends = [np.nanquantile(levels[r], ENDS) for r in rows]
    to = [float(max(e, key=lambda x, n=n: abs(x - n))) for e, n in zip(ends, now, strict=True)]
    way = np.sign(to[0] - now[0])
    to = [float(e[1] if way > 0 else e[0]) for e in ends]
    plants = [world.plant(panel.enterprises[r]) for r in rows]
    slot = slot_of(int(world.plants.sector[plants[0]]), name)
    to = [_possible(world, plant, slot, x) for plant, x in zip(plants, to, strict=True)]
    return Pilot(name, placebo, plants, now, to, lead, option, option.layout.coins(len(rows), rng))


def _possible(world: World, plant: int, slot: int, value: float) -> float:
    """A noisy reading may lie where no setting can be."""
    centre, scale = world.levers.centre[plant, slot], world.levers.scale[plant, slot]
    return float(np.clip(value, centre - MOST_Z * scale, centre + MOST_Z * scale))


def run(world: World, group: list[Pilot], months: int) -> list[dict[str, object]]:
    """Pilots of different sectors in the same futures, once to plan and once held at A throughout."""
    planned, held = (_trial(world, group, months, follow) for follow in (True, False))
    return [_judged(world, p, planned, held) for p in group]


def _trial(world: World, group: list[Pilot], months: int, follow: bool) -> Trial:
    plan: dict[tuple[str, str], dict[str, float]] = {}
    for p in group:
        treated = p.option.layout.treated(p.coins)
        for k, plant in enumerate(p.plants):
            arm = treated[k] & follow
            plan[world.enterprises[plant], p.parameter] = {
                world.period(world.months + i): p.to[k] if b else p.now[k] for i, b in enumerate(arm)
            }
    return world.trial(plan, months, FUTURES)


def _judged(world: World, p: Pilot, planned: Trial, held: Trial) -> dict[str, object]:
    sector = world.plants.sector[p.plants[0]]
    slot = slot_of(int(sector), p.parameter)
    every = np.arange(world.plants.count)
    step = np.argmax(world.levers.into[:, slot], axis=1)
    window = slice(p.lead, p.lead + p.option.periods)
    submitted = LOTS * lot_size(world.plants).sum(axis=1)
    seen, true, base = (
        np.log(-np.log(np.minimum(t[window][:, :, every, step], (submitted + 0.5) / (submitted + 1))))
        for t in (planned.steps, planned.expected_steps, held.expected_steps)
    )
    like = [n for n in range(world.plants.count) if world.plants.sector[n] == sector and n not in p.plants]
    found = []
    for future in range(FUTURES):
        y = less_common(seen[:, future, p.plants], seen[:, future, like])
        shift = judge_switchback((true - base)[:, future, p.plants], p.option.layout, p.coins)
        result = judge_switchback(y, p.option.layout, p.coins, seed=future)
        found.append((result.p_value <= 0.05, shift.estimate, result.low <= shift.estimate <= result.high))
    rejected, shift, covered = np.array(found, dtype=float).T
    effect = float(shift.mean())
    o = p.option
    return {
        "placebo": p.placebo,
        "lever": p.parameter,
        "pairs": o.degrees + 1,
        "block": o.layout.block,
        "effect": effect,
        "detectable": o.detectable * o.share,
        "promised": power(effect, o.error * o.share, o.degrees, o.size),
        "found": float(rejected.mean()),
        "covered": float(covered.mean()),
    }


def judge(seed: int, family: str, scenario: str, lines: int, months: int) -> pd.DataFrame:
    """One row per pilot of one world."""
    world = World(seed, enterprises=60, months=72, family=family, scenario=SCENARIOS[scenario])
    panels = [
        p for p in build_panels(build_model_table(FrameTables(world.tables()))) if p.frequency == "month"
    ]
    rng = np.random.default_rng(seed)
    queues = [list(pilots(world, p, lines, months, rng)) for p in panels]
    rows: list[dict[str, object]] = []
    while any(queues):
        rows += run(world, [q.pop() for q in queues if q], months)
    return pd.DataFrame(rows)


def report(rows: pd.DataFrame) -> pd.Series:
    """The figures of one world, or of all."""
    causes = rows[~rows["placebo"]]
    heard = causes[causes["effect"].abs() >= causes["detectable"]]
    return pd.Series(
        {
            "pilots": len(rows),
            "pairs, median": rows["pairs"].median(),
            "detectable (log failing), median": rows["detectable"].median(),
            "placebo found (size)": rows.loc[rows["placebo"], "found"].mean(),
            "cause found": causes["found"].mean(),
            "cause: power promised": causes["promised"].mean(),
            "effect ≥ detectable: pilots": len(heard),
            "effect ≥ detectable: found": heard["found"].mean(),
            "effect ≥ detectable: promised": heard["promised"].mean(),
            "90 % interval covers": rows["covered"].mean(),
        }
    )


def main() -> None:
    """Prints one column per world and one over all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--family", default="additive")
    parser.add_argument("--scenario", choices=SCENARIOS, default="default")
    parser.add_argument("--lines", type=int, default=1)
    parser.add_argument("--months", type=int, default=24)
    asked = parser.parse_args()
    parts = {s: judge(s, asked.family, asked.scenario, asked.lines, asked.months) for s in asked.seeds}
    columns = {str(seed): report(rows) for seed, rows in parts.items()}
    columns["all"] = report(pd.concat(parts.values()))
    sys.stdout.write(pd.DataFrame(columns).to_string(float_format=lambda v: f"{v:.3f}") + "\n")


if __name__ == "__main__":
    main()
