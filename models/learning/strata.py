"""Do intervals hold everywhere, or only on average? Coverage by horizon, by level and by length of history.

A plant belongs to the level that its latest twelve periods' mean would reach on that indicator alone, read at
the forecast's origin. The level of the outcome would be no fair class: whoever ends higher than foreseen is
found there, so that no honest interval could cover nine in ten of any such class.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.baselines import has_history
from models.forecast.links import Array
from models.forecast.panel import Index, Mask, Panel
from models.learning.calibrate import Judged
from models.learning.rolling import PanelRun
from models.learning.scoring import in_unit, inside, scored_rows
from models.results import HORIZONS, LEVELS
from models.rules_numpy import ArrayRules

INDICATORS = {
    "ftq": "ftq",
    "internal_loss": "internal_loss",
    "external_loss": "external_loss",
    "ppm": "sigma",
    "cpk": "cpk",
}
BANDS = {"1": (1, 1), "2-3": (2, 3), "4-6": (4, 6), "7-11": (7, 11), "12": (12, 12)}
AGES = {"0": (0, 0), "1-3": (1, 3), "4-6": (4, 6), "7-12": (7, 12), "13-23": (13, 23), "24+": (24, 10**6)}
KEYS = ["frequency", "scope", "target", "slice"]


def coverage_by(panel_run: PanelRun, judged: Judged) -> pd.DataFrame:
    """Sums of one target by slice: frequency, scope, target, slice, n, inside90, inside50 (counts).

    Slices are `pooled`, `horizon 2-3` …, `level 1` … `level 5`, and `known 1-3` … by the periods with a known
    value so far; `known 0` are cold starts and are in no other slice. Empty classes are left out.
    """
    panel, target = panel_run.panel, judged.run.target
    rows = np.flatnonzero(scored_rows(panel_run))
    actual = panel.future(panel.actual[target])[rows]
    _, values = in_unit(panel_run, judged, rows)
    known = np.isfinite(actual) & np.isfinite(values[:, :, 0])
    hits = inside(values, actual, 0.05, 0.95), inside(values, actual, 0.25, 0.75)
    found = {
        name: (int(cells.sum()), *(float(hit[cells].sum()) for hit in hits))
        for name, cells in _slices(panel, target, rows, judged, known)
        if cells.any()
    }
    frame = pd.DataFrame.from_dict(found, orient="index", columns=["n", "inside90", "inside50"])
    frame = frame.rename_axis("slice").reset_index()
    for place, name in enumerate((panel.frequency, panel.scope, target)):
        frame.insert(place, KEYS[place], name)
    return frame


def coverage_table(sums: pd.DataFrame) -> pd.DataFrame:
    """One row per frequency, scope, target (and `all` of them) and slice: n, coverage_90, coverage_50."""
    both = pd.concat([sums, sums.assign(target="all")], ignore_index=True)
    table = both.groupby(KEYS, sort=False, as_index=False)[["n", "inside90", "inside50"]].sum()
    for share in ("90", "50"):
        table[f"coverage_{share}"] = table.pop(f"inside{share}") / table["n"]
    return table


def _slices(panel: Panel, target: str, rows: Index, judged: Judged, known: Mask) -> list[tuple[str, Mask]]:
    """Cells (rows × 12) of every slice."""
    periods, level = judged.signs.known[rows], levels(panel, target)[rows]
    seasoned = known & (periods > 0)[:, None]
    horizon = np.arange(1, HORIZONS + 1)
    out = [("pooled", seasoned)]
    for name, (low, high) in BANDS.items():
        out.append((f"horizon {name}", seasoned & (horizon >= low) & (horizon <= high)))
    out += [(f"level {step}", seasoned & (level == step)[:, None]) for step in LEVELS]
    for name, (low, high) in AGES.items():
        out.append((f"known {name}", known & ((periods >= low) & (periods <= high))[:, None]))
    return out


def levels(panel: Panel, target: str) -> Index:
    """n levels that the indicator alone would reach with the mean of its latest twelve periods; 0 unknown."""
    latest, ever = panel.column(f"{target}.mean12"), panel.column(f"{target}.mean")
    value: Array = np.where(np.isfinite(latest), latest, ever)
    known = (has_history(panel, target) > 0) & np.isfinite(value)
    out = np.zeros(len(value), np.int64)
    out[known] = ArrayRules().level_of_value(INDICATORS[target], value[known])
    return out
