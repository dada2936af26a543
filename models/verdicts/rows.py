"""What a verdict says, as typed rows."""

from __future__ import annotations

from typing import Literal

from models.results import Row

Verdict = Literal["worked", "no sign of it", "too early", "made worse", "cannot be told"]
ReasonCode = Literal[
    "not_finished",
    "no_finish_date",
    "no_records",
    "short_before",
    "another_action",
    "few_placebos",
    "few_after",
]
Warned = Literal["regression_to_mean", "no_like_lines", "lever_did_not_move"]


class EffectSeen(Row):
    """What an action did to one indicator: mean of the periods after it less what they would have been.

    `estimate`, `low`, `high` (90 %) and `naive` (mean after less mean of the twelve periods before) in the
    indicator's unit; `link_…` on the link scale, larger is worse. `p_value` by rank among `placebos` that fit
    side by side; `like_lines` donors, `share` their weight in the estimate, `fit_before` the standard
    deviation of the periods before around what the like lines (or, without them, the line's own level)
    foretold, link scale.
    """

    target: str
    estimate: float
    low: float
    high: float
    naive: float | None
    link_estimate: float
    link_low: float
    link_high: float
    link_sd: float
    p_value: float
    periods: int
    placebos: int
    like_lines: int
    share: float
    fit_before: float


class MoneySeen(Row):
    """Failure cost saved by an action, CNY a year, 90 %; negative: it cost more."""

    estimate: float
    low: float
    high: float
    naive: float | None


class LeverSeen(Row):
    """Whether the lever really moved: mean reading before and after, share of the intended move (90 %)."""

    before: float
    after: float
    intended: float
    share: float
    low: float
    high: float
    moved: Literal["yes", "no", "unclear"]


class VerdictRow(Row):
    """The verdict on one action; `target` is the indicator that decided it, `reason_code` why none could."""

    action_id: str
    enterprise_id: str
    title: str
    parameter_id: str | None
    started_on: str
    finished_on: str | None
    verdict: Verdict
    reason_code: ReasonCode | None = None
    target: str | None = None
    periods_seen: int = 0
    effects: tuple[EffectSeen, ...] = ()
    money: MoneySeen | None = None
    lever: LeverSeen | None = None
    warnings: tuple[Warned, ...] = ()
    like_lines: tuple[str, ...] = ()
    chance_it_helped: float | None = None
