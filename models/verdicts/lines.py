"""From the model table to like lines: one indicator, one sector, one pace, plants by periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from features.model_table import finest
from features.periods import Frequency
from models.effects.links import FloatArray, from_link, loss_offset, to_link
from models.effects.panel import sector_of

INDICATORS: Final = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")
LOSS: Final = "loss"
"""Internal and external failure cost together ÷ output: what an action saves in money shows here."""
TARGETS: Final = (*INDICATORS, LOSS)
MONTHLY: Final = frozenset({"internal_loss", "external_loss", "ppm", LOSS})
"""Stated by the month, whatever the pace of the plant."""


@dataclass(frozen=True)
class Lines:
    """One indicator of the plants of a sector that share a pace.

    `links` (N, T) on the link scale, larger is worse, NaN where nothing is known; column 0 is period `first`
    (index of `features.periods`). `offsets` (N,) undo the link, `output` (N, T) is the output value in CNY.
    """

    target: str
    frequency: Frequency
    sector: str
    enterprises: tuple[str, ...]
    first: int
    links: FloatArray
    offsets: FloatArray
    output: FloatArray

    def natural(self, line: int, link: float) -> float:
        """A value of the link scale in the indicator's unit."""
        return unlinked(self.target, link, float(self.offsets[line]))


def linked(target: str, values: FloatArray, offset: float = 0.0) -> FloatArray:
    """Unit to link scale, larger is worse: cpk with its sign turned, else as `models.effects.links`."""
    return -values if target == "cpk" else to_link(target, values, offset)


def unlinked(target: str, link: float, offset: float = 0.0) -> float:
    """The inverse of `linked`."""
    return -link if target == "cpk" else float(from_link(target, link, offset))


def like_lines(frame: pd.DataFrame, target: str) -> list[Lines]:
    """Every group of like lines that knows `target`; `frame` as in `ModelTable.frame`.

    A plant stands at its own pace; what is stated by the month stands by the month.
    """
    whole = frame[frame["product_id"] == ""]
    whole = whole[whole["frequency"] == "month"] if target in MONTHLY else finest(whole)
    codes = whole.get("industry_code", pd.Series("", index=whole.index))
    groups = whole.groupby([whole["frequency"], codes.map(sector_of)], sort=True)
    made = (_lines(part, target, str(pace), str(sector)) for (pace, sector), part in groups)
    return [lines for lines in made if lines is not None]


def _lines(part: pd.DataFrame, target: str, frequency: str, sector: str) -> Lines | None:
    natural = _natural(part, target)
    if not natural.notna().any():
        return None
    keys = [part["enterprise_id"], part["t"]]
    wide = _wide(natural, keys)
    offsets = np.array([0.0 if target in ("ftq", "cpk") else loss_offset(row) for row in wide.to_numpy()])
    values = np.array([linked(target, row, o) for row, o in zip(wide.to_numpy(), offsets, strict=True)])
    output = _wide(_column(part, "q.output_value"), keys).to_numpy()
    return Lines(
        target,
        frequency,  # type: ignore[arg-type]  # the model table knows no other
        sector,
        tuple(wide.index),
        int(wide.columns[0]),
        values,
        offsets,
        output,
    )


def _natural(part: pd.DataFrame, target: str) -> pd.Series:
    if target == LOSS:
        sides = _column(part, "q.internal_amount"), _column(part, "q.external_amount")
        kept = [s for s in sides if s.notna().any()]
        tracked = pd.concat([_tracked(part, s) for s in kept], axis=1) if kept else None
        if tracked is None:
            return pd.Series(np.nan, index=part.index)
        return tracked.sum(axis=1, skipna=False) / _column(part, "q.output_value")
    known = _column(part, target)
    return _column(part, "q.ftq_clipped").where(known.notna()) if _clipped(part, target) else known


def _tracked(part: pd.DataFrame, amounts: pd.Series) -> pd.Series:
    """Amounts, 0 throughout for a plant that keeps no such statement at all."""
    never = ~amounts.notna().groupby(part["enterprise_id"]).transform("any")
    return amounts.where(~never, 0.0)


def _clipped(part: pd.DataFrame, target: str) -> bool:
    return target == "ftq" and "q.ftq_clipped" in part


def _column(part: pd.DataFrame, name: str) -> pd.Series:
    return part[name].astype(float) if name in part else pd.Series(np.nan, index=part.index)


def _wide(values: pd.Series, keys: list[pd.Series]) -> pd.DataFrame:
    named = pd.DataFrame({"enterprise": keys[0], "t": keys[1], "value": values})
    wide = named.groupby(["enterprise", "t"])["value"].first().reset_index()
    periods = range(int(named["t"].min()), int(named["t"].max()) + 1)
    table = wide.pivot_table("value", "enterprise", "t", aggfunc="first", dropna=False)
    return table.reindex(columns=periods).astype(float)
