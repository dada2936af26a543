"""The published outlook: forecasts, drivers, attainment and recommendations of all enterprises, as files.

Pages read it without any model in memory. It is written whole, in a new folder, and becomes visible when
`current.json` is replaced; readers of the old one are not disturbed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.outlook_files import read_rows, write_frame, write_rows
from models.shelf import Shelf

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings
    from features.tables import Tables
    from models.attainment.start import Start
    from models.forecast.forecaster import ForecastModel
    from models.recommend.advice import Fitted

Progress = Callable[[str, int, int], None]
Recommend = Callable[["Publication"], Sequence[Any]]
Part = Callable[["Publication"], None]
"""Writes further files into the folder of a publication."""
FOLDER, POINTER = "outlook", "current.json"
DRIVER_HORIZONS = (1, 3, 6, 12)
TOP_DRIVERS = 15
KEPT = 3  # outlooks that stay on disk, for readers that have just opened one


@dataclass(frozen=True)
class Publication:
    """An outlook in the making: its `folder` is seen by nobody yet; what it is made from.

    What several parts rest on is made once, when the first of them asks: the paths that levels are forecast
    on (`begun`; None where no month can be foretold), and everybody's effects (`fitted`).
    """

    folder: Path
    settings: Settings
    tables: Tables
    model: ForecastModel
    table: ModelTable
    as_of: str | None

    @cached_property
    def begun(self) -> Start | None:
        """Paths as far as a portfolio looks, official states and known months of every enterprise."""
        from models.attainment.sample import enough
        from models.attainment.start import start
        from models.portfolio.horizon import FAR

        paths = enough(self.table.frame["enterprise_id"].nunique())
        return start(self.tables, self.model, self.table, paths, months=FAR)

    @cached_property
    def fitted(self) -> Fitted:
        """Effects of levers, as recommendations rest on them."""
        from models.effects import readings_per_period
        from models.recommend.advice import fitted

        return fitted(self.table, readings_per_period(self.tables))


class NoOutlookError(RuntimeError):
    """Nothing has been published yet."""


@dataclass(frozen=True)
class Outlook:
    """A published outlook; every method returns plain rows of one enterprise, or of all of them."""

    folder: Path
    model_version: str
    fingerprint: str
    created_at: str
    as_of: str | None

    @classmethod
    def load(cls, settings: Settings) -> Outlook:
        """The current outlook; raises `NoOutlookError` if there is none."""
        file = pointer(settings)
        if not file.exists():
            raise NoOutlookError(f"{file}: found no published outlook; `zhuoyue train` makes one")
        facts = json.loads(file.read_text(encoding="utf-8"))
        folder = file.parent / facts.pop("folder")
        if not (folder / "recommendations.shelf").exists():
            raise NoOutlookError(f"{folder}: an earlier version published it; `zhuoyue publish` does it anew")
        return cls(folder, **facts)

    def forecasts(self, enterprise_id: str | None = None, target: str | None = None) -> list[dict[str, Any]]:
        """Forecast rows, as `zhuoyue forecast` prints them."""
        return self._rows("forecasts", enterprise_id, target)

    def drivers(self, enterprise_id: str | None = None, target: str | None = None) -> list[dict[str, Any]]:
        """Driver rows at horizons 1, 3, 6 and 12: the largest, and the sum of all others as one."""
        return self._rows("drivers", enterprise_id, target)

    def attainment(self, enterprise_id: str | None = None) -> list[dict[str, Any]]:
        """Attainment rows."""
        return self._rows("attainment", enterprise_id)

    def recommendations(self, enterprise_id: str | None = None) -> list[dict[str, Any]]:
        """Recommendation rows."""
        return self._rows("recommendations", enterprise_id)

    def shelf(self, kind: str) -> Shelf:
        """The rows of one kind, by enterprise and target, as JSON."""
        return _opened(self.folder, kind)

    def _rows(
        self, kind: str, enterprise_id: str | None = None, target: str | None = None
    ) -> list[dict[str, Any]]:
        if enterprise_id is None:
            return read_rows(self.folder, kind, target)
        return self.shelf(kind).rows(enterprise_id, target)


def pointer(settings: Settings) -> Path:
    """The file that says which outlook is current; it is replaced at each publication."""
    return Path(settings.home) / FOLDER / POINTER


@lru_cache(maxsize=32)
def _opened(folder: Path, kind: str) -> Shelf:
    """Folders are never written to again once they are seen."""
    return Shelf(folder, kind)


def publish(
    settings: Settings,
    tables: Tables,
    recommend: Recommend | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
    table: ModelTable | None = None,
    parts: Sequence[Part] = (),
) -> Outlook:
    """Compute and publish all enterprises' outlook from the promoted model; raises `NoChampionError`.

    `parts` write what else belongs to it, after the rows and before anybody sees the folder.
    """
    from features.model_table import build_model_table
    from models.attainment import attain
    from models.forecast import load_champion

    tell = progress or (lambda _what, _done, _total: None)
    model = load_champion(settings)
    table = table or build_model_table(tables, as_of)
    home = Path(settings.home) / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home, prefix=datetime.now(UTC).strftime("%Y%m%dT%H%M%S-")))
    folder.chmod(0o755)
    made = Publication(folder, settings, tables, model, table, as_of)
    tell("forecasts", 0, 4)
    write_frame(model.forecast_frame(table), folder, "forecasts")
    tell("drivers", 1, 4)
    drivers = model.drivers_frame(table, horizons=DRIVER_HORIZONS, top=TOP_DRIVERS)
    write_frame(drivers, folder, "drivers")
    tell("attainment", 2, 4)
    write_rows(attain(tables, model, table=table, as_of=as_of, begun=made.begun), folder, "attainment")
    tell("recommendations", 3, 4)
    write_rows(recommend(made) if recommend else [], folder, "recommendations")
    for part in parts:
        part(made)
    facts = {
        "folder": folder.name,
        "model_version": model.version,
        "fingerprint": _fingerprint(tables),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": as_of,
    }
    _point(home, facts)
    _forget_old(home)
    tell("done", 4, 4)
    return Outlook.load(settings)


def _fingerprint(tables: Tables) -> str:
    """Of the records; tables in memory have none."""
    told = getattr(tables, "fingerprint", None)
    return str(told()) if told else ""


def _point(home: Path, facts: dict[str, Any]) -> None:
    draft = home / f".current-{os.getpid()}.json"
    draft.write_text(json.dumps(facts, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    draft.replace(home / POINTER)


def _forget_old(home: Path) -> None:
    folders = sorted(entry for entry in home.iterdir() if entry.is_dir())
    for folder in folders[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
