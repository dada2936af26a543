"""DuckDB connections, and names and texts quoted into SQL: paths and headers come from outside."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb


def connect(config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Return an in-memory DuckDB that keeps its progress bar off standard output, where answers go."""
    connection = duckdb.connect(config=config)
    # In a notebook without ipywidgets DuckDB draws no bar and refuses to be told so.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    return connection


def literal(text: str | Path) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def name(identifier: str) -> str:
    """Return `identifier` as a quoted SQL name."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: tuple[str, ...] | list[str], prefix: str = "") -> str:
    """Return a comma-separated list of quoted names, each after `prefix` (such as `t.`)."""
    return ", ".join(prefix + name(item) for item in identifiers)


def glob_safe(path: Path) -> str:
    """Return `path` as DuckDB's readers take it literally: `*`, `?` and `[` would be patterns."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def parquet(paths: list[Path], extra: str = "") -> str:
    """Return a `read_parquet` call over exactly these files."""
    listed = ", ".join(literal(glob_safe(path)) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning=false{extra})"
