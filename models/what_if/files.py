"""Ragged rows of numbers in one file that readers map into memory: one row a plant, one list a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.attainment.known import Array

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = Mapping[str, Array]
ID, FACTS = "enterprise_id", "facts"
AT_ONCE = 512


def write_plants(file: Path, plants: Sequence[tuple[str, str, Numbers]]) -> None:
    """Write (id, facts as JSON, numbers by name) of each plant; Arrow's file format, uncompressed."""
    import pyarrow as pa

    names = sorted({name for _, _, numbers in plants for name in numbers})
    schema = pa.schema(
        [(ID, pa.string()), (FACTS, pa.string()), *((name, pa.list_(pa.float64())) for name in names)]
    )
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for begin in range(0, len(plants), AT_ONCE):
            part = plants[begin : begin + AT_ONCE]
            columns = [_column([numbers.get(name) for *_, numbers in part]) for name in names]
            told = [pa.array([one[k] for one in part], pa.string()) for k in (0, 1)]
            writer.write_batch(pa.record_batch([*told, *columns], schema=schema))


def _column(values: Sequence[Array | None]) -> pa.Array:
    import pyarrow as pa

    flat = [np.zeros(0) if v is None else np.asarray(v, dtype=np.float64).ravel() for v in values]
    ends = np.cumsum([0, *map(len, flat)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(np.concatenate(flat)))


class Plants:
    """What `write_plants` wrote; safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """Map the file; raises FileNotFoundError where there is none."""
        import pyarrow as pa

        reader = pa.ipc.open_file(pa.memory_map(str(file)))
        self._batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
        self._names = [name for name in reader.schema.names if name not in (ID, FACTS)]
        self._where = {
            name: (b, row)
            for b, batch in enumerate(self._batches)
            for row, name in enumerate(batch.column(ID).to_pylist())
        }

    @property
    def names(self) -> Iterable[str]:
        """Ids in the order written."""
        return self._where.keys()

    def __contains__(self, enterprise_id: object) -> bool:
        return enterprise_id in self._where

    def facts(self, enterprise_id: str) -> str:
        """Its JSON; raises KeyError for a plant that was not kept."""
        batch, row = self._where[enterprise_id]
        text: str = self._batches[batch].column(FACTS)[row].as_py()
        return text

    def numbers(self, enterprise_id: str) -> dict[str, Array]:
        """Its numbers by name, flat, straight from the file; a name that it does not have is empty."""
        batch, row = self._where[enterprise_id]
        found = {}
        for name in self._names:
            column: Any = self._batches[batch].column(name)
            found[name] = column[row].values.to_numpy()
        return found
