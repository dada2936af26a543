"""From paths to the sources of tables: which file or sheet holds which table."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from features.records.columns import Table
from features.records.reading.faults import Fault, Faults
from features.records.schema import TABLES

TABLE_OF = {name: table for table in TABLES.values() for name in (table.name, table.zh)}
"""Tables by English name and by Chinese alias."""
SUFFIXES = (".csv", ".csv.gz", ".parquet")
WORKBOOK = ".xlsx"
FILE_NAMES = "NAME.csv, NAME.csv.gz, NAME.parquet or a workbook .xlsx, where NAME is a table: "
HINTS = {
    ".xlsm": "a workbook without macros: save it as .xlsx",
    ".xlsb": "a workbook saved as .xlsx",
    ".xls": "a workbook saved as .xlsx",
    ".zip": "files that are unpacked; CSV may be packed as NAME.csv.gz",
    ".txt": "a comma-separated file called NAME.csv",
    ".tsv": "a comma-separated file called NAME.csv",
    ".dfq": "CSV, Parquet or .xlsx: Q-DAS files are not taken yet",
}
"""What to do about a file that people do bring."""
COMPANIONS = (".md", ".txt", ".pdf", ".docx", ".json", ".yaml", ".ini", ".db")
"""Endings of files that stand beside tables and are none; `measurements.txt` is a mistake all the same."""


@dataclass(frozen=True)
class Source:
    """A file that holds one table, or a workbook (`table` None) whose sheets hold tables."""

    path: Path
    table: Table | None
    kind: str

    @property
    def label(self) -> str:
        """How messages call it."""
        return str(self.path)


def find_sources(paths: Iterable[Path], faults: Faults) -> list[Source]:
    """Return the sources under `paths` in a stable order; what is no table becomes a fault.

    Hidden files, Excel's lock files and plain documents beside the tables are passed over. Links inside a
    folder are refused: a folder from elsewhere must not make us read other files.
    """
    found: dict[Path, Source] = {}
    for path in paths:
        for file in _files(Path(path), faults):
            source = _source(file, faults)
            if source is not None:
                found.setdefault(file.resolve(), source)
    return list(found.values())


def _files(path: Path, faults: Faults) -> Iterator[Path]:
    if path.is_dir():
        everything = sorted(path.iterdir())
        inside = [item for item in everything if not _companion(item)]
        if not inside:
            seen = ", ".join(item.name for item in everything[:5])
            found = f"a folder without any table (only {seen})" if seen else "an empty folder"
            faults.add(Fault("", str(path), None, None, found, f"a folder with {FILE_NAMES}{known()}"))
        for item in inside:
            if item.is_symlink():
                allowed = "the file itself: copy it into the folder, or name its path"
                faults.add(Fault("", str(item), None, None, "a symbolic link", allowed))
            else:
                yield item
    elif path.is_file():
        yield path
    else:
        found = "something that is not a plain file" if path.exists() else "no such file or folder"
        faults.add(Fault("", str(path), None, None, found, "a path of a folder, a workbook or a table file"))


def _companion(path: Path) -> bool:
    name, stem = path.name.lower(), path.name.split(".")[0].lower()
    hidden = name.startswith((".", "~$"))
    return hidden or (
        stem not in TABLE_OF and (path.suffix == "" or name.endswith(COMPANIONS)) and path.is_file()
    )


def _source(path: Path, faults: Faults) -> Source | None:
    lower = path.name.lower()
    if path.is_dir():
        faults.add(
            Fault("", str(path), None, None, "a folder in the folder", "tables only; name that folder too")
        )
        return None
    if lower.endswith(WORKBOOK):
        return Source(path, None, WORKBOOK)
    suffix = next((item for item in SUFFIXES if lower.endswith(item)), None)
    stem = path.name[: -len(suffix)] if suffix else ""
    table = TABLE_OF.get(stem) or TABLE_OF.get(stem.lower())
    if suffix is None or table is None:
        allowed = HINTS.get(path.suffix.lower()) or f"{_nearest(stem)}{FILE_NAMES}{known()}"
        faults.add(Fault("", str(path), None, None, "a file that is no table by its name", allowed))
        return None
    return Source(path, table, suffix)


def _nearest(stem: str) -> str:
    near = difflib.get_close_matches(stem, TABLE_OF, n=1)
    return f"perhaps {near[0]}; " if near else ""


def known() -> str:
    """Return the names of all tables, for messages."""
    return ", ".join(TABLES)
