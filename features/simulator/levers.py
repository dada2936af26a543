"""The process parameters of every plant: policies that move them, and what they really do."""

from dataclasses import dataclass

import numpy as np

from features.simulator.faults import UnknownNameError
from features.simulator.plants import PROCESSES, Plants
from features.simulator.scenario import Scenario
from features.simulator.sectors import SECTORS
from features.simulator.specs import CAUSE, DETECTION, OPTIMUM, OUTCOME, PROXY, SATURATING, ParameterSpec
from features.simulator.streams import Array, Flags, Whole, stream

SLOTS = max(len(sector.parameters) for sector in SECTORS)
PAIRS = 1
LONGEST_LEAD = 2


@dataclass(frozen=True)
class Levers:
    """Parameters of N plants in L slots (the sector's order); effects in standard units z."""

    present: Flags  # (N, L)
    is_outcome: Flags  # (N, L)
    is_proxy: Flags  # (N, L)
    centre: Array  # (N, L) natural value of z = 0
    scale: Array  # (N, L) natural size of one standard unit
    home: Array  # (N, L) the plant's usual z
    spread: Array  # (N, L) size of movements in time
    persistence: Array  # (N, L)
    season: Array  # (N, L) amplitude, of `spread`
    phase: Array  # (N, L) months
    confounded: Array  # (N, L)
    demand: Array  # (N, L)
    react: Array  # (N, L) signed answer to a bad month
    theta: Array  # (N, L)
    into: Array  # (N, L, J) where the effect lands, rows sum to the number of processes it touches
    saturating: Flags  # (N, L)
    optimum: Flags  # (N, L)
    best: Array  # (N, L) place of the optimum
    lead: Whole  # (N, L)
    carry: Array  # (N, L) share of last month's effect that stays
    calendar: Whole  # (N, L) months between planned maintenances (felt in the wear family)
    phase_of_calendar: Whole  # (N, L)
    detection: Array  # (N, L) effect on the log escape share
    pair: Whole  # (N, PAIRS, 2)
    together: Array  # (N, PAIRS) interaction
    gauge: Array  # (N, L) standard deviation of a reading's error, in z
    disclosed: Flags  # (N, L)
    cost: Array  # (N, L) CNY a month per natural unit


def _table(plants: Plants, value: str, fill: float = 0.0) -> Array:
    """A number of the specification for every plant and slot."""
    rows = [[float(getattr(p, value)) for p in s.parameters] for s in SECTORS]
    full = [row + [fill] * (SLOTS - len(row)) for row in rows]
    return np.asarray(full, dtype=np.float64)[plants.sector]


def _is(plants: Plants, value: str, wanted: str) -> Flags:
    rows = [[getattr(p, value) == wanted for p in s.parameters] for s in SECTORS]
    full = [row + [False] * (SLOTS - len(row)) for row in rows]
    return np.asarray(full, dtype=np.bool_)[plants.sector]


def slot_of(sector: int, parameter_id: str) -> int:
    """Slot of a parameter in its sector. Raises UnknownNameError naming what exists."""
    names = [p.parameter_id for p in SECTORS[sector].parameters]
    if parameter_id not in names:
        raise UnknownNameError("parameter", parameter_id, ", ".join(names))
    return names.index(parameter_id)


def spec_of(sector: int, slot: int) -> ParameterSpec:
    """The prior of a slot."""
    return SECTORS[sector].parameters[slot]


def _landing(plants: Plants) -> Array:
    """One process, or all of them evenly; a process that the plant lacks is folded into its last."""
    where = _table(plants, "process").astype(np.int64)
    own = np.minimum(np.maximum(where, 0), plants.processes[:, None] - 1)
    one = (np.arange(PROCESSES) == own[:, :, None]).astype(np.float64)
    every = plants.has_process[:, None, :].astype(np.float64)
    return np.where((where == -1)[:, :, None], every, one)


def _pairs(plants: Plants, rng: np.random.Generator) -> tuple[Whole, Array]:
    places = [[(slot_of(i, a), slot_of(i, b)) for a, b, _ in s.interactions] for i, s in enumerate(SECTORS)]
    sizes = np.array([[size for _, _, size in s.interactions] for s in SECTORS])
    world = np.exp(0.2 * rng.standard_normal(sizes.shape))
    return np.asarray(places, dtype=np.int64)[plants.sector], (sizes * world)[plants.sector]


