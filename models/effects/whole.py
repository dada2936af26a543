"""What moves do to a plant as a whole: how many units fail, and what share of those gets out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.links import ESCAPE, FloatArray
from models.effects.panel import EVERYWHERE
from models.effects.sector import PERIODS_A_YEAR, Change, SectorEffects, doubt
from models.effects.series import STEPWISE

CHECK: Final = 3.0
REST: Final = 1.645
NOTHING: Final = Change(0.0, 0.0, {})


@dataclass(frozen=True)
class Together:
    """Several moves at once, mean of the coming year's periods against leaving alone, on links.

    `failing`: log of how many units fail (log(−log yield)); `escape`: log share of these that gets out;
    `arrival`: share of the full effect in force in each period of the coming year.
    """

    failing: Change
    escape: Change
    arrival: tuple[float, ...]


def acts_on(effects: Mapping[str, SectorEffects], enterprise: int, lever: int) -> tuple[bool, bool]:
    """(whether a lever changes how many units fail, whether it changes what share of them escapes).

    A check catches, it does not prevent: a direct effect on the share that escapes counts only where it shows
    beyond doubt over the lever's usual range, and a lever of which it does is held to prevent nothing unless
    that shows too.
    """
    escape = effects.get(ESCAPE)
    if escape is None:
        return True, False
    if not _shows(escape, enterprise, lever, CHECK):
        return True, False
    return _shows(effects[STEPWISE], enterprise, lever, REST), True


def _shows(e: SectorEffects, enterprise: int, lever: int, least: float) -> bool:
    centre, scale = float(e.responses.centre[lever]), float(e.responses.scale[lever])
    found = e.change(enterprise, lever, centre - scale, centre + scale)
    return abs(found.verdict["t"]) >= least and abs(found.mean) >= REST * found.sd


def means(
    effects: Mapping[str, SectorEffects], enterprise: int, lever: int, before: float, places: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(change of log failing units, of the log escape share) for moves of one lever to each of `places`."""
    prevents, catches = acts_on(effects, enterprise, lever)
    failing, escape = np.zeros(len(places)), np.zeros(len(places))
    if prevents:
        steps = effects[STEPWISE]
        weights = steps.weights(enterprise, lever)
        own = [steps.effect(enterprise, lever, before, float(p)) for p in places]
        failing = np.array([steps.whole(enterprise, weights * x)[0] for x in own])
    if catches:
        escape = np.array([effects[ESCAPE].effect(enterprise, lever, before, float(p)) for p in places])
    follows = effects[ESCAPE].follows if ESCAPE in effects else 0.0
    return failing, escape + follows * failing


def together(
    effects: Mapping[str, SectorEffects],
    enterprise: int,
    moves: Mapping[int, tuple[float, float]],
    unsure: Mapping[int, float] | None = None,
) -> Together:
    """What `moves` {lever: (from, to)} do at once on one line; `unsure`: standard errors of `from`."""
    acts = {lever: acts_on(effects, enterprise, lever) for lever in moves}
    failing = _joint(
        effects[STEPWISE], enterprise, {j: m for j, m in moves.items() if acts[j][0]}, unsure or {}
    )
    arrival = tuple(float(x) for x in _arrival(effects[STEPWISE], enterprise, moves))
    if ESCAPE not in effects:
        return Together(failing, NOTHING, arrival)
    direct = _joint(effects[ESCAPE], enterprise, {j: m for j, m in moves.items() if acts[j][1]}, unsure or {})
    follows = effects[ESCAPE].follows
    sd = float(np.hypot(direct.sd, follows * failing.sd))
    escape = Change(direct.mean + follows * failing.mean, sd, direct.verdict)
    return Together(failing, escape, arrival)


def _joint(
    e: SectorEffects,
    enterprise: int,
    moves: Mapping[int, tuple[float, float]],
    unsure: Mapping[int, float],
) -> Change:
    """Change of one target by several moves: steps add up on their links, the plant follows its steps."""
    if not moves:
        return NOTHING
    theta, covariance = e.lines.theta[enterprise], e.lines.covariance[enterprise]
    alone = [(e.contrast(j, *move, enterprise), e.weights(enterprise, j)) for j, move in moves.items()]
    contrasts, weights = (np.array(x) for x in zip(*alone, *_crossed(e, enterprise, moves), strict=True))
    effects = contrasts @ theta
    effects[: len(moves)] = [e.effect(enterprise, j, *move) for j, move in moves.items()]
    mean, slope = e.whole(enterprise, effects @ weights)
    gains = weights @ slope
    direction = gains @ contrasts
    variance = float(direction @ covariance @ direction)
    for gain, (j, (before, _)) in zip(gains[: len(moves)], moves.items(), strict=True):
        width = unsure.get(j, 0.0)
        if width > 0:
            variance += (
                gain * float(e.contrast(j, before - width, before + width, enterprise) @ theta) / 2
            ) ** 2
    return Change(mean, doubt(mean, variance), e.refuters.verdict(contrasts.sum(axis=0)))


def _crossed(
    e: SectorEffects, enterprise: int, moves: Mapping[int, tuple[float, float]]
) -> list[tuple[FloatArray, FloatArray]]:
    """(columns, weights of the steps) of what pairs of moves do beyond their sum."""
    found = []
    for a, b in (tuple(int(x) for x in pair) for pair in e.responses.pairs):
        if a in moves and b in moves:
            ends = np.array([moves[a], moves[b]])
            narrow = a if e.panel.place[enterprise, a] != EVERYWHERE else b
            late = float(min(e.arrival(a).mean(), e.arrival(b).mean()))
            found.append((late * e.responses.joint((a, b), ends, enterprise), e.weights(enterprise, narrow)))
    return found


def _arrival(e: SectorEffects, enterprise: int, moves: Mapping[int, tuple[float, float]]) -> FloatArray:
    """Arrivals weighted by the size of each move's effect."""
    periods = PERIODS_A_YEAR[e.panel.frequency]
    if not moves:
        return np.ones(periods)
    sizes = np.array([abs(e.change(enterprise, j, *move).mean) + 1e-12 for j, move in moves.items()])
    arrivals = np.array([e.arrival(j) for j in moves])
    return np.asarray(sizes @ arrivals / sizes.sum())
