"""A copy of the editions' folder to change: what an edition that somebody adds may look like."""

from __future__ import annotations

import shutil
from pathlib import Path

from qm_rules.pack.loading import EDITIONS

ID = "miit-2023-249"


def copied(folder: Path) -> Path:
    """Return a folder of editions that holds a copy of the issued one."""
    shutil.copytree(EDITIONS / ID, folder / "editions" / ID)
    return folder / "editions"


def replace(file: Path, old: str, new: str) -> None:
    """Replace a text once; it must stand there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, (file.name, old)
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
