"""`zhuoyue report proposal`: the improvement proposal (质量提升建议书) as Word, PDF or page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from serving.reports.proposal.facts import Known

DONE, BAD_INPUT = 0, 2


def proposal(
    enterprise: Annotated[str, typer.Option(help="An enterprise of the store.")],
    out: Annotated[
        list[Path], typer.Option(help="FILE.docx, FILE.pdf or FILE.html; may be given several times.")
    ],
    language: Annotated[Literal["zh", "en"], typer.Option(help="The language of the proposal.")] = "zh",
    fmt: FormatOption = None,
) -> None:
    """Write the improvement proposal (质量提升建议书) of one enterprise, with its table of benefits.

    It says what was published last (`zhuoyue train`) and computes no model; where nothing was published it
    says so and holds the official part alone.
    """
    from serving.output import emit
    from serving.reports.proposal.document import proposal as made_of
    from serving.reports.writing import PRINTED, ReportError, check_kinds, write_document
    from serving.web.proposal_words import site_words

    try:
        check_kinds(out, PRINTED)
        known = _known(enterprise)
        warnings = write_document(made_of(known, site_words(language)), out)
    except ReportError as refused:
        raise typer.Exit(_refuse(str(refused))) from None
    if warnings:
        _refuse(f"the font of the PDF lacks {', '.join(warnings)}; they are shown by their code")
    if known.published is None:
        _refuse("nothing is published of it: the official part alone; zhuoyue train publishes the rest")
    emit([_row(known, path, language) for path in out], fmt)
    raise typer.Exit(DONE)


def _known(enterprise: str) -> Known:
    from features.evidence import NoRecordsError, UnknownEnterpriseError
    from features.settings import Settings
    from features.store import Store
    from serving.reports.proposal.facts import known_from_store
    from serving.reports.writing import ReportError

    settings = Settings()
    try:
        with Store.open(settings) as store:
            return known_from_store(store, settings, enterprise)
    except (NoRecordsError, UnknownEnterpriseError) as refused:
        raise ReportError(str(refused)) from refused


def _row(known: Known, path: Path, language: str) -> dict[str, object]:
    grade = known.official.grade
    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "enterprise_id": grade.enterprise_id,
        "language": language,
        "level": grade.level,
        "status": grade.status,
        "moves": len(known.moves),
        "model_version": known.published.model_version if known.published else None,
        "evidence_sha256": grade.evidence.sha256,
    }


def _refuse(message: str) -> int:
    """Say something to people on standard error, and return the exit status of bad input."""
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
    return BAD_INPUT
