"""Which other lines take part: like ones first, and among those the quietest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.effects.links import FloatArray
from models.pilots.beliefs import Question
from models.pilots.noise import LineNoise
from models.recommend.moves import Range

CHOICE = 2
"""How many like lines are looked at for every one that takes part."""


@dataclass(frozen=True)
class Partner:
    """A line of the pilot: its row in the sector's panel, and where its lever stands and would go."""

    index: int
    now: float
    to: float


Spans = Callable[[int], Range | None]
"""Place and shown range of the lever in question on a line (row of the panel); None where it may not move."""


def partners(
    own_index: int, question: Question, spans: Spans, noises: Sequence[LineNoise], weights: FloatArray
) -> list[Partner]:
    """All lines that could take part in a question's pilot, the enterprise itself (`own_index`) first.

    Alike is who stands close in level of quality (in standard deviations between lines) and in the lever's
    place (in steps of the pilot); of twice as many like lines as are asked for, those come first whose pair
    difference (`weights`, as `Switchback.pair_weights`) varies least. A line must have room for the whole
    step within what it has itself shown.
    """
    own = Partner(own_index, question.span.now, question.to)
    others = (i for i in range(len(noises)) if i != own_index)
    able = [p for i in others if (p := _able(question, spans(i), i))]
    level = np.array([noise.level for noise in noises])
    apart = max(float(np.nanstd(level)), 1e-9)
    distance = {
        p.index: ((level[p.index] - level[own_index]) / apart) ** 2 + ((p.now - own.now) / question.step) ** 2
        for p in able
    }
    near = sorted(able, key=lambda p: (not np.isfinite(distance[p.index]), distance[p.index]))
    ranked: list[Partner] = []
    while near:
        quiet = min(near[:CHOICE], key=lambda p: noises[p.index].variance(weights))
        ranked.append(quiet)
        near.remove(quiet)
    return [own, *ranked]


def _able(question: Question, span: Range | None, index: int) -> Partner | None:
    if span is None or not span.low <= span.now + question.step <= span.high:
        return None
    return Partner(index, span.now, span.now + question.step)
