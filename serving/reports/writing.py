"""Turns facts into files: Word, PDF, page or workbook, by the file's suffix."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from serving.reports.blocks import Document
from serving.reports.declaration import declaration
from serving.reports.facts import Facts
from serving.reports.media import MEDIA_TYPES

PRINTED = (".pdf", ".docx", ".html")
"""Those that show a document as it prints."""


class ReportError(ValueError):
    """A report that cannot be made as asked for."""


def check_kinds(paths: Sequence[Path], kinds: Collection[str] = tuple(MEDIA_TYPES)) -> None:
    """Raise ReportError for an unknown suffix, a folder that is not there, a file named twice or none."""
    allowed = f"allowed: FILE with {', '.join(kinds)}"
    if not paths:
        raise ReportError(f"--out: found nothing; {allowed}")
    for path in paths:
        if path.suffix.lower() not in kinds:
            raise ReportError(f"--out: found {str(path)!r}; {allowed}")
        if not path.parent.is_dir() or path.is_dir():
            raise ReportError(f"--out: found {str(path)!r}; allowed: a file in a folder that is there")
    twice = {str(path) for path in paths if list(paths).count(path) > 1}
    if twice:
        raise ReportError(f"--out: found {', '.join(sorted(twice))} more than once; allowed: each file once")


def write_reports(facts: Facts, paths: Sequence[Path], signed_on: date | None = None) -> tuple[str, ...]:
    """Write every file, all of the same document, and return what whoever asked should be told.

    Everything is made before anything is written, and a file appears whole or not at all. Raises
    ReportError (see `check_kinds`) and OSError.
    """
    check_kinds(paths)
    document = declaration(facts, signed_on)
    _write_all([(path, rendered(facts, document, path.suffix.lower())) for path in paths])
    return document.warnings


def write_document(document: Document, paths: Sequence[Path]) -> tuple[str, ...]:
    """Write one document in every kind that prints; the same promises as `write_reports`."""
    check_kinds(paths, PRINTED)
    _write_all([(path, printed(document, path.suffix.lower())) for path in paths])
    return document.warnings


def rendered(facts: Facts, document: Document, suffix: str) -> bytes:
    """Return the file of a kind; KeyError for a suffix that is none."""
    return _xlsx(facts) if suffix == ".xlsx" else printed(document, suffix)


def printed(document: Document, suffix: str) -> bytes:
    """Return a document in one of the kinds of `PRINTED`; KeyError for another."""
    return _PRINTERS[suffix](document)


def _pdf(document: Document) -> bytes:
    from serving.reports.pdf import to_pdf

    return to_pdf(document)


def _docx(document: Document) -> bytes:
    from serving.reports.word import to_docx

    return to_docx(document)


def _html(document: Document) -> bytes:
    from serving.reports.page import to_html

    return to_html(document).encode()


def _xlsx(facts: Facts) -> bytes:
    from serving.reports.workbook import write_workbook

    buffer = BytesIO()
    write_workbook(facts.grade, buffer)
    return buffer.getvalue()


_PRINTERS: dict[str, Callable[[Document], bytes]] = {".pdf": _pdf, ".docx": _docx, ".html": _html}


def _write_all(made: Sequence[tuple[Path, bytes]]) -> None:
    for path, content in made:
        _write(path, content)


def _write(path: Path, content: bytes) -> None:
    """Write beside the file and put it in its place: nobody ever reads half a report."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as file:
        file.write(content)
    try:
        os.chmod(file.name, 0o666 & ~_umask())  # noqa: PTH101 - what an ordinary new file would have
        os.replace(file.name, path)  # noqa: PTH105 - atomic
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
