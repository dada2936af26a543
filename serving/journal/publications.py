"""A publication in the journal: who made it, from which records and model, and the hash of every file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.outlook import Part, Publication

SUBJECT = "outlook:"
"""How the journal calls a publication: this and the name of its folder."""


def journalled(fingerprint: str, who: str | None) -> Part:
    """Return the last part of a publication from records of this fingerprint: told before anybody sees it."""
    return partial(_journal, fingerprint=fingerprint, who=who)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a publication's folder, by path."""
    from features.store.files import sha256

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def _journal(made: Publication, fingerprint: str, who: str | None) -> None:
    from features.journal import record
    from features.store.database import open_database
    from features.store.ledger import here
    from serving.journal.issuing import issue
    from serving.shelving import kept_grades

    asker = who or here()
    engine = open_database(made.settings)
    try:
        issue(engine, kept_grades(made.folder), asker)
        record(
            engine,
            SUBJECT + made.folder.name,
            "publish",
            asker,
            model_version=made.model.version,
            records_fingerprint=fingerprint,
            as_of=made.as_of,
            files=hashes(made.folder),
        )
    finally:
        engine.dispose()
