"""From bouts to the rows that people read: chooser × figures, per world and over all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from models.judge.tournament import ALL, Bout, figures, together


def report(bouts: Mapping[int, Bout]) -> list[dict[str, Any]]:
    """One row per world and chooser, then one per chooser over all worlds (`world` = `all`).

    Over all, figures are those of all plants together and `se_<figure>` is the standard error of their mean
    over worlds (None with one world).
    """
    each = {str(seed): figures(bout) for seed, bout in bouts.items()}
    rows = [
        _row(world, str(name), values) for world, table in each.items() for name, values in table.iterrows()
    ]
    whole = figures(together(bouts))
    error = _errors(list(each.values()))
    for name, values in whole.iterrows():
        spread = {
            f"se_{k}": _number(error[k].get(name)) for k in values.index if k not in ("seconds", "plants")
        }
        rows.append(_row(ALL, str(name), values) | spread)
    return rows


SHORT: Final = {
    "world": "world",
    "chooser": "chosen by",
    "moved": "moved %",
    "of_best_plant": "of best, plant %",
    "of_best_money": "money %",
    "precision_at_3": "top 3 %",
    "worth_at_3": "worth it %",
    "sign_right": "sign %",
    "useless": "idle %",
    "harmful": "harm %",
    "leaks": "leaks %",
    "coverage_90": "covers %",
    "promised_over_realised": "promised ÷ came",
    "seconds": "s",
}
"""Columns of a person's table."""
WHOLE: Final = ("seconds", "plants")
RATIOS: Final = ("promised_over_realised",)


def shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for a table: short names (`SHORT`), shares in percent, standard errors beside them."""
    return [
        {short: _cell(name, row.get(name), row.get(f"se_{name}")) for name, short in SHORT.items()}
        for row in rows
    ]


def _row(world: str, name: str, values: pd.Series) -> dict[str, Any]:
    return {"world": world, "chooser": name} | {str(k): _number(v) for k, v in values.items()}


def _errors(tables: list[pd.DataFrame]) -> pd.DataFrame:
    every = pd.concat(tables)
    worlds = every.groupby(level=0)
    count = worlds.count().where(worlds.count() > 1)
    return worlds.std(ddof=1) / count**0.5


def _number(value: object) -> float | None:
    return None if value is None or value != value else float(value)  # type: ignore[arg-type]


def _cell(name: str, value: object, error: object) -> object:
    if not isinstance(value, float):
        return value
    if name in WHOLE:
        return f"{value:.0f}"
    digits, times = (2, 1) if name in RATIOS else (0, 100)
    told = f"{times * value:.{digits}f}".replace("-", "−")
    return told + (f"±{times * error:.{digits}f}" if isinstance(error, float) else "")
