"""CSV files to plain UTF-8: unpacked, decoded, bounded, free of NUL bytes."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from features.records.reading.faults import Fault

CHUNK = 1 << 20
FREE_BYTES = 256 << 20
"""A packed file may always unpack to this size."""
MOST_RATIO = 200
"""Beyond `FREE_BYTES` at most so many times its packed size: records pack 5 to 50 times, bombs 1 000."""
UTF8, GB18030 = "UTF-8", "GB 18030"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAVE_AS = "text in UTF-8 or GB 18030: save the file as CSV (UTF-8)"


class UnreadableError(Exception):
    """The source as a whole cannot be taken; `found` and `allowed` say why and what to do."""

    def __init__(self, found: str, allowed: str, row: int | None = None) -> None:
        super().__init__(found)
        self.found, self.allowed, self.row = found, allowed, row

    def fault(self, table: str, source: str) -> Fault:
        """Return this as a fault of `source`."""
        return Fault(table, source, self.row, None, self.found, self.allowed)


@dataclass(frozen=True)
class Plain:
    """A plain UTF-8 copy of a text file, and the encoding that it came in."""

    path: Path
    encoding: str


def plain_text(path: Path, packed: bool, copy: Path) -> Plain:
    """Write `path` to `copy` as UTF-8 without a byte order mark.

    Raises:
        UnreadableError: empty, truncated, a bomb, NUL bytes, or in another encoding.
    """
    try:
        _recode(path, packed, copy, "utf-8")
    except UnicodeDecodeError:
        try:
            _recode(path, packed, copy, "gb18030")
        except UnicodeDecodeError as error:
            raise UnreadableError("text that is neither UTF-8 nor GB 18030", SAVE_AS) from error
        return Plain(copy, GB18030)
    return Plain(copy, UTF8)


def _recode(path: Path, packed: bool, copy: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    with copy.open("wb") as out:
        for chunk in _without_mark(_chunks(path, packed)):
            if b"\0" in chunk:
                row = lines + chunk[: chunk.index(b"\0")].count(b"\n")
                raise UnreadableError("a NUL byte", "text only: save the file again as CSV (UTF-8)", row)
            text = decoder.decode(chunk)
            out.write(chunk if encoding == "utf-8" else text.encode("utf-8"))
            lines += chunk.count(b"\n")
        decoder.decode(b"", final=True)


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    if not first:
        raise UnreadableError("an empty file", "a header line at least: `zhuoyue template` writes one")
    if first.startswith(WIDE):
        raise UnreadableError("text in UTF-16", SAVE_AS)
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from chunks


def _chunks(path: Path, packed: bool) -> Iterator[bytes]:
    most = max(FREE_BYTES, MOST_RATIO * path.stat().st_size) if packed else None
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            yield from _bounded(iter(lambda: file.read(CHUNK), b""), most)
    except EOFError as error:
        raise UnreadableError(
            "a gzip file that breaks off", "the whole file: copy or pack it again"
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableError(f"a damaged gzip file ({error})", "a gzip file: pack it again") from error


def _bounded(chunks: Iterator[bytes], most: int | None) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if most is not None and size > most:
            found = f"a gzip file that unpacks to more than {most >> 20} MiB"
            raise UnreadableError(found, "a file that a person packed; unpack it first if it is one")
        yield chunk
