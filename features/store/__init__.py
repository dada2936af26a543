"""The store of records: immutable Parquet files that one transaction in a ledger makes visible."""

from features.records.reading.faults import Fault, ImportRefused
from features.store.ledger import TableReport
from features.store.reporting import ImportConflict, ImportReport
from features.store.store import Store

__all__ = ["Fault", "ImportConflict", "ImportRefused", "ImportReport", "Store", "TableReport"]
