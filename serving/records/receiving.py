"""Forms with files, straight from the socket to the disk: no file is held in memory, none is copied.

Starlette's own parser puts files into the system's temporary folder first, which may be a small one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 50
MOST_FIELDS = 20
LONGEST_FIELD = 4096
LONGEST_NAME = 200
"""Bytes; file systems take 255."""
FLUSH = 1 << 20


class BadFormError(ValueError):
    """The body is no form that can be taken; the message says why."""


@dataclass
class Form:
    """A form that came whole: its plain fields, and files by name with their sizes."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)


async def receive(content_type: str, stream: AsyncIterator[bytes], folder: Path) -> Form:
    """Read a `multipart/form-data` body; its files are written to `folder` under their own bare names.

    Raises:
        BadFormError: it is none, it breaks off, or it has too many parts; `folder` may hold halves then.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadFormError("a multipart/form-data body with a boundary is needed")
    parts = _Parts(folder)
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        waiting = bytearray()
        async for chunk in stream:
            waiting += chunk
            if len(waiting) >= FLUSH:
                await run_in_threadpool(parser.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(parser.write, bytes(waiting))
        parser.finalize()
    except ClientDisconnect as error:
        raise BadFormError("the sender went away") from error
    except FormParserError as error:
        raise BadFormError(f"the form cannot be read: {error}") from error
    finally:
        parts.close()
    if not parts.ended:
        raise BadFormError("the form breaks off")
    return parts.form


class _Parts:
    """What the parser calls."""

    def __init__(self, folder: Path) -> None:
        self.form, self.ended = Form(), False
        self._folder = folder
        self._header, self._value, self._disposition = b"", b"", b""
        self._name, self._text = "", b""
        self._file: BufferedWriter | None = None
        self._file_name = ""
        self._skipping = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self.part_begin,
            "on_header_field": self.header_field,
            "on_header_value": self.header_value,
            "on_header_end": self.header_end,
            "on_headers_finished": self.headers_finished,
            "on_part_data": self.part_data,
            "on_part_end": self.part_end,
            "on_end": self.end,
        }

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def part_begin(self) -> None:
        self._header = self._value = self._disposition = self._text = b""
        self._skipping = False

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        given = options.get(b"filename")
        if given is None:
            if len(self.form.fields) >= MOST_FIELDS:
                raise BadFormError(f"more than {MOST_FIELDS} fields")
            return
        name = bare_name(given.decode("utf-8", "replace"))
        self._skipping = not name  # what a browser sends where no file was chosen
        if name:
            self._open(name)

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            self.form.files[self._file_name] += end - start
        elif not self._skipping:
            self._text += data[start:end]
            if len(self._text) > LONGEST_FIELD:
                raise BadFormError(f"a field of more than {LONGEST_FIELD} bytes")

    def part_end(self) -> None:
        if self._file is not None:
            self.close()
        elif not self._skipping:
            self.form.fields[self._name] = self._text.decode("utf-8", "replace")

    def end(self) -> None:
        self.ended = True

    def _open(self, name: str) -> None:
        if len(self.form.files) >= MOST_FILES:
            raise BadFormError(f"more than {MOST_FILES} files")
        if name in self.form.files:
            raise BadFormError(f"two files called {name}")
        self._file = (self._folder / name).open("xb")
        self._file_name = name
        self.form.files[name] = 0


def bare_name(given: str) -> str:
    """Return the last part of a file name, without what a file system would take for something else."""
    last = PurePosixPath(PureWindowsPath(given).name).name
    plain = "".join(char for char in unicodedata.normalize("NFC", last) if char.isprintable())
    plain = plain.replace("/", "").replace("\\", "").strip().lstrip(".")
    if len(plain.encode()) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    tail = (dot + ending).encode()[-20:] if dot else b""
    return (stem.encode()[: LONGEST_NAME - len(tail)] + tail).decode(errors="ignore")
