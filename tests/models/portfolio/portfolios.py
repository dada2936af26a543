"""Portfolios by hand: every number that a test is about is written down, the files are the product's own."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from features.periods import to_index, to_label
from models.portfolio import Portfolio
from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER
from models.portfolio.horizon import AHEAD, FAR
from models.portfolio.paths import Ahead
from models.portfolio.publishing import Found, in_order, keep
from models.rules_numpy import ArrayRules

TODAY = to_index("2025-12")


@dataclass
class Plant:
    """`level` today, `past` levels by month label, `ahead` by level: the month on each path (0: never)."""

    id: str
    level: int = 1
    past: dict = field(default_factory=dict)
    ahead: dict = field(default_factory=dict)
    region: str = "330100"
    industry: str = "3610"
    size: str = "small"
    chain: str = ""
    end: str = "2025-12"
    ftq: float = 0.9
    forecast: bool = True
    standard_since: object = None


def answer(plant):
    """An official answer; level 0: incomplete."""
    book = ArrayRules().book
    level = plant.level or None
    return {
        "enterprise_id": plant.id,
        "window": {"start": "2025-01", "end": plant.end},
        "status": "final" if level else "incomplete",
        "level": level,
        "at_most": plant.level or 5,
        "dimensions": {"performance": level},
        "indicators": {
            name: {"level": level, "value": str(plant.ftq) if name == "ftq" else None}
            for name in book.ladders
        },
        "items": dict.fromkeys(book.items, plant.level or 1),
    }


def found(plants, paths=4, months=FAR):
    """Both readings of a level alike."""
    register = pd.DataFrame(
        {
            "enterprise_id": [plant.id for plant in plants],
            "name": [f"{plant.id} 厂" for plant in plants],
            "region_code": [plant.region for plant in plants],
            "industry_code": [plant.industry for plant in plants],
            "size": [plant.size for plant in plants],
            "chain": [plant.chain for plant in plants],
            "standard_since": pd.to_datetime([plant.standard_since for plant in plants]),
        }
    )
    rows = [
        (plant.id, to_index(month), level, level) for plant in plants for month, level in plant.past.items()
    ]
    history = pd.DataFrame(rows, columns=["enterprise_id", "month", *BASES])
    history = history.astype({"month": np.int64, **dict.fromkeys(BASES, np.int8)})
    latest = {plant.id: to_index(plant.end) for plant in plants}
    answers = {plant.id: answer(plant) for plant in plants}
    return Found(
        in_order(register), answers, latest, history, ahead([p for p in plants if p.forecast], paths, months)
    )


def ahead(plants, paths, months):
    """Months ahead as written, chances counted from them."""
    first = np.full((4, len(plants), paths), NEVER, dtype=np.uint8)
    for row, plant in enumerate(plants):
        for level, own in plant.ahead.items():
            first[level - 2, row] = [month or NEVER for month in own]
    reach = np.stack([(first <= month).mean(axis=2).T for month in AHEAD], axis=2).astype(np.float32)
    fall = np.zeros((len(plants), len(AHEAD)), dtype=np.float32)
    every = tuple(plant.id for plant in plants)
    return Ahead(every, paths, months, *(dict.fromkeys(BASES, kind) for kind in (first, reach, fall)))


def portfolio(folder, plants, paths=4, plan_targets=(), months=FAR):
    """Written and read back."""
    folder.mkdir(exist_ok=True, parents=True)
    facts = {"model_version": "by hand", "files": [], "plan_targets": list(plan_targets)}
    keep(folder, found(plants, paths, months), facts)
    return Portfolio.load(folder)


def steady(level, since="2023-01", until="2025-11"):
    """The same level in every month."""
    return {to_label(month, "month"): level for month in range(to_index(since), to_index(until) + 1)}
