"""A plant whose future is known by hand, and actions whose effects are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.model_table import ModelTable
from models.attainment.known import Characteristics, Known, Stages
from models.attainment.level_model import LevelModel
from models.attainment.levels import TARGET_OF
from models.attainment.official import State
from models.attainment.sample import Sample
from models.attainment.start import Start
from models.plans.grounds import Grounds
from models.plans.rows import Goal
from models.plans.trial import Moved
from models.recommend.rows import Effect, RecommendationRow
from models.rules_numpy import ArrayRules

ORIGIN = 2026 * 12 + 11
PATHS = 400
ITEMS = (
    "qms", "rd_design", "production", "quality_assurance", "supply_chain", "data", "strategy", "culture",
    "innovation",
)  # fmt: skip
VALUES = {"ftq": 0.96, "ppm": 9000.0, "cpk": 1.5, "internal_loss": 0.02, "external_loss": 0.02}
"""Level 3 all over, but for sigma: 9000 ppm is level 2, and level 3 asks for 6200."""


@dataclass(frozen=True)
class Normal:
    mean: float
    sd: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What moves do at once, said by hand."""

    failing: Normal
    escape: Normal
    arrival: tuple[float, ...]


@dataclass(frozen=True)
class Lever:
    """A lever's effect on the log of failing units, its cost (CNY a year), and how it comes in."""

    failing: float
    cost: float | None
    sd: float = 0.0
    escape: float = 0.0
    arrival: tuple[float, ...] = (1.0,) * 12


@dataclass(frozen=True)
class ByHand:
    """Effects that add up, but for named pairs that do `beyond` their sum."""

    levers: Mapping[str, Lever]
    beyond: Mapping[frozenset[str], float]

    def __call__(self, _enterprise: str, moves: Mapping[str, tuple[float, float]]) -> Answer:
        own = [self.levers[name] for name in moves]
        mean = sum(one.failing for one in own)
        mean += sum(extra for pair, extra in self.beyond.items() if pair <= set(moves))
        arrived = float(np.mean(own[0].arrival)) if own else 1.0
        return Answer(
            Normal(mean * arrived, float(np.hypot.reduce([one.sd for one in own])) * arrived),
            Normal(sum(one.escape for one in own) * arrived),
            own[0].arrival if own else (1.0,) * 12,
        )


def known_months(ppm: float, ftq: float, losses: tuple[float, float]) -> Known:
    """Twelve like months: 1000 units delivered, output of 100, one stage, one characteristic."""
    row = np.array([0])
    full = np.full((1, 12), 1.0)
    return Known(
        1000 * full,
        ppm / 1000 * full,
        100 * full,
        100 * losses[0] * full,
        100 * losses[1] * full,
        Stages(row, row, np.array([True]), 1000 * full, 1000 * ftq * full),
        Characteristics(row, np.array([-4.5]), np.array([4.5]), 100 * full, 0 * full, full, 99 * full),
    )


def begun(
    paths: int, spread: float, seed: int, items: Mapping[str, int | None], values: Mapping[str, float]
) -> Start:
    """One plant that goes on as it is; the ppm of each path is off by a factor that lasts."""
    off = np.exp(spread * np.random.default_rng(seed).standard_normal((1, paths, 1)))
    future = {target: np.full((1, paths, 12), value) for target, value in values.items()}
    future["ppm"] = future["ppm"] * off
    drawn = {target: Moved(own, answered_here=True) for target, own in future.items()}
    sample = Sample(("P",), np.array([ORIGIN]), paths, drawn, np.arange(paths), seed)
    official = {name: values[target] for name, target in TARGET_OF.items()}
    levels = {name: int(ArrayRules().level_of_value(name, value)) for name, value in official.items()}
    state = State(
        dict.fromkeys(levels, "measured"), {**levels}, {**official}, {i: items.get(i) for i in ITEMS}
    )
    losses = values["internal_loss"], values["external_loss"]
    return Start(sample, (state,), known_months(values["ppm"], values["ftq"], losses))


def rows_of(levers: Mapping[str, Lever]) -> list[RecommendationRow]:
    return [
        RecommendationRow(
            enterprise_id="P",
            rank=rank,
            parameter_id=name,
            from_=0.0,
            to=1.0,
            target="ftq",
            effect=Effect(estimate=0.01, low=0.0, high=0.02),
            cost=lever.cost or 0.0,
            confidence="strong",
        )
        for rank, (name, lever) in enumerate(levers.items(), start=1)
    ]


def history(months: int = 24) -> ModelTable:
    """A model table of one plant: failing units swing, Cpk does not follow, nothing is paid for outside."""
    t = np.arange(months)
    ftq = 0.96 + 0.005 * np.sin(t)
    frame = pd.DataFrame(
        {
            "enterprise_id": "P",
            "product_id": "",
            "frequency": "month",
            "t": ORIGIN - months + 1 + t,
            "ftq": ftq,
            "q.ftq_clipped": ftq,
            "ppm": 9000.0,
            "cpk": 1.5,
            "internal_loss": 0.02,
            "external_loss": 0.02,
            "q.internal_amount": 2.0,
            "q.external_amount": 2.0,
        }
    )
    return ModelTable(frame, (), pd.DataFrame())


def plant(
    levers: Mapping[str, Lever],
    *,
    beyond: Mapping[frozenset[str], float] | None = None,
    spread: float = 0.0,
    paths: int = PATHS,
    items: Mapping[str, int | None] | None = None,
    values: Mapping[str, float] | None = None,
) -> Grounds:
    """Grounds of the plant `P`: `levers` by name, pairs that do more than their sum, spread of log ppm."""
    own = VALUES | dict(values or {})
    stated = [(name, lever.cost) for name, lever in levers.items()]
    parameters = pd.DataFrame(stated, columns=["parameter_id", "cost_per_unit"]).assign(enterprise_id="P")
    return Grounds(
        begun(paths, spread, 1, items or {}, own),
        begun(paths, spread, 2, items or {}, own),
        LevelModel(),
        ByHand(levers, beyond or {}),
        ModelTable(history().frame, (), parameters),
        {"P": rows_of(levers)},
        "by hand",
    )


def goal(**changed: object) -> Goal:
    """Level 3 by the last month of the forecasts with probability 0.8, or otherwise."""
    return Goal(**({"enterprise_id": "P", "level": 3, "by": "2027-12", "probability": 0.8} | changed))
