"""Puts a review together: versions, champion and challenger, what came since, drift, is a training due."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from features.model_table import ModelTable, build_model_table
from models.forecast.bundle import NoChampionError, load_champion
from models.forecast.forecaster import ForecastModel
from models.review.reading import review_file
from models.review.registered import Shelf, shelf_of
from models.review.scored import by_origin, drift_of, due_of, since_of, table_of
from models.training.champion import champion_errors, pointer
from models.training.identity import settled

if TYPE_CHECKING:
    from features.settings import Settings
    from features.tables import Tables
    from models.outlook import Publication


def keep_review(settings: Settings, tables: Tables, table: ModelTable | None = None) -> dict[str, Any]:
    """Look at the model as it stands on the present records, keep what is seen, and return it."""
    found = _look(settings, settled(table or build_model_table(tables)))
    file = review_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(json.dumps(found, ensure_ascii=False, allow_nan=False, default=str), encoding="utf-8")
    draft.replace(file)
    return found


def review_part(publication: Publication) -> None:
    """Keep the review with every publication that is of all records."""
    if publication.as_of is None:
        keep_review(publication.settings, publication.tables, publication.table)


def _look(settings: Settings, table: ModelTable) -> dict[str, Any]:
    shelf = shelf_of(settings)
    model = _champion(settings)
    judged = model is not None and "periods" in model.facts  # a model that was not trained has none
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tracking": shelf.tracking,
        "registry_error": shelf.error,
        "versions": [shelf.row(one) for one in shelf.versions],
        "champion": None if model is None else _served(settings, model, shelf),
        "challenger": shelf.challenger(),
        "since": since_of(model, table) if model and judged else None,
        "drift": drift_of(model, table, settings) if model and judged else None,
        "due": due_of(table, settings) if judged or model is None else None,
    }


def _champion(settings: Settings) -> ForecastModel | None:
    try:
        return load_champion(settings)
    except NoChampionError:
        return None


def _served(settings: Settings, model: ForecastModel, shelf: Shelf) -> dict[str, Any]:
    errors = champion_errors(settings)
    facts = {name: model.facts.get(name) for name in ("periods", "data_fingerprint", "refits", "seed")}
    told = {
        "model_version": model.version,
        "number": str(pointer(settings).get("registry_version") or ""),
        "features": len(model.facts.get("features", ())),
        "backtest": [] if errors is None else table_of(errors),
        "by_origin": [] if errors is None else by_origin(errors),
    }
    return facts | told | shelf.files("champion")
