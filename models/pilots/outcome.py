"""What a pilot on record found, by the analysis that was fixed before it began."""

from __future__ import annotations

import numpy as np

from features.periods import to_index
from models.effects.links import FloatArray
from models.effects.panel import EVERYWHERE, EffectTable, Panel, build_panels
from models.pilots.analysis import Finding, judge_switchback, judge_wedge
from models.pilots.layout import SteppedWedge, Switchback
from models.pilots.noise import less_common
from models.pilots.rows import PilotDesign, PilotResult


class NotYetError(ValueError):
    """The records do not reach the end of the pilot."""


def result_of(table: EffectTable, design: PilotDesign) -> PilotResult:
    """Judge a design by the records. Raises `NotYetError` while its last period is not on record."""
    panel = next((p for p in build_panels(table) if design.enterprise_id in p.enterprises), None)
    if panel is None or not design.schedule:
        raise NotYetError(f"{design.enterprise_id}: no records, or no schedule to judge by")
    start = to_index(design.schedule[0].period) + design.lead_periods
    last = panel.first + panel.periods - 1
    if last < start + (design.periods or 0) - 1:
        raise NotYetError(
            f"{design.enterprise_id}: the pilot's last quality is that of period {(design.periods or 0)}; "
            f"the records hold {max(last - start + 1, 0)} of them"
        )
    found = _judged(design, _seen(panel, design, start))
    return PilotResult(
        enterprise_id=design.enterprise_id,
        parameter_id=str(design.parameter_id),
        target=design.target or "ftq",
        change=float(np.expm1(found.estimate)),
        low=float(np.expm1(found.low)),
        high=float(np.expm1(found.high)),
        p_value=found.p_value,
        pieces=found.pieces,
        found=found.p_value <= 0.05,
    )


def _seen(panel: Panel, design: PilotDesign, start: int) -> FloatArray:
    """Quality (periods, lines) of the pilot's time, less what the sector's other plants went through."""
    y = panel.outcomes[str(design.target)].T
    if design.process_id is not None and design.parameter_id in panel.levers:
        place = panel.place[:, panel.levers.index(design.parameter_id)]
        y = np.where((place != EVERYWHERE)[:, None], panel.steps[np.arange(len(place)), place], np.nan).T
    rows = [panel.enterprises.index(e) for e in design.lines]
    window = y[start - panel.first : start - panel.first + (design.periods or 0)]
    others = [i for i in range(y.shape[1]) if i not in rows]
    return less_common(window[:, rows], window[:, others])


def _judged(design: PilotDesign, y: FloatArray) -> Finding:
    at_b = np.array([p.arm == "B" for p in design.schedule]).reshape(len(design.lines), -1)
    if design.kind == "switchback":
        layout = Switchback(design.pairs or 0, design.block or 1, design.washout or 0)
        first = at_b[:, :: 2 * layout.block]
        return judge_switchback(y, layout, first, design.share_shown or 1.0, design.seed or 0)
    wedge = SteppedWedge(len(design.lines), design.periods or 0)
    order = np.searchsorted(wedge.steps(), np.argmax(at_b, axis=1))
    return judge_wedge(y, wedge, np.asarray(order, dtype=np.int64), design.arrival, design.seed or 0)
