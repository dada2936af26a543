"""A model as files: JSON, LightGBM text and a Parquet of residual paths. Nothing that runs code when it is
read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.forecast.asked import PanelModel
from models.forecast.booster import HORIZON_GROUPS
from models.forecast.design import Design
from models.forecast.forecaster import ForecastModel
from models.forecast.paths import ResidualPaths
from models.forecast.target_model import TargetModel
from models.results import HORIZONS

if TYPE_CHECKING:
    from features.settings import Settings

FORMAT = 1
POINTER = "current.json"
MODEL_FILE = "model.json"


class NoChampionError(RuntimeError):
    """There is no promoted model yet."""


def save(model: ForecastModel, folder: Path) -> None:
    """Write a model into a new or empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, Any] = {
        "format": FORMAT,
        "version": model.version,
        "facts": model.facts,
        "levels": model.levels,
        "panels": [],
    }
    for (frequency, scope), panel in model.panels.items():
        name = f"{frequency}-{scope}"
        for target in panel.targets.values():
            for group, text in enumerate(target.boosters):
                if text:
                    (folder / f"{name}-{target.target}-{group}.lgb.txt").write_text(text, encoding="utf-8")
        _save_paths(panel.paths, folder / f"{name}-paths.parquet")
        described["panels"].append(
            {
                "frequency": frequency,
                "scope": scope,
                "design": panel.design.to_dict(),
                "targets": [target.to_dict() for target in panel.targets.values()],
            }
        )
    text = json.dumps(described, ensure_ascii=False, allow_nan=False, sort_keys=True)
    (folder / MODEL_FILE).write_text(text, encoding="utf-8")


def load(folder: Path, version: str | None = None) -> ForecastModel:
    """Read what `save` wrote; `version` renames it (a registry gives a model its number afterwards)."""
    described = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
    if described["format"] != FORMAT:
        raise NoChampionError(
            f"{folder / MODEL_FILE}: found format {described['format']}; allowed is {FORMAT}; train again"
        )
    loaded = {(p["frequency"], p["scope"]): _load_panel(p, folder) for p in described["panels"]}
    return ForecastModel(
        version or described["version"], loaded, described["facts"], levels=described.get("levels", {})
    )


def _load_panel(described: dict[str, Any], folder: Path) -> PanelModel:
    name = f"{described['frequency']}-{described['scope']}"
    targets = {}
    for target in described["targets"]:
        files = [folder / f"{name}-{target['target']}-{g}.lgb.txt" for g in range(len(HORIZON_GROUPS))]
        texts = tuple(f.read_text(encoding="utf-8") if f.exists() else "" for f in files)
        targets[target["target"]] = TargetModel.from_dict(target, texts)
    paths = _load_paths(folder / f"{name}-paths.parquet", tuple(targets))
    design = Design.from_dict(described["design"])
    return PanelModel(described["frequency"], described["scope"], design, targets, paths)


def _save_paths(paths: ResidualPaths, file: Path) -> None:
    names = [f"{y}.{h}" for y in paths.targets for h in range(1, HORIZONS + 1)]
    frame = pd.DataFrame(paths.ranks.reshape(len(paths.ranks), len(names)), columns=names)
    frame.insert(0, "origin", paths.origin)
    frame.to_parquet(file, index=False)


def _load_paths(file: Path, targets: tuple[str, ...]) -> ResidualPaths:
    frame = pd.read_parquet(file)
    origin = frame.pop("origin").to_numpy(np.int64)
    return ResidualPaths(
        targets, frame.to_numpy(np.float64).reshape(len(frame), len(targets), HORIZONS), origin
    )


def champion_folder(settings: Settings) -> Path:
    """Where the promoted model's files are; raises `NoChampionError` if there is none."""
    home = Path(settings.home) / "champion"
    pointer = home / POINTER
    if not pointer.exists():
        raise NoChampionError(f"{pointer}: found no promoted model; train one with `zhuoyue train`")
    return home / str(json.loads(pointer.read_text(encoding="utf-8"))["version"])


def load_champion(settings: Settings) -> ForecastModel:
    """The promoted model, from its exported files; needs no MLflow."""
    return load(champion_folder(settings))
