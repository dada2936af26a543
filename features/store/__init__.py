"""The store of records: immutable Parquet files that one transaction in a ledger makes visible.

Its parts are loaded when first asked for: a worker that waits for jobs needs the state database alone, and
no engine of records in memory.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.records.reading.faults import Fault, ImportRefused
    from features.store.ledger import TableReport
    from features.store.reporting import ImportConflict, ImportReport
    from features.store.store import Store

_LATER = {
    "Fault": "features.records.reading.faults",
    "ImportRefused": "features.records.reading.faults",
    "TableReport": "features.store.ledger",
    "ImportConflict": "features.store.reporting",
    "ImportReport": "features.store.reporting",
    "Store": "features.store.store",
}

__all__ = ["Fault", "ImportConflict", "ImportRefused", "ImportReport", "Store", "TableReport"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
