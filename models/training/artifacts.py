"""The files of a training run: the model's own, the backtest, the gate's tests, the card and the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.forecast.bundle import save
from models.forecast.forecaster import ModelRows
from models.learning.fit import Fitted
from models.learning.gate import Verdict
from models.training.card import coverage, model_card, title
from models.training.card_forms import as_html, as_markdown


def write_files(fitted: Fitted, verdict: Verdict, table: ModelRows, bundle: Path, folder: Path) -> None:
    """Write the model into `bundle` and everything that people read into `folder`."""
    save(fitted.model, bundle)
    folder.mkdir()
    fitted.backtest.to_csv(folder / "backtest.csv", index=False)
    fitted.errors.to_parquet(folder / "backtest_by_origin.parquet", index=False)
    coverage(fitted).to_csv(folder / "coverage.csv", index=False)
    verdict.table().to_csv(folder / "gate.csv", index=False)
    drivers = fitted.model.drivers_frame(table, horizons=(1,))
    sections = model_card(fitted, verdict, drivers, table)
    for name, form in (("model_card.md", as_markdown), ("model_card.html", as_html)):
        (folder / name).write_text(form(title(fitted), sections), encoding="utf-8")
    draw_summaries(fitted, table, folder)


def draw_summaries(fitted: Fitted, table: ModelRows, folder: Path) -> None:
    """One summary plot per frequency and scope: the yield (or the first target) one period ahead."""
    from models.shap_plots import summary_plot

    drawn: set[str] = set()
    for outlook in fitted.model.outlooks(table):
        name = f"{outlook.panel.frequency}-{outlook.panel.scope}"
        if name in drawn or not len(outlook.panel.t):
            continue
        drawn.add(name)
        shares = outlook.shares()
        data = np.column_stack([outlook.panel.column(feature) for feature in shares.features])
        title_of = f"{outlook.model.target} +1 ({name})"
        file = folder / f"shap_summary_{name}.png"
        summary_plot(shares.scaled[:, 0], data, list(shares.features), title_of, file)
