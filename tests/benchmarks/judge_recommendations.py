"""Judges advice by doing it: in simulated provinces whose causes are known.

    .venv/bin/python tests/benchmarks/judge_recommendations.py 100 101 102 --scenario default

The truth of a move is a do-intervention of the simulator under common random numbers, other plants held as
they were: the loss of months 7–18 with the lever held at `to`, against the lever held where it stands. Seeds
100–104 are for tuning; 900–904 for the report, once.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import ModelTable, build_model_table
from features.simulator import HARD, Scenario, World
from features.simulator.counterfactual import future_noise
from features.simulator.engine import Setting
from features.simulator.history import Course, imagine
from features.simulator.levers import SLOTS, slot_of
from features.simulator.targets import true_targets
from features.tables import FrameTables
from models.effects import EffectModel, fit_effects, readings_per_period
from models.recommend import RecommendationRow, advise
from models.recommend.advice import TARGETS
from models.recommend.money import yearly_losses
from models.recommend.moves import Range, shown_range

SCENARIOS = {"default": Scenario(), "hard": HARD}
MONTHS, COUNTED, FUTURES = 18, 12, 16
FRACTIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
Lever = tuple[str, str]


@dataclass(frozen=True)
class Truth:
    """The future of a world under settings: all plants at once, suppliers as without any."""

    world: World
    plain: Course

    @classmethod
    def of(cls, world: World) -> "Truth":
        noise = future_noise(world, world.months - 1, MONTHS, FUTURES)
        return cls(world, imagine(world.engine, world.history.states[-1], noise, None)[0])

    def under(self, values: dict[Lever, float]) -> dict[str, np.ndarray]:
        """Mean targets of the counted months and `loss` (CNY a year), (N,); one lever per plant."""
        world, shape = self.world, (1, self.world.plants.count, SLOTS)
        held, value = np.zeros(shape, dtype=bool), np.zeros(shape)
        for (enterprise, parameter), natural in values.items():
            plant = world.plant(enterprise)
            slot = slot_of(int(world.plants.sector[plant]), parameter)
            held[0, plant, slot] = True
            value[0, plant, slot] = (natural - world.levers.centre[plant, slot]) / world.levers.scale[
                plant, slot
            ]
        noise = future_noise(world, world.months - 1, MONTHS, FUTURES)
        setting = Setting(held, value, world.months)
        course, _ = imagine(world.engine, world.history.states[-1], noise, setting, like=self.plain)
        return self._summary(course)

    def _summary(self, course: Course) -> dict[str, np.ndarray]:
        months = course.months[-COUNTED:]
        targets = [true_targets(self.world.plants, month) for month in months]
        means = {y: np.mean([t[y].mean(axis=0) for t in targets], axis=0) for y in targets[0]}
        loss = sum(((m.internal + m.external) * m.output).mean(axis=0) for m in months)
        return means | {"loss": np.asarray(loss)}


@dataclass(frozen=True)
class Moves:
    """Every feasible move of a world: range, cost per unit, true yearly gain (CNY) by place."""

    span: dict[Lever, Range]
    cost: dict[Lever, float]
    gain: dict[Lever, dict[float, float]]
    worse: set[tuple[Lever, float]]

    def net(self, lever: Lever, to: float) -> float:
        return self.gain[lever][to] - 12 * self.cost[lever] * abs(to - self.span[lever].now)


def spans(table: ModelTable, model: EffectModel) -> tuple[dict[Lever, Range], dict[Lever, float]]:
    """Where levers stand and may go, and what a unit costs."""
    found, cost = {}, {}
    rows = {(r["enterprise_id"], r["parameter_id"]): r for _, r in table.parameters.iterrows()}
    for panel in model.panels:
        for i, enterprise in enumerate(panel.enterprises):
            for j, name in enumerate(panel.levers):
                row = rows.get((enterprise, name))
                span = (
                    shown_range(panel, i, j, row) if row is not None and row["kind"] == "actionable" else None
                )
                if span is not None and len(span.places()):
                    found[enterprise, name] = span
                    cost[enterprise, name] = float(np.nan_to_num(row["cost_per_unit"] or 0.0))
    return found, cost


def true_moves(truth: Truth, span: dict[Lever, Range], cost: dict[Lever, float]) -> Moves:
    """Does every lever of every plant at five places of its range: one run of the world per slot and place.

    `worse`: moves that let more nonconforming units out; they may save money, but are never the best.
    """
    gain: dict[Lever, dict[float, float]] = {lever: {} for lever in span}
    worse: set[tuple[Lever, float]] = set()
    for group in _one_lever_each(span):
        base = truth.under({lever: span[lever].now for lever in group})
        for f in FRACTIONS:
            places = {lever: span[lever].low + f * (span[lever].high - span[lever].low) for lever in group}
            after = truth.under(places)
            for lever, place in places.items():
                at = truth.world.plant(lever[0])
                gain[lever][place] = float((base["loss"] - after["loss"])[at])
                worse |= {(lever, place)} if after["ppm"][at] > base["ppm"][at] else set()
    return Moves(span, cost, gain, worse)


def _one_lever_each(levers: dict[Lever, Range]) -> Iterator[list[Lever]]:
    rest = sorted(levers)
    while rest:
        first = {enterprise: (enterprise, name) for enterprise, name in reversed(rest)}
        yield sorted(first.values())
        rest = [lever for lever in rest if first[lever[0]] != lever]


def done(truth: Truth, rows: list[RecommendationRow]) -> pd.DataFrame:
    """Every recommended move, done: true gain and true effect on its target beside what was promised."""
    answers = []
    for rank in sorted({r.rank for r in rows if r.rank}):
        mine = [r for r in rows if r.rank == rank]
        before = truth.under({(r.enterprise_id, r.parameter_id): r.from_ for r in mine})
        after = truth.under({(r.enterprise_id, r.parameter_id): r.to for r in mine})
        plain = truth.under({})
        for r in mine:
            at = truth.world.plant(r.enterprise_id)
            effect = float((after[r.target] - before[r.target])[at])
            answers.append(
                {
                    "enterprise": r.enterprise_id,
                    "rank": rank,
                    "lever": r.parameter_id,
                    "target": r.target,
                    "promised": r.benefit,
                    "cost": r.cost,
                    "confidence": r.confidence,
                    "gain": float((before["loss"] - after["loss"])[at]),
                    "against_leaving": float((plain["loss"] - after["loss"])[at]),
                    "sign": np.sign(effect) == np.sign(r.effect.estimate),
                    "covered": r.effect.low <= effect <= r.effect.high,
                }
            )
    return pd.DataFrame(answers)


def by_correlation(
    table: ModelTable, model: EffectModel, span: dict[Lever, Range]
) -> dict[str, tuple[Lever, float]]:
    """What a global correlation ranking would do: the sector's most correlated lever, moved its way."""
    best: dict[str, tuple[float, Lever, float]] = {}
    for panel in model.panels:
        y = panel.outcomes["internal_loss"]
        for j, name in enumerate(panel.levers):
            both = np.isfinite(y) & np.isfinite(panel.levels[:, j])
            frame = pd.DataFrame({"w": panel.who[both], "y": y[both], "d": panel.levels[both, j]})
            within = frame[["y", "d"]] - frame.groupby("w")[["y", "d"]].transform("mean")
            r = float(within.corr().iloc[0, 1])
            for enterprise in panel.enterprises:
                s = span.get((enterprise, name))
                if s is not None and abs(r) > best.get(enterprise, (0.0,))[0]:
                    best[enterprise] = (abs(r), (enterprise, name), s.low if r > 0 else s.high)
    return {e: (lever, to) for e, (_, lever, to) in best.items()}


