"""Which months' official answers the records of newer files can have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from features.periods import to_index
from models.portfolio.history import Changed

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store.ledger import Snapshot, StoredFile

MOMENT = {
    "inspections": "inspected_at",
    "deliveries": "period",
    "measurements": "measured_at",
    "quality_costs": "period",
    "output_values": "period",
    "assessments": "assessed_on",
    "declarations": "from_period",
    "products": None,
    "processes": None,
    "characteristics": None,
}
"""Tables that a grade rests on, with the column that says from which month on; None: from ever."""


def visible(settings: Settings) -> Snapshot:
    """The record files as they stand in the ledger, with their fingerprint."""
    from features.store import ledger
    from features.store.database import open_database

    engine = open_database(settings)
    try:
        return ledger.read(engine)
    finally:
        engine.dispose()


def changes(settings: Settings, files: Iterable[StoredFile], seen: set[str]) -> Iterator[Changed]:
    """What every file that was not `seen` (paths) may have changed."""
    for file in files:
        if file.path not in seen and file.table_name in MOMENT and file.rows:
            low, high = file.ranges["enterprise_id"]
            yield Changed(low, high, _first_month(settings.records / file.path, MOMENT[file.table_name]))


def _first_month(path: Path, column: str | None) -> int:
    """The month of the least value, by the file's own statistics; 0 where they do not say."""
    import pyarrow.parquet as pq

    if column is None:
        return 0
    metadata = pq.ParquetFile(path).metadata
    at = metadata.schema.to_arrow_schema().get_field_index(column)
    groups = [metadata.row_group(group).column(at).statistics for group in range(metadata.num_row_groups)]
    if not all(found is not None and found.has_min_max for found in groups):
        return 0
    return to_index(str(min(found.min for found in groups))[:7])
