"""What a training run tells MLflow: parameters, tags, and metrics; a child run per panel and target."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from models.forecast.asked import PanelModel
from models.forecast.target_model import TargetModel
from models.learning.fit import Fitted
from models.learning.gate import Verdict
from models.learning.rolling import Settings as Effort
from models.registry import Metric, Told

MEASURES = ("mae_", "crps", "coverage_")
ELSEWHERE = {"features", "periods", "refits", "seed"}
HEADLINES = ("mae_model", "crps", "coverage_90")


def told_of(fitted: Fitted, verdict: Verdict, effort: Effort, as_of: str | None, folder: Path) -> Told:
    """The parent run. With the same records, its parameters repeat it: same model_version, same bytes.

    `mlflow run` logs its own `as_of`, `refits` and `seed` on the run that it opens, so ours have other names.
    """
    facts = {
        k: v for k, v in fitted.model.facts.items() if k not in {"features", "periods", "refits", "seed"}
    }
    asked = {"data_as_of": as_of or "", "backtest_refits": effort.refits, "random_seed": effort.seed}
    parameters = facts | asked | {"threads": effort.threads, "promoted": verdict.promoted}
    version = fitted.model.version
    tags = {
        "data_fingerprint": facts["data_fingerprint"],
        "model_version": version,
        "gate": "promoted" if verdict.promoted else "refused",
    }
    metrics = list(metrics_of(fitted.backtest, HEADLINES, prefixed=True))
    return Told(f"train {version}", parameters, tags, metrics, folder, list(_children(fitted)))


def _children(fitted: Fitted) -> Iterator[Told]:
    for (frequency, scope), panel in fitted.model.panels.items():
        for name, target in panel.targets.items():
            table = fitted.backtest
            own = table[
                (table["frequency"] == frequency) & (table["scope"] == scope) & (table["target"] == name)
            ]
            tags = {"model_version": fitted.model.version}
            about = _about(frequency, scope, panel, target, own)
            yield Told(f"{frequency} {scope} {name}", about, tags, list(metrics_of(own, MEASURES)))


def _about(
    frequency: str, scope: str, panel: PanelModel, target: TargetModel, own: pd.DataFrame
) -> dict[str, Any]:
    return {
        "frequency": frequency,
        "scope": scope,
        "target": target.target,
        "basis": target.basis,
        "ridge_columns": target.coefficients.shape[1],
        "trees": sum(text.count("\nTree=") for text in target.boosters),
        "residual_paths": len(panel.paths.ranks),
        "origins": int(own["origins"].max()) if len(own) else 0,
        "forecasts_scored": int(own["n"].sum()),
    }


def metrics_of(table: pd.DataFrame, measures: tuple[str, ...], *, prefixed: bool = False) -> Iterator[Metric]:
    """One metric per column (and target), with the horizon as its step."""
    columns = [c for c in map(str, table) if c.startswith(measures)]
    for row in table.to_dict("records"):
        before = f"{row['frequency']}.{row['scope']}.{row['target']}." if prefixed else ""
        yield from ((before + c, float(row[c]), int(row["horizon"])) for c in columns if row[c] == row[c])
