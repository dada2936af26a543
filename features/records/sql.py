"""Names and texts quoted into SQL: paths and headers come from outside."""

from __future__ import annotations

from pathlib import Path


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
    return f"read_parquet([{listed}]{extra})"
