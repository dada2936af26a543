"""Variables ranked by the evidence that an episode entered through them, each with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from models.causes.evidence import edges, excess, excess_over
from models.causes.onset import Direction, direction, onsets
from models.causes.surprise import (
    LAGS,
    Array,
    Levels,
    Surprise,
    against_all_past,
    against_own_past,
    standardised,
)

LEAST_REFERENCE: Final = 100
LEAST_EPISODE: Final = 8
PSEUDO_STRIDE: Final = 10
STRETCHES: Final = 5
SEEN: Final = 1.5
"""How far beyond all of the reference's own stretches an episode must stand out to be called one."""
EDGE: Final = float(np.log(2.0))
"""Evidence of a stretch at the edge of what good running shows (`models.causes.evidence.excess`)."""

Reason = Literal["mechanism", "follows", "apart", "usual"]
"""Own past and the others' past both broke; it moved, but as the others explain; it moves as ever, but no
longer as the others say; nothing unusual."""


class NoCausesError(ValueError):
    """Too little on record to say where an episode came from."""


@dataclass(frozen=True)
class Cause:
    """One variable's part: `evidence` is the mean of `own` (it moved against its own past) and `unexplained`
    (nor does the past of the others explain it), both as `models.causes.evidence.excess` scales them.

    `onset` counts readings from the start of the episode (None: never beyond what the reference reached);
    `shift` is its mean level in the episode in standard deviations of good running.
    """

    rank: int
    variable: str
    evidence: float
    own: float
    unexplained: float
    onset: int | None
    direction: Direction
    shift: float

    @property
    def reason(self) -> Reason:
        """What kind of evidence this is."""
        if max(self.own, self.unexplained) <= EDGE:
            return "usual"
        if self.unexplained <= EDGE:
            return "follows"
        return "apart" if self.own <= EDGE else "mechanism"


@dataclass(frozen=True)
class Causes:
    """All candidates, best first; the outcomes beside them (rank 0), never among them.

    `departure` is the top evidence of the episode divided by the highest that any stretch of good running of
    the same length shows (of at most a fifth of the reference; a longer episode is judged by its beginning).
    """

    rows: tuple[Cause, ...]
    outcomes: tuple[Cause, ...]
    departure: float

    @property
    def seen(self) -> bool:
        """Whether there is anything to explain; where not, the ranking is a list of chances."""
        return self.departure > SEEN


def rank_causes(
    reference: Array,
    episode: Array,
    names: list[str],
    outcomes: frozenset[str] = frozenset(),
    before: Array | None = None,
) -> Causes:
    """Ranks the variables `names` (J,) by the evidence that what happened entered through them.

    `reference` (n, J) readings of good running, `episode` (m, J) from its start on, `before` the last rows
    before it (at least five, else the episode gives up its first five); rows equally spaced in time.
    Variables named in `outcomes` are neither ranked nor used to explain others. NaN counts as the last value
    known. Raises `NoCausesError` where fewer than 100 rows of reference or eight of the episode are given.
    """
    _enough(reference, episode)
    good, after = _filled(reference, reference), _filled(episode, reference)
    levels = standardised(good, after, None if before is None else _filled(before, reference))
    candidate = np.array([n not in outcomes for n in names])
    own, every = against_own_past(levels), against_all_past(levels, candidate)
    table = _table(levels, own, every, names)
    ranked = sorted(
        (row for row, is_candidate in zip(table, candidate, strict=True) if is_candidate),
        key=lambda row: (-row.evidence, row.variable),
    )
    rows = tuple(_at(row, place) for place, row in enumerate(ranked, start=1))
    others = tuple(row for row, is_candidate in zip(table, candidate, strict=True) if not is_candidate)
    return Causes(rows, others, _departure(own, every, candidate))


def _enough(reference: Array, episode: Array) -> None:
    if len(reference) < LEAST_REFERENCE:
        raise NoCausesError(
            f"{len(reference)} readings of good running; at least {LEAST_REFERENCE} are needed. "
            "Name a longer stretch with --reference"
        )
    if len(episode) < LEAST_EPISODE + LAGS:
        raise NoCausesError(
            f"{len(episode)} readings since the start; wait for at least {LEAST_EPISODE + LAGS}"
        )


def _filled(rows: Array, reference: Array) -> Array:
    """Last value known; before the first one, the reference's mean."""
    known = np.where(np.isfinite(rows), np.arange(len(rows))[:, None], -1)
    last = np.maximum.accumulate(known, axis=0)
    held = np.take_along_axis(rows, np.maximum(last, 0), axis=0)
    counts = np.maximum(np.isfinite(reference).sum(axis=0), 1)
    return np.asarray(np.where(last >= 0, held, np.nansum(reference, axis=0) / counts))


def _table(levels: Levels, own: Surprise, every: Surprise, names: list[str]) -> list[Cause]:
    moved, unexplained = excess(own), excess(every)
    starts = onsets(own, every)
    return [
        Cause(
            rank=0,
            variable=name,
            evidence=float((moved[j] + unexplained[j]) / 2),
            own=float(moved[j]),
            unexplained=float(unexplained[j]),
            onset=starts[j],
            direction=direction(
                levels.episode[:, j], own.now[:, j], unusual=max(moved[j], unexplained[j]) > EDGE
            ),
            shift=float(levels.episode[:, j].mean()),
        )
        for j, name in enumerate(names)
    ]


def _at(row: Cause, place: int) -> Cause:
    return Cause(**(vars(row) | {"rank": place}))


def _departure(own: Surprise, every: Surprise, candidate: NDArray[np.bool_]) -> float:
    length = min(len(own.now), len(own.usual) // STRETCHES)
    starts = range(0, len(own.usual) - length + 1, max(PSEUDO_STRIDE, length // PSEUDO_STRIDE))
    usual = [edges(s.usual, length) for s in (own, every)]

    def top(parts: list[Array]) -> float:
        both = [excess_over(part, edge) for part, edge in zip(parts, usual, strict=True)]
        return float(((both[0] + both[1]) / 2)[candidate].max())

    highest = max(top([s.usual[a : a + length] for s in (own, every)]) for a in starts)
    return top([s.now[:length] for s in (own, every)]) / highest
