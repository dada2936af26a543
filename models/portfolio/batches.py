"""A portfolio's paths from batches of kept plants: the work of one part of the enterprises, wherever it runs.

Rows are those of a what-if's `plants.arrow`, in any order and any batches; what all have in common goes with
the function. So it serves a process of this machine as well as Spark's `mapInArrow`, and an enterprise gets
the same paths whichever part it comes in. No engine is imported here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from models.attainment.level_model import LevelModel
from models.attainment.levels import Levels
from models.attainment.official import State
from models.portfolio.bases import BASES, Basis
from models.portfolio.paths import levels_ahead
from models.rules_numpy import ArrayRules
from models.what_if.files import FACTS, ID
from models.what_if.known import SharedPaths
from models.what_if.together import Row, together

if TYPE_CHECKING:
    import pyarrow as pa

FIELDS = ("first", "reach", "fall")


@dataclass(frozen=True)
class Common:
    """What all parts are handed: the error paths, and what training learned about levels, as JSON."""

    shared: SharedPaths
    levels: Mapping[str, Any]


def batches_ahead(batches: Iterable[pa.RecordBatch], common: Common) -> Iterator[pa.RecordBatch]:
    """Of each batch of plants: `enterprise_id`, and by basis `first` (bytes 4 × K in the order of its paths),
    `reach` (4 × AHEAD) and `fall` (AHEAD), as `Ahead` has them.
    """
    import pyarrow as pa

    learned = LevelModel.from_dict(common.levels)
    for batch in batches:
        rows = rows_of(batch)
        begun = together(rows, common.shared)
        found = levels_ahead(begun, learned, standing(begun.states))
        columns = {ID: pa.array(begun.sample.enterprise_ids, pa.string())}
        for basis in BASES:
            first = found.first[basis].swapaxes(0, 1)
            columns[f"{basis}.first"] = pa.array([own.tobytes() for own in first], pa.binary())
            for name, values in (("reach", found.reach[basis]), ("fall", found.fall[basis])):
                flat = values.reshape(len(rows), -1)
                columns[f"{basis}.{name}"] = pa.array(list(flat), pa.list_(pa.float32()))
        yield pa.record_batch(columns)


def rows_of(batch: pa.RecordBatch) -> list[Row]:
    """Id, facts and numbers of each plant of a batch, straight from its columns."""
    numbers = {
        name: _lists(column)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
        if name not in (ID, FACTS)
    }
    told = zip(batch.column(ID).to_pylist(), batch.column(FACTS).to_pylist(), strict=True)
    return [
        (name, json.loads(facts), {column: own[row] for column, own in numbers.items()})
        for row, (name, facts) in enumerate(told)
    ]


def _lists(column: Any) -> list[np.ndarray[Any, np.dtype[np.float64]]]:  # noqa: ANN401 - of any list type
    values = np.asarray(column.values)
    return [values[begin:end] for begin, end in pairwise(np.asarray(column.offsets))]


def standing(states: Sequence[State]) -> dict[Basis, Levels]:
    """Official levels of today, R by basis; 0 where something needed was not supplied."""
    rules, found = ArrayRules(), {basis: np.zeros(len(states), dtype=np.int8) for basis in BASES}
    for row, state in enumerate(states):
        performance = all(level is not None for level in state.levels.values())
        answer = rules.grade(state.levels, state.items)
        found["performance"][row] = answer.dimensions["performance"] if performance else 0
        found["grade"][row] = answer.level if answer.complete else 0
    return found