def judge(seed: int, scenario: Scenario, plants: int, months: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(one row per enterprise, one row per recommended move) of one world."""
    world = World(seed, enterprises=plants, months=months, scenario=scenario)
    tables = FrameTables(world.tables())
    table = build_model_table(tables)
    model = fit_effects(table, readings_per_period(tables), targets=TARGETS)
    rows = advise(table, model, sorted(set(table.frame["enterprise_id"])), top=3)
    truth = Truth.of(world)
    moves = true_moves(truth, *spans(table, model))
    return summary(table, model, rows, moves, done(truth, rows)), done(truth, rows)


def summary(
    table: ModelTable, model: EffectModel, rows: list[RecommendationRow], moves: Moves, acted: pd.DataFrame
) -> pd.DataFrame:
    """Per enterprise: true net gain (CNY a year) of the best, a random, correlation's and our action."""
    correlation = by_correlation(table, model, moves.span)
    firsts = acted[acted["rank"] == 1].set_index("enterprise") if len(acted) else acted
    whole = table.frame[table.frame["product_id"] == ""]
    answers = []
    for enterprise in sorted({e for e, _ in moves.span}):
        mine = [lever for lever in moves.span if lever[0] == enterprise]
        nets = {(lever, to): moves.net(lever, to) for lever in mine for to in moves.gain[lever]}
        ends = np.array(
            [
                [moves.net(lever, end) for end in (min(moves.gain[lever]), max(moves.gain[lever]))]
                for lever in mine
            ]
        )
        ours = firsts.loc[enterprise] if len(firsts) and enterprise in firsts.index else None
        lever, to = correlation.get(enterprise, (None, 0.0))
        losses = yearly_losses(whole[whole["enterprise_id"] == enterprise])
        answers.append(
            {
                "enterprise": enterprise,
                "loss": (losses.internal or 0) + (losses.external or 0),
                "best": max([0.0, *(net for move, net in nets.items() if move not in moves.worse)]),
                "random": float(ends.mean()),
                "random lever": float(ends.max(axis=1).mean()),
                "correlation": np.nan if lever is None else nets[lever, to],
                "ours": np.nan if ours is None else ours["gain"] - ours["cost"],
            }
        )
    return pd.DataFrame(answers)


def share(name: str, among: pd.DataFrame) -> float:
    """Share of what was to be gained, all plants' money together."""
    return float(among[name].sum() / among["best"].sum()) if len(among) else np.nan


def each(name: str, among: pd.DataFrame) -> float:
    """Mean over plants of the share of what each could gain, cut to −2 … 1."""
    return float((among[name] / among["best"]).clip(-2, 1).mean())


def report(plants: pd.DataFrame, acted: pd.DataFrame) -> pd.Series:
    """The figures of issue 5, over enterprises with money on record and something to gain."""
    plants = plants[(plants["best"] > 0) & (plants["loss"] > 0)]
    advised = plants[plants["ours"].notna()]
    first = (
        acted[(acted["rank"] == 1) & acted["enterprise"].isin(advised["enterprise"])] if len(acted) else acted
    )
    loss = advised.set_index("enterprise")["loss"].reindex(first["enterprise"]).to_numpy()
    useless = first["gain"].abs().to_numpy() < 0.02 * loss
    return pd.Series(
        {
            "enterprises": len(plants),
            "abstained": 1 - len(advised) / max(len(plants), 1),
            "realised of best, money": share("ours", advised),
            "realised of best, mean plant": each("ours", advised),
            "random, mean plant": each("random", plants),
            "correlation, mean plant": each("correlation", plants),
            "random lever, right way": each("random lever", plants),
            "random, money": share("random", plants),
            "correlation, money": share("correlation", plants),
            "sign right": acted["sign"].mean(),
            "harmful first": (first["gain"] < 0).mean(),
            "useless first": float(np.mean(useless)),
            "coverage of 90 %": acted["covered"].mean(),
            "promised / realised": first["promised"].sum() / first["gain"].sum(),
            "promised / leaving alone": first["promised"].sum() / first["against_leaving"].sum(),
            "strong": (acted["confidence"] == "strong").mean(),
            "moves": len(acted),
        }
    )


def main() -> None:
    """Prints one column per world and one over all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--scenario", choices=SCENARIOS, default="default")
    parser.add_argument("--plants", type=int, default=60)
    parser.add_argument("--months", type=int, default=72)
    asked = parser.parse_args()
    parts = [judge(seed, SCENARIOS[asked.scenario], asked.plants, asked.months) for seed in asked.seeds]
    columns = {str(seed): report(*part) for seed, part in zip(asked.seeds, parts, strict=True)}
    whole = [
        pd.concat(
            [
                p[i].assign(enterprise=f"{s}-" + p[i]["enterprise"])
                for s, p in zip(asked.seeds, parts, strict=True)
                if len(p[i])
            ]
        )
        for i in (0, 1)
    ]
    columns["all"] = report(whole[0], whole[1])
    sys.stdout.write(pd.DataFrame(columns).to_string(float_format=lambda v: f"{v:.3f}") + "\n")


if __name__ == "__main__":
    main()
