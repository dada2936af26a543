"""Answers on a shelf: the rows of one kind as JSON text, one slice of one file per enterprise and target.

A reader takes bytes from a memory-mapped file and need not parse, filter or write them again: reading a
forecast costs microseconds, whatever the number of enterprises. The slices of an enterprise's targets follow
each other with commas between them, so that all of them are one slice too.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Slice = tuple[int, int]
WHOLE = ""
"""The target under which rows stand that are not kept by target."""


class Shelf:
    """What `write_shelf` wrote; safe to share between threads."""

    def __init__(self, folder: Path, kind: str) -> None:
        """Map the file; raises FileNotFoundError where nothing of that kind was put."""
        index = json.loads(_index(folder, kind).read_bytes())
        self._slices: dict[str, dict[str, Slice]] = {
            name: {target: (start, stop) for target, start, stop in parts} for name, parts in index.items()
        }
        with _texts(folder, kind).open("rb") as file:
            # An empty file cannot be mapped; a mapped one stays readable after its folder is gone.
            self._texts: mmap.mmap | bytes = (
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._slices else b""
            )

    def names(self) -> list[str]:
        """Whose rows are there, in their order."""
        return list(self._slices)

    def body(self, enterprise_id: str, target: str | None = None) -> bytes:
        """The rows of an enterprise as JSON, comma-separated, without brackets; empty without any."""
        parts = self._slices.get(enterprise_id)
        if parts is None:
            return b""
        if target is not None:
            start, stop = parts.get(target, (0, 0))
            return bytes(self._texts[start:stop])
        slices = list(parts.values())
        return bytes(self._texts[slices[0][0] : slices[-1][1]])

    def rows(self, enterprise_id: str, target: str | None = None) -> list[dict[str, Any]]:
        """The same, parsed."""
        found: list[dict[str, Any]] = json.loads(b"[" + self.body(enterprise_id, target) + b"]")
        return found


def write_shelf(rows: Iterable[Row], folder: Path, kind: str, *, by_target: bool = False) -> None:
    """Put rows on the shelf: those of an enterprise together and, `by_target`, those of a target together.

    Raises ValueError for rows in any other order, and for values that JSON cannot say.
    """
    index: dict[str, list[tuple[str, int, int]]] = {}
    last = ""
    with _texts(folder, kind).open("wb") as file:
        for (name, target), text in _slices(rows, by_target):
            parts = index.setdefault(name, [])
            if (parts and name != last) or target in [part[0] for part in parts]:
                raise ValueError(f"{kind} of {name!r} {target} are torn apart; sort them first")
            if parts:
                file.write(b",")
            start, last = file.tell(), name
            file.write(text)
            parts.append((target, start, file.tell()))
    _index(folder, kind).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")


def _slices(rows: Iterable[Row], by_target: bool) -> Iterator[tuple[tuple[str, str], bytes]]:
    def key(row: Row) -> tuple[str, str]:
        return str(row["enterprise_id"]), str(row["target"]) if by_target else WHOLE

    for place, group in groupby(rows, key):
        yield place, ",".join(_json(row) for row in group).encode()


def _json(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str)


def _texts(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.shelf"


def _index(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.shelf.json"
