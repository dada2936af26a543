"""The served model's place on disk: one folder per version, and a pointer that is replaced in one step.

Whoever changes it holds a lock, which ends with its process: two trainings at once take turns, and one that
is killed leaves the champion before it as it was.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.store.lock import locked
from models.forecast.bundle import POINTER, NoChampionError, champion_folder

if TYPE_CHECKING:
    from features.settings import Settings

ERRORS_FILE = "errors.parquet"
UNFINISHED = ".new-"


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the champion's lock, and clear away what a killed process left half written."""
    home = Path(settings.home) / "champion"
    with locked(home / ".lock"):
        for left in home.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def export(
    bundle: Path, errors: pd.DataFrame, version: str, registered: dict[str, Any], settings: Settings
) -> Path:
    """Copy a bundle to `<home>/champion/<version>` and point `current.json` at it (hold the lock)."""
    home = Path(settings.home) / "champion"
    home.mkdir(parents=True, exist_ok=True)
    folder = home / version
    if not folder.exists():  # the same bytes may be there already: the version is made from them
        fresh = Path(tempfile.mkdtemp(dir=home, prefix=UNFINISHED))
        shutil.copytree(bundle, fresh, dirs_exist_ok=True)
        errors.to_parquet(fresh / ERRORS_FILE, index=False)
        fresh.chmod(0o755)
        fresh.rename(folder)
    point_to(home, {"version": version} | registered)
    return folder


def point_to(home: Path, content: dict[str, Any]) -> None:
    """Replace `<home>/current.json` in one step."""
    draft = home / f".current-{os.getpid()}.json"
    draft.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    draft.replace(home / POINTER)


def pointer(settings: Settings) -> dict[str, Any]:
    """What `current.json` says; empty where nothing was promoted yet."""
    file = Path(settings.home) / "champion" / POINTER
    if not file.exists():
        return {}
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return said


def champion_errors(settings: Settings) -> pd.DataFrame | None:
    """The champion's backtest by origin; None where there is no champion."""
    try:
        file = champion_folder(settings) / ERRORS_FILE
    except NoChampionError:
        return None
    return pd.read_parquet(file) if file.exists() else None
