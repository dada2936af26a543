"""The world in which one improvement action had never been carried out: what it really changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from features.simulator.actions import without
from features.simulator.engine import Engine
from features.simulator.history import Course, replay
from features.simulator.observed.management import in_order_of_record
from features.simulator.observed.recording import draw_recording
from features.simulator.streams import Array
from features.simulator.targets import TARGETS, true_targets

if TYPE_CHECKING:
    from features.simulator.world import World


@dataclass(frozen=True)
class Undone:
    """An action's true course: targets (T,) of its plant by month, as they were and had it not been done.

    `loss` is internal and external failure cost of the month in CNY; all are expectations given the month,
    before anybody counted. Suppliers sent what they really sent.
    """

    action_id: str
    enterprise_id: str
    done: dict[str, Array]
    left: dict[str, Array]


def undone(world: World, action_ids: Iterable[str] | None = None) -> dict[str, Undone]:
    """Live history again without each action on record (of all, or of those named), the draws unchanged.

    One action of every plant is undone per run, so a world takes as many runs as its busiest plant has
    actions.
    """
    places = _places(world)
    wanted = list(places) if action_ids is None else list(action_ids)
    real, _ = replay(world.engine, world.history, 0, world.months - 1, None)
    lived = _targets(world, real)
    found: dict[str, Undone] = {}
    for batch in _one_of_each_plant(world, {name: places[name] for name in wanted}):
        moved = without(world.actions, list(batch.values()), world.engine.moved.shape)
        other = _targets(world, _again(world, replace(world.engine, moved=moved), real))
        for name, place in batch.items():
            n = int(world.actions.plant[place])
            found[name] = Undone(
                name,
                world.enterprises[n],
                {key: values[:, n] for key, values in lived.items()},
                {key: values[:, n] for key, values in other.items()},
            )
    return {name: found[name] for name in wanted}


def _places(world: World) -> dict[str, int]:
    """Index into `World.actions` by the id on record."""
    recording = draw_recording(world.seed, world.months, world.plants.base.maturity, world.scenario)
    order = in_order_of_record(world.actions, recording)
    return {f"A{i + 1:05d}": int(place) for i, place in enumerate(order)}


def _one_of_each_plant(world: World, places: dict[str, int]) -> list[dict[str, int]]:
    turns: list[dict[str, int]] = []
    seen: dict[int, int] = {}
    for name, place in places.items():
        plant = int(world.actions.plant[place])
        turn = seen.get(plant, 0)
        seen[plant] = turn + 1
        if turn == len(turns):
            turns.append({})
        turns[turn][name] = place
    return turns


def _again(world: World, engine: Engine, real: Course) -> Course:
    course, _ = replay(engine, world.history, 0, world.months - 1, None, like=real)
    return course


def _targets(world: World, course: Course) -> dict[str, Array]:
    """Targets and `loss` of a course, (T, N)."""
    rows = [true_targets(world.plants, month) for month in course.months]
    found = {name: np.stack([row[name][0] for row in rows]) for name in TARGETS}
    output = np.stack([month.output[0] for month in course.months])
    return found | {"loss": (found["internal_loss"] + found["external_loss"]) * output}
