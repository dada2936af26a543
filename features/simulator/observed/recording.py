"""When a plant keeps records: late starts, stops, cold starts, and what is simply missing."""

from dataclasses import dataclass

import numpy as np

from features.simulator.levers import SLOTS
from features.simulator.scenario import Scenario
from features.simulator.streams import Array, Flags, stream

COLD_MONTHS = 3
READINGS = 4


@dataclass(frozen=True)
class Recording:
    """Masks over months T and plants N (and slots L): true where something was written down."""

    running: Flags  # (T, N) the plant works and keeps records
    inspected: Flags  # (T, N)
    measured: Flags  # (T, N)
    stated: Flags  # (T, N) monthly statements: deliveries and output
    costed: Flags  # (T, N)
    read: Flags  # (T, N, L, READINGS)
    tracks: Flags  # (3, N) capability, internal loss, external loss


def _running(seed: int, months: int, plants: int, scenario: Scenario) -> Flags:
    rng = stream(seed, "running")
    fate, place, length = rng.random(plants), rng.random(plants), rng.integers(3, 9, plants)
    stops, stop_place = rng.random(plants) < scenario.stops, rng.random(plants)
    late = np.where(fate < scenario.late_starts, np.floor(place * months / 2), 0)
    first = np.where(fate > 1 - scenario.cold_starts, months - COLD_MONTHS, late)
    t = np.arange(months)[:, None]
    stop = np.floor(6 + stop_place * max(months - 16, 1))
    return np.asarray((t >= first) & ~(stops & (t >= stop) & (t < stop + length) & (months > 24)))


def draw_recording(seed: int, months: int, maturity: Array, scenario: Scenario) -> Recording:
    """Draw what was recorded (T = months, N = plants)."""
    n, missing = maturity.size, scenario.missing
    running = _running(seed, months, n, scenario)

    def kept(purpose: str, share: float, *tail: int) -> Flags:
        return np.asarray(stream(seed, "missing", purpose).random((months, n, *tail)) >= share * missing)

    never = stream(seed, "missing", "never").random((n, SLOTS)) < 0.02 * missing
    read = kept("parameter", 0.03, SLOTS) & running[:, :, None] & ~never
    careless = (maturity < 2.2) & (stream(seed, "untracked").random((3, n)) < scenario.untracked)
    return Recording(
        running=running,
        inspected=running & kept("inspections", 0.012),
        measured=running & kept("measurements", 0.03),
        stated=running & kept("statements", 0.008),
        costed=running & kept("costs", 0.02),
        read=read[..., None] & kept("readings", 0.04, SLOTS, READINGS),
        tracks=~careless,
    )
