"""A back-up file: a tar whose manifest, the last member, has the hash and the size of every other."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from serving.operating.refusals import BackupError

MANIFEST = "manifest.json"
FORMAT = 1
PIECE = 1 << 20


class Writer:
    """Adds members and keeps their hashes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Write into an open tar."""
        self._tar = tar
        self.members: dict[str, list[Any]] = {}

    def add(self, name: str, path: Path) -> str:
        """Add a file that does not change any more; return its SHA-256."""
        with path.open("rb") as file:
            read = _Hashing(file)
            self._member(name, os.fstat(file.fileno()).st_size, read)
        self.members[name] = [read.digest.hexdigest(), read.size]
        return read.digest.hexdigest()

    def finish(self, facts: dict[str, Any]) -> None:
        """Add the manifest."""
        content = json.dumps({"format": FORMAT, **facts, "members": self.members}, indent=1).encode()
        self._member(MANIFEST, len(content), io.BytesIO(content))

    def _member(self, name: str, size: int, content: Any) -> None:  # noqa: ANN401 - anything with `read`
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, content)


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        self.size += len(piece)
        return piece


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Write a back-up to `path`: there whole, flushed, checked and its owner's only, or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    mode = "w:gz" if path.suffix in {".gz", ".tgz"} else "w"
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode=mode) as tar:  # type: ignore[call-overload]
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        manifest(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _measured(path: Path, content: IO[bytes]) -> list[Any]:
    digest, size = hashlib.sha256(), 0
    try:
        while piece := content.read(PIECE):
            digest.update(piece)
            size += len(piece)
    except tarfile.TarError as error:  # cut off in the middle of a member
        raise BackupError(f"{path}: damaged: {error}; use another") from error
    return [digest.hexdigest(), size]


def manifest(path: Path) -> dict[str, Any]:
    """Read a back-up from end to end and return its manifest; raises BackupError if a byte is wrong."""
    found: dict[str, list[Any]] = {}
    facts: dict[str, Any] = {}
    for name, content in members(path):
        if name == MANIFEST:
            facts = json.loads(content.read())
            continue
        found[name] = _measured(path, content)
    if facts.get("format") != FORMAT:
        raise BackupError(f"{path}: found no manifest of format {FORMAT}; this is no whole back-up of ours")
    wrong = sorted(
        name for name in {*found, *facts["members"]} if found.get(name) != facts["members"].get(name)
    )
    if wrong:
        raise BackupError(f"{path}: damaged: {', '.join(wrong[:5])} is not what was backed up; use another")
    return facts


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of every member, in order; raises BackupError."""
    try:
        with tarfile.open(path, "r|*") as tar:
            for info in tar:
                content = tar.extractfile(info)
                if not info.isreg() or content is None or not _inside(info.name):
                    raise BackupError(f"{path}: {info.name!r:.80} has no place in a back-up")
                yield info.name, content
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise BackupError(f"{path}: cannot be read as a back-up: {error}") from error


def _inside(name: str) -> bool:
    parts = Path(name).parts
    return bool(parts) and not Path(name).is_absolute() and ".." not in parts
