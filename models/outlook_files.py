"""The files of an outlook: Parquet for whoever reads everything, a shelf for whoever reads one enterprise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.shelf import write_shelf

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ROW_GROUP = 5000
Plain = dict[str, Any]
Shape = Callable[[Plain], Plain]


def as_forecast(row: Plain) -> Plain:
    """Return a row of the forecast frame as it is answered."""
    row["product_id"] = row["product_id"] or None
    row["quantiles"] = {name: row.pop(name) for name in [name for name in row if name.startswith("0.")]}
    return row


def as_driver(row: Plain) -> Plain:
    """Return a row of the drivers frame as it is answered."""
    row["product_id"] = row["product_id"] or None
    row["value"] = None if row["value"] != row["value"] else row["value"]
    return row


def as_text(row: Plain) -> Plain:
    """Return a row that was kept as one text."""
    found: Plain = json.loads(row["row"])
    return found


SHAPES: dict[str, Shape] = {
    "forecasts": as_forecast,
    "drivers": as_driver,
    "attainment": as_text,
    "recommendations": as_text,
}


def write_frame(frame: pd.DataFrame, folder: Path, kind: str) -> None:
    """Write rows that have a target."""
    import pyarrow as pa

    ordered = frame.sort_values(["enterprise_id", "target"], kind="stable")
    _write(pa.Table.from_pandas(ordered, preserve_index=False), folder / f"{kind}.parquet")
    write_shelf(map(SHAPES[kind], _records(ordered)), folder, kind, by_target=True)


def write_rows(rows: Iterable[Any], folder: Path, kind: str) -> None:
    """Write rows of any shape: dicts, dataclasses, pydantic models."""
    import pyarrow as pa

    plain = [row if isinstance(row, dict) else _plain(row) for row in rows]
    plain.sort(key=lambda row: str(row["enterprise_id"]))
    texts = [json.dumps(row, ensure_ascii=False, default=str) for row in plain]
    ids = [str(row["enterprise_id"]) for row in plain]
    table = pa.table({"enterprise_id": pa.array(ids, pa.string()), "row": pa.array(texts, pa.string())})
    _write(table, folder / f"{kind}.parquet")
    shelved = ({**row, "enterprise_id": name} for name, row in zip(ids, map(json.loads, texts), strict=True))
    write_shelf(shelved, folder, kind)


def read_rows(folder: Path, kind: str, target: str | None = None) -> list[Plain]:
    """Return the rows of all enterprises, of one target if it is named."""
    import pyarrow.parquet as pq

    wanted = [("target", "==", target)] if target is not None else None
    table = pq.read_table(folder / f"{kind}.parquet", filters=wanted)
    return [SHAPES[kind](row) for row in table.to_pylist()]


def _records(frame: pd.DataFrame) -> Iterator[Plain]:
    """Rows as dicts of plain values, a part at a time."""
    for start in range(0, len(frame), ROW_GROUP):
        for row in frame.iloc[start : start + ROW_GROUP].to_dict("records"):
            yield {str(name): value for name, value in row.items()}


def _plain(row: object) -> Plain:
    from dataclasses import asdict, is_dataclass

    if is_dataclass(row) and not isinstance(row, type):
        return asdict(row)
    dumped: Plain = row.model_dump(by_alias=True)  # type: ignore[attr-defined]
    return dumped


def _write(table: pa.Table, file: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, file, row_group_size=ROW_GROUP, compression="zstd")
