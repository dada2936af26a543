"""Record files on disk: written under a temporary name, flushed, renamed; orphans swept."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.records.schema import TABLES
from features.store.ledger import Snapshot

STAGING = ".staging"


@contextmanager
def staging(records: Path) -> Iterator[Path]:
    """Yield an empty folder for temporary files; what a killed importer left there is removed."""
    root = records / STAGING
    shutil.rmtree(root, ignore_errors=True)
    folder = root / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(root, ignore_errors=True)


def publish(made: Path, records: Path, table: str, snapshot: Snapshot, part: str) -> str:
    """Move a finished file to its place under `records` and return its path there; it survives a power cut.

    The name carries the store's identity, so that a store only ever sweeps what it wrote itself.
    """
    folder = records / table
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{snapshot.uid}-{snapshot.last_import + 1:08d}-{part}-{uuid.uuid4().hex[:8]}.parquet"
    _flush(made)
    made.rename(folder / name)
    for touched in (folder, records):
        _flush(touched)
    return f"{table}/{name}"


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(records: Path, snapshot: Snapshot) -> int:
    """Remove this store's files that no import made visible; return how many. Call it only under the lock."""
    visible = {file.path for file in snapshot.files}
    orphans = [
        path
        for table in TABLES
        for path in (records / table).glob(f"{snapshot.uid}-*.parquet")
        if f"{table}/{path.name}" not in visible
    ]
    for path in orphans:
        path.unlink()
    return len(orphans)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
