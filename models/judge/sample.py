"""The data as a practitioner would lay them out for a library: one matrix per sector, all its plants.

Peers get what is known about the problem: which parameters are levers, after how many months each is felt,
that history up to the month before and context of the month are to be controlled for, and that plants differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from features.simulator.streams import Array
from models.effects.links import to_link
from models.effects.panel import sector_of
from models.judge.province import Province

OWN: Final = ("ftq.last", "ftq.lag1", "ftq.ew3", "ftq.ew12", "ftq.mean12", "ppm.last", "internal_loss.ew3")
CALENDAR: Final = ("calendar.sin", "calendar.cos")
SWEEPS: Final = 10


@dataclass(frozen=True)
class Sample:
    """One sector, n months of its plants whose yield is known, in order of enterprise and time.

    `y` (n,) is log(−log yield), more is worse; `levels` (n, J) where the levers stood that are felt in that
    month, in their unit, NaN where unknown; `controls` (n, p) own history to the month before, the levers'
    places of the month before, context of the month, calendar and a trend; `who` (n,) index into
    `enterprises`; `t` (n,) the month.
    """

    sector: str
    enterprises: tuple[str, ...]
    levers: tuple[str, ...]
    who: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    t: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    y: Array
    levels: Array
    controls: Array

    def spread(self, enterprise: str, lever: str) -> float:
        """Median absolute deviation of a plant's own levels of a lever; NaN where none is known."""
        own = self.levels[self.who == self.enterprises.index(enterprise), self.levers.index(lever)]
        known = own[np.isfinite(own)]
        return float(np.median(np.abs(known - np.median(known)))) if len(known) else float("nan")

    def within(self, values: Array) -> Array:
        """Columns centred by plant and then by month (two ways, until they rest); unknown values at the
        plant's mean.
        """
        frame = pd.DataFrame(np.asarray(values, dtype=np.float64).reshape(len(self.who), -1))
        frame = (frame - frame.groupby(self.who).transform("mean")).fillna(0.0)
        for _ in range(SWEEPS):
            frame = frame - frame.groupby(self.t).transform("mean")
            frame = frame - frame.groupby(self.who).transform("mean")
        return frame.to_numpy().reshape(values.shape)


def samples(province: Province) -> list[Sample]:
    """One sample per sector of plants that have levers."""
    frame = province.monthly
    sector = frame["industry_code"].map(sector_of)
    found = [_sample(str(s), part.reset_index(drop=True), province) for s, part in frame.groupby(sector)]
    return [sample for sample in found if sample.levers and len(sample.y)]


def _sample(sector: str, frame: pd.DataFrame, province: Province) -> Sample:
    mine = set(frame["enterprise_id"])
    own = {lever.parameter_id for lever in province.levers if lever.enterprise_id in mine}
    levers = tuple(p for p in sorted(own) if f"param.{p}.last" in frame)
    leads = _leads(province, mine)
    columns = [_lagged(frame, f"param.{p}.last", leads.get(p, 0)) for p in levers]
    levels = np.column_stack(columns) if columns else np.zeros((len(frame), 0))
    controls = _controls(frame, levers, _context(province, frame))
    kept = frame["ftq"].notna().to_numpy()
    names = tuple(sorted(mine))
    return Sample(
        sector=sector,
        enterprises=names,
        levers=levers,
        who=np.asarray(pd.Categorical(frame["enterprise_id"], categories=names).codes[kept], dtype=np.int64),
        t=frame["t"].to_numpy(np.int64)[kept],
        y=to_link("ftq", (frame["q.ftq_clipped"] if "q.ftq_clipped" in frame else frame["ftq"])[kept]),
        levels=levels[kept].astype(np.float64),
        controls=controls[kept],
    )


def _context(province: Province, frame: pd.DataFrame) -> list[str]:
    parameters = province.table.parameters
    mine = parameters[
        parameters["enterprise_id"].isin(frame["enterprise_id"]) & (parameters["kind"] == "context")
    ]
    return [p for p in sorted(set(mine["parameter_id"])) if f"param.{p}.last" in frame]


def _leads(province: Province, enterprises: set[str]) -> dict[str, int]:
    parameters = province.table.parameters
    mine = parameters[parameters["enterprise_id"].isin(enterprises)]
    leads = pd.to_numeric(mine["lead_periods"], errors="coerce").fillna(0).astype(int)
    return dict(zip(mine["parameter_id"], leads, strict=True))


def _lagged(frame: pd.DataFrame, column: str, periods: int) -> Array:
    values = frame[column].astype(np.float64)
    return np.asarray(values.groupby(frame["enterprise_id"]).shift(periods) if periods else values)


def _controls(frame: pd.DataFrame, levers: tuple[str, ...], context: list[str]) -> Array:
    own = [_lagged(frame, c, 1) for c in OWN if c in frame]
    before = [_lagged(frame, f"param.{p}.{f}", 1) for p in levers for f in ("last", "ew3")]
    around = [_lagged(frame, f"param.{p}.last", 0) for p in context]
    calendar = [_lagged(frame, c, 0) for c in CALENDAR if c in frame]
    trend = (frame["t"] - frame["t"].min()).to_numpy(np.float64)
    return np.column_stack([*own, *before, *around, *calendar, trend])
