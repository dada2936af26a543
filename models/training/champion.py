"""The served model's place on disk: one folder per version, and a pointer that is replaced in one step.

Whoever changes it holds a lock, which ends with its process: two trainings at once take turns, and one that
is killed leaves the champion before it as it was. Two folders are kept, the served one and the one before it,
which a reader may have open still; older ones are in the registry, from where `promote` brings them back.
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
from models.forecast.bundle import MODEL_FILE, POINTER, NoChampionError, champion_folder

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
    """Copy a bundle to `<home>/champion/<version>` and point `current.json` at it (hold the lock).

    The pointer names the champion before as well; the folders of older ones are removed.
    """
    home = Path(settings.home) / "champion"
    home.mkdir(parents=True, exist_ok=True)
    folder = home / version
    if not folder.exists():  # the same bytes may be there already: the version is made from them
        fresh = Path(tempfile.mkdtemp(dir=home, prefix=UNFINISHED))
        shutil.copytree(bundle, fresh, dirs_exist_ok=True)
        errors.to_parquet(fresh / ERRORS_FILE, index=False)
        fresh.chmod(0o755)
        fresh.rename(folder)
    before = _before(version, settings)
    point_to(home, {"version": version, "before": before} | registered)
    _sweep(home, {version, before})
    return folder


def _before(version: str, settings: Settings) -> str | None:
    """The champion that another version replaces: training the served one again replaces nothing."""
    served = pointer(settings)
    return served.get("before" if served.get("version") == version else "version")


def _sweep(home: Path, kept: set[str | None]) -> None:
    """Remove models that are not kept, and nothing else that lies there."""
    for old in [file.parent for file in home.glob(f"[!.]*/{MODEL_FILE}") if file.parent.name not in kept]:
        # Renamed first: a folder under its version's name is whole, also if this process is killed here.
        shutil.rmtree(old.rename(home / f"{UNFINISHED}{old.name}"), ignore_errors=True)


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
