"""Row numbers to line numbers: where a person finds a row of a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

CHUNK = 1 << 24
NEWLINE, RETURN, QUOTE = 10, 13, 34


def line_at(path: Path, byte: int) -> int:
    """Return the line (from 1) on which byte number `byte` of the file stands."""
    line, left = 1, byte
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    return line


def lines_of(path: Path, rows: Sequence[int], skipped: int, keep_blank: bool) -> dict[int, int]:
    """Return the line on which each row (from 0) after `skipped` lines of header begins.

    A row may go over several lines inside quotes. Blank lines are no rows unless `keep_blank`.
    """
    wanted = np.unique(np.asarray(rows, dtype=np.int64))
    starts: dict[int, int] = {}
    row, line, inside, blank = 0, 1, False, True
    begin = skipped + 1
    with path.open("rb") as file:
        while (chunk := file.read(CHUNK)) and len(starts) < len(wanted):
            ends, fresh, inside, blank = _row_ends(chunk, line, inside, blank)
            line += chunk.count(b"\n")
            for end, is_blank in zip(ends, fresh, strict=True):
                if end <= skipped:
                    continue
                if not is_blank or keep_blank:
                    if row in wanted:
                        starts[row] = begin
                    row += 1
                begin = end + 1
    starts.update({int(left): begin for left in wanted if int(left) not in starts})
    return starts


def _row_ends(chunk: bytes, line: int, inside: bool, blank: bool) -> tuple[list[int], list[bool], bool, bool]:
    """Return the lines that end a row, whether that row was blank, and the state after the chunk."""
    data = np.frombuffer(chunk, dtype=np.uint8)
    quoted = (np.cumsum(data == QUOTE) + inside) % 2 == 1
    newlines = np.flatnonzero(data == NEWLINE)
    ends = ~quoted[newlines]
    marks = np.cumsum((data != NEWLINE) & (data != RETURN) & (data != 32))
    at = newlines[ends]
    before = np.concatenate([[0], marks[at]])
    empty = np.diff(before) == 0
    if len(empty):
        empty[0] &= blank
    rest = bool(marks[-1] == before[-1]) and (blank or len(at) > 0)
    return (line + np.flatnonzero(ends)).tolist(), empty.tolist(), bool(quoted[-1]), rest
