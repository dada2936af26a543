"""Many kept plants as one start: a part of all enterprises, from rows that any machine can be handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.attainment.array_paths import ArrayPaths
from models.attainment.known import MONTHS, Array, Characteristics, Index, Known, Stages
from models.attainment.official import State
from models.attainment.sample import Sample
from models.attainment.start import Start
from models.what_if.files import Numbers
from models.what_if.known import SUMS, SharedPaths

Row = tuple[str, Mapping[str, Any], Numbers]
"""Id, facts and numbers of a plant, as `Kept` has them."""


def together(rows: Sequence[Row], shared: SharedPaths) -> Start:
    """The start of R plants, in their order: the same paths as each one's own."""
    ids = tuple(name for name, _, _ in rows)
    numbers = [own for _, _, own in rows]
    origin = np.array([facts["origin"] for _, facts, _ in rows])
    drawn = {target: _paths(target, numbers, shared) for target in shared.errors}
    sample = Sample(ids, origin, len(shared.shock), drawn, shared.shock, shared.seed, shared.months)
    return Start(sample, tuple(State(**facts["state"]) for _, facts, _ in rows), _known(numbers))


def _paths(target: str, rows: Sequence[Numbers], shared: SharedPaths) -> ArrayPaths:
    own, months = shared.errors[target], shared.months
    answered, known, submitted = np.stack([row[f"{target}.facts"] for row in rows], axis=1)
    points, scale = (
        np.stack([row[f"{target}.{name}"][:months] for row in rows]) for name in ("point", "scale")
    )
    errors = (np.asfortranarray(own.seasoned[:, :months]), np.asfortranarray(own.cold[:, :months]))
    return ArrayPaths(own.link, points, scale, errors, known > 0, submitted, answered > 0)


def _known(rows: Sequence[Numbers]) -> Known:
    def joined(name: str) -> Array:
        return np.concatenate([row[name] for row in rows])

    def monthly(name: str) -> Array:
        return joined(name).reshape(-1, MONTHS)

    stages = Stages(
        _owners(rows, "stages.product"),
        joined("stages.product").astype(np.int64),
        joined("stages.first") > 0,
        monthly("stages.submitted"),
        monthly("stages.passed"),
    )
    characteristics = Characteristics(
        _owners(rows, "characteristics.lsl"),
        joined("characteristics.lsl"),
        joined("characteristics.usl"),
        *(monthly(f"characteristics.{name}") for name in ("n", "mean", "sd", "df")),
    )
    sums = {name: monthly(f"known.{name}") for name in SUMS}
    return Known(**sums, stages=stages, characteristics=characteristics)


def _owners(rows: Sequence[Numbers], name: str) -> Index:
    """The row of everything that is joined."""
    return np.repeat(np.arange(len(rows)), [len(row[name]) for row in rows])
