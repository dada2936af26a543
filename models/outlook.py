"""The published outlook: forecasts, drivers, attainment and recommendations of all enterprises, as files.

Pages read it without any model in memory. It is written whole, in a new folder, and becomes visible when
`current.json` is replaced; readers of the old one are not disturbed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from features.model_table import ModelTable
    from features.settings import Settings
    from features.tables import Tables
    from models.forecast.forecaster import ForecastModel

Progress = Callable[[str, int, int], None]
Recommend = Callable[["ModelTable"], Sequence[Any]]
Part = Callable[["Publication"], None]
"""Writes further files into the folder of a publication."""
FOLDER, POINTER = "outlook", "current.json"
DRIVER_HORIZONS = (1, 3, 6, 12)
TOP_DRIVERS = 15
KEPT = 3  # outlooks that stay on disk, for readers that have just opened one
ROW_GROUP = 5000


@dataclass(frozen=True)
class Publication:
    """An outlook in the making: its `folder` is seen by nobody yet; what it is made from."""

    folder: Path
    settings: Settings
    tables: Tables
    model: ForecastModel
    table: ModelTable
    as_of: str | None


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
        home = Path(settings.home) / FOLDER
        pointer = home / POINTER
        if not pointer.exists():
            raise NoOutlookError(f"{pointer}: found no published outlook; `zhuoyue train` makes one")
        facts = json.loads(pointer.read_text(encoding="utf-8"))
        return cls(home / facts.pop("folder"), **facts)

    def forecasts(self, enterprise_id: str | None = None, target: str | None = None) -> list[dict[str, Any]]:
        """Forecast rows, as `zhuoyue forecast` prints them."""
        rows = self._rows("forecasts", enterprise_id, target)
        names = [name for name in (rows[0] if rows else {}) if name.startswith("0.")]
        for row in rows:
            row["product_id"] = row["product_id"] or None
            row["quantiles"] = {name: row.pop(name) for name in names}
        return rows

    def drivers(self, enterprise_id: str | None = None, target: str | None = None) -> list[dict[str, Any]]:
        """Driver rows at horizons 1, 3, 6 and 12: the largest, and the sum of all others as one."""
        rows = self._rows("drivers", enterprise_id, target)
        for row in rows:
            row["product_id"] = row["product_id"] or None
            row["value"] = None if row["value"] != row["value"] else row["value"]
        return rows

    def attainment(self, enterprise_id: str | None = None) -> list[dict[str, Any]]:
        """Attainment rows."""
        return [json.loads(row["row"]) for row in self._rows("attainment", enterprise_id)]

    def recommendations(self, enterprise_id: str | None = None) -> list[dict[str, Any]]:
        """Recommendation rows."""
        return [json.loads(row["row"]) for row in self._rows("recommendations", enterprise_id)]

    def _rows(
        self, name: str, enterprise_id: str | None = None, target: str | None = None
    ) -> list[dict[str, Any]]:
        import pyarrow.parquet as pq

        wanted = {"enterprise_id": enterprise_id, "target": target}
        filters = [(column, "==", value) for column, value in wanted.items() if value is not None]
        table = pq.read_table(self.folder / f"{name}.parquet", filters=filters or None)
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows


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
    tell("forecasts", 0, 4)
    _write_frame(model.forecast_frame(table), folder / "forecasts.parquet")
    tell("drivers", 1, 4)
    drivers = model.drivers_frame(table, horizons=DRIVER_HORIZONS, top=TOP_DRIVERS)
    _write_frame(drivers, folder / "drivers.parquet")
    tell("attainment", 2, 4)
    _write_rows(attain(tables, model, table=table, as_of=as_of), folder / "attainment.parquet")
    tell("recommendations", 3, 4)
    _write_rows(recommend(table) if recommend else [], folder / "recommendations.parquet")
    for part in parts:
        part(Publication(folder, settings, tables, model, table, as_of))
    facts = {
        "folder": folder.name,
        "model_version": model.version,
        "fingerprint": str(model.facts.get("data_fingerprint", "")),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": as_of,
    }
    _point(home, facts)
    _forget_old(home)
    tell("done", 4, 4)
    return Outlook.load(settings)


def _write_frame(frame: pd.DataFrame, file: Path) -> None:
    import pyarrow as pa

    ordered = frame.sort_values("enterprise_id", kind="stable")
    _write(pa.Table.from_pandas(ordered, preserve_index=False), file)


def _write_rows(rows: Iterable[Any], file: Path) -> None:
    import pyarrow as pa

    plain = [row if isinstance(row, dict) else _plain(row) for row in rows]
    plain.sort(key=lambda row: str(row["enterprise_id"]))
    texts = [json.dumps(row, ensure_ascii=False, default=str) for row in plain]
    ids = [str(row["enterprise_id"]) for row in plain]
    _write(pa.table({"enterprise_id": pa.array(ids, pa.string()), "row": pa.array(texts, pa.string())}), file)


def _plain(row: object) -> dict[str, Any]:
    from dataclasses import asdict, is_dataclass

    if is_dataclass(row) and not isinstance(row, type):
        return asdict(row)
    dumped: dict[str, Any] = row.model_dump(by_alias=True)  # type: ignore[attr-defined]
    return dumped


def _write(table: pa.Table, file: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, file, row_group_size=ROW_GROUP, compression="zstd")


def _point(home: Path, facts: dict[str, Any]) -> None:
    draft = home / f".current-{os.getpid()}.json"
    draft.write_text(json.dumps(facts, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    draft.replace(home / POINTER)


def _forget_old(home: Path) -> None:
    folders = sorted(entry for entry in home.iterdir() if entry.is_dir())
    for folder in folders[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