def _effects(plants: Plants, scenario: Scenario, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """(theta, best, carry): a world's draw for the sector, then a plant's own deviation from it."""
    shape = (len(SECTORS), SLOTS)
    world = np.exp(0.2 * rng.standard_normal(shape))[plants.sector]
    own = np.exp(0.15 * rng.standard_normal((plants.count, SLOTS)))
    theta = _table(plants, "theta") * world * own * scenario.lever_effect
    best = (rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 1.2, shape))[plants.sector]
    carry = rng.choice([0.0, 0.25, 0.45], shape, p=[0.5, 0.3, 0.2])[plants.sector]
    return theta, best, carry


def _better(theta: Array, optimum: Flags, best: Array, home: Array, guess: Array) -> Array:
    """Where people turn a lever after a bad month: the right way at its usual place; any for a placebo."""
    slope = np.where(optimum, theta * (home - best), theta)
    return np.where(slope == 0, guess, -np.sign(slope))


def _confounded(seed: int, plants: Plants) -> Array:
    """Loadings on the hidden cause: usually people compensate for it, in three of ten sectors' levers not."""
    rng = stream(seed, "confounding")
    sign = rng.choice([1.0, -1.0], (len(SECTORS), SLOTS), p=[0.7, 0.3])[plants.sector]
    return np.asarray(sign * _table(plants, "confounded") * rng.uniform(0.4, 0.9, sign.shape))


def draw_levers(seed: int, plants: Plants, scenario: Scenario) -> Levers:
    """Draw every plant's parameters."""
    rng = stream(seed, "levers")
    n = plants.count
    theta, best, carry = _effects(plants, scenario, stream(seed, "effects"))
    pair, together = _pairs(plants, stream(seed, "pairs"))
    optimum, detecting = _is(plants, "shape", OPTIMUM), _is(plants, "role", DETECTION)
    optional = _is(plants, "role", CAUSE)
    scale = _table(plants, "scale", 1.0)
    home = 0.7 * rng.standard_normal((n, SLOTS))
    guess = rng.choice([-1.0, 1.0], (n, SLOTS))
    output = plants.base.output[:, None]
    present = (_table(plants, "scale") > 0) & ~(optional & (rng.random((n, SLOTS)) < 0.12))
    both = np.take_along_axis(present, pair.reshape(n, -1), axis=1).reshape(pair.shape).all(axis=2)
    theta = theta * present
    return Levers(
        present=present,
        is_outcome=_is(plants, "role", OUTCOME),
        is_proxy=_is(plants, "role", PROXY),
        centre=_table(plants, "centre"),
        scale=scale,
        home=home,
        spread=rng.uniform(0.5, 0.9, (n, SLOTS)),
        persistence=np.clip(
            _table(plants, "persistence") + 0.08 * rng.standard_normal((n, SLOTS)), 0.0, 0.95
        ),
        season=_table(plants, "season") * scenario.seasonality,
        phase=4.0 + 0.5 * rng.standard_normal((n, SLOTS)),
        confounded=_confounded(seed, plants) * scenario.confounding,
        demand=_table(plants, "demand"),
        react=_table(plants, "react") * _better(theta, optimum, best, home, guess) * scenario.reactivity,
        theta=np.where(detecting, 0.0, theta),
        into=_landing(plants),
        saturating=_is(plants, "shape", SATURATING),
        optimum=optimum,
        best=best,
        lead=_table(plants, "lead").astype(np.int64),
        carry=carry,
        calendar=stream(seed, "calendar").choice([3, 4, 5, 6], (n, SLOTS)),
        phase_of_calendar=stream(seed, "calendar phase").integers(0, 60, (n, SLOTS)),
        detection=np.where(detecting, theta, 0.0),
        pair=pair,
        together=together * both * scenario.nonlinearity * scenario.lever_effect,
        gauge=_table(plants, "gauge") * rng.uniform(0.6, 1.4, (n, SLOTS)) * scenario.gauge_noise,
        disclosed=rng.random((n, SLOTS)) < scenario.disclosed_gauges,
        cost=_table(plants, "cost") * output / scale,
    )
