"""The model card: what was trained on what, how well it did, and where it should not be trusted."""

from __future__ import annotations

import pandas as pd

from models.forecast.fit import Fitted
from models.forecast.gate import Verdict
from models.forecast.scoring import PEERS

SHOWN = (1, 3, 6, 12)
MEASURES = """Rolling origin, expanding window: mean absolute error in the target's unit, CRPS, and the share
of values inside the 90 % and 50 % intervals."""
LIMITS = """- A forecast continues what the records show; it knows nothing of plans or repairs that no record
  tells.
- Drivers explain the forecast. They are not causes: never choose an action by them (`zhuoyue recommend` does
  that).
- Intervals are calibrated on this backtest's origins; a shock of a kind that no origin saw is outside of
  them.
- An entity without any history gets its sector's mean and spread; a statistic that is not kept is not
  forecast.
- No forecast is an official grade."""


def model_card(fitted: Fitted, verdict: Verdict, drivers: pd.DataFrame) -> str:
    """Markdown."""
    parts = [
        f"# Forecast model {fitted.model.version}",
        _facts(fitted),
        "## Backtest\n\n" + MEASURES + "\n\n" + _backtest(fitted.backtest),
        "## What each forecast rests on\n\n" + _bases(fitted),
        "## Drivers\n\nMean absolute contribution (model scale, one period ahead).\n\n" + _drivers(drivers),
        "## Promotion\n\n" + _verdict(verdict),
        "## Limits\n\n" + LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def _facts(fitted: Fitted) -> str:
    return "\n".join(
        f"- {name}: {value}" for name, value in sorted(fitted.model.facts.items()) if name != "features"
    )


def _backtest(table: pd.DataFrame) -> str:
    shown = table[table["horizon"].isin(SHOWN)].copy()
    best = shown[[f"mae_{p}" for p in PEERS]].min(axis=1)
    shown["best_baseline"] = best
    shown["vs_best"] = shown["mae_model"] / best - 1.0
    columns = ["scope", "target", "horizon", "n", "origins", "mae_model", "mae_ridge", "best_baseline"]
    return markdown(shown[[*columns, "vs_best", "crps", "coverage_90", "coverage_50"]])


def _bases(fitted: Fitted) -> str:
    return "\n".join(
        f"- {frequency} {scope} {target.target}: {target.basis}"
        for (frequency, scope), panel in fitted.model.panels.items()
        for target in panel.targets.values()
    )


def _drivers(drivers: pd.DataFrame) -> str:
    if drivers.empty:
        return "None."
    size = drivers.assign(size=drivers["contribution_model_scale"].abs())
    mean = size.groupby(["target", "feature"])["size"].mean().reset_index()
    top = mean.sort_values(["target", "size"], ascending=[True, False]).groupby("target").head(5)
    return markdown(top)


def _verdict(verdict: Verdict) -> str:
    if verdict.promoted:
        return "Promoted: not worse than any baseline, nor than the champion before it."
    return "Refused:\n\n" + "\n".join(f"- {reason}" for reason in verdict.reasons)


def markdown(table: pd.DataFrame) -> str:
    """A pipe table; numbers with four significant digits."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * len(table.columns)]
    for row in table.itertuples(index=False):
        cells = [f"{v:.4g}" if isinstance(v, float) else str(v) for v in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
