"""The simplest ways to choose: by lot, by lot with the way told by an oracle, by correlation."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from models.judge.choice import Choice, Lever
from models.judge.promises import ranked
from models.judge.province import Province
from models.judge.sample import Sample, samples
from models.judge.scores import TOP
from models.judge.truth import Truth

Generator = np.random.Generator


def lot(province: Province, rng: Generator) -> list[Choice]:
    """Three levers of each plant drawn by lot, each to an end of its range drawn by lot."""
    return [
        lever.to(lever.high if rng.random() < 0.5 else lever.low, rank)
        for rank, lever in _drawn(province, rng)
    ]


def lot_with_oracle(province: Province, rng: Generator, truth: Truth) -> list[Choice]:
    """The same levers, each to its better end: what knowing the way alone is worth."""
    drawn = _drawn(province, rng)
    low, high = (
        truth.of((x.enterprise_id, x.parameter_id, getattr(x, end)) for _, x in drawn)["net"]
        for end in ("low", "high")
    )
    return [
        lever.to(lever.high if up else lever.low, rank)
        for (rank, lever), up in zip(drawn, high > low, strict=True)
    ]


def _drawn(province: Province, rng: Generator) -> list[tuple[int, Lever]]:
    """(rank, lever), three of each plant."""
    turns: Counter[str] = Counter()
    found = []
    for i in rng.permutation(len(province.levers)):
        lever = province.levers[i]
        turns[lever.enterprise_id] += 1
        if turns[lever.enterprise_id] <= TOP:
            found.append((turns[lever.enterprise_id], lever))
    return found


def by_correlation(province: Province) -> list[Choice]:
    """The levers that correlate most with yield within the plants of a sector, moved the way it says."""
    strength = {
        (sample.sector, lever): _correlation(sample, j)
        for sample in samples(province)
        for j, lever in enumerate(sample.levers)
    }
    valued = []
    for lever in province.levers:
        r = strength.get((lever.sector, lever.parameter_id), 0.0)
        if r:
            valued.append((abs(r), lever.to(lever.low if r > 0 else lever.high)))
    return ranked(valued)


def _correlation(sample: Sample, lever: int) -> float:
    """Of a lever's level and log(−log yield), both from their plant's mean; 0 where there is none."""
    known = np.isfinite(sample.levels[:, lever])
    frame = pd.DataFrame({"y": sample.y[known], "d": sample.levels[known, lever]})
    within = frame - frame.groupby(sample.who[known]).transform("mean")
    return float(np.nan_to_num(within["y"].corr(within["d"])))
