"""Starts of many enterprises without any training: paths are random walks about values near thresholds."""

from dataclasses import dataclass

import numpy as np

from models.attainment.known import Characteristics, Known, Stages
from models.attainment.levels import TARGET_OF
from models.attainment.official import State
from models.attainment.sample import Sample
from models.attainment.start import Start
from models.rules_numpy import ArrayRules

MIDDLE = {"ppm": 3000.0, "ftq": 0.93, "internal_loss": 0.02, "external_loss": 0.01, "cpk": 1.2}


@dataclass(frozen=True)
class Walks:
    """Given paths of one target, R × P × M."""

    values: np.ndarray

    @property
    def answered(self):
        return np.ones(len(self.values), dtype=bool)

    def paths(self, rows):
        return self.values[rows]


def begun(rows, paths, months, seed=1):
    """R enterprises of one to three stages and characteristics, with paths of every target."""
    rng = np.random.default_rng(seed)
    drawn = {}
    for target, middle in MIDDLE.items():
        walk = np.cumsum(rng.normal(0, 0.1, (rows, paths, months)), axis=2) + rng.normal(0, 0.5, (rows, 1, 1))
        drawn[target] = Walks(
            np.exp(-np.exp(np.log(-np.log(middle)) + walk)) if target == "ftq" else middle * np.exp(walk)
        )
    levels = rng.integers(1, 5, (rows, len(TARGET_OF)))
    items = rng.integers(1, 6, (rows, len(ArrayRules().book.items)))
    states = tuple(
        State(
            dict.fromkeys(TARGET_OF, "measured"),
            dict(zip(TARGET_OF, level.tolist(), strict=True)),
            {"cpk": 1.2},
            dict(zip(ArrayRules().book.items, item.tolist(), strict=True)),
        )
        for level, item in zip(levels, items, strict=True)
    )
    names = tuple(f"E{row:05d}" for row in range(rows))
    sample = Sample(names, np.full(rows, 24311), paths, drawn, rng.integers(0, 6, paths), months=months)
    return Start(sample, states, known(rows, rng))


def known(rows, rng):
    """Twelve known months."""

    def monthly(middle, count=rows):
        return middle * np.exp(rng.normal(0, 0.2, (count, 12)))

    stages, measured = (np.repeat(np.arange(rows), rng.integers(1, 4, rows)) for _ in range(2))
    submitted = monthly(1000.0, len(stages))
    first = np.append(True, stages[1:] != stages[:-1])
    return Known(
        *(monthly(middle) for middle in (1000.0, 3.0, 100.0, 2.0, 1.0)),
        Stages(stages, np.zeros_like(stages), first, submitted, submitted * 0.96),
        Characteristics(
            measured,
            np.full(len(measured), -3.6),
            np.full(len(measured), np.nan),
            np.full((len(measured), 12), 25.0),
            np.zeros((len(measured), 12)),
            monthly(1.0, len(measured)),
            np.full((len(measured), 12), 20.0),
        ),
    )
