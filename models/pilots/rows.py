"""What a pilot's design says, as typed rows: enough to run it, to check its lots and to analyse it."""

from __future__ import annotations

from typing import Literal

from models.results import Row

Kind = Literal["switchback", "stepped_wedge"]
Silence = Literal["no_open_lever", "no_outcome", "no_noise", "too_short"]
"""Why no pilot can be designed: nothing left to ask, nothing to measure by, or no room for a schedule."""


class Placement(Row):
    """One line in one period: the value at which the lever is held, in its unit; arm A is where it stands
    today, B where it would go; `counted` says whether the period enters the analysis.
    """

    enterprise_id: str
    period: str
    arm: Literal["A", "B"]
    value: float
    counted: bool


class PowerPoint(Row):
    """`change` of the failing (or escaping) share (−0.2: a fifth less), and the chance to find it."""

    change: float
    power: float


class Harm(Row):
    """Stop if after `periods` periods the mean difference, B less A, shows the failing share up by more than
    `change` (a fraction).
    """

    periods: int
    change: float


class PilotWorth(Row):
    """CNY over the `years` for which the decision holds: gain expected of the best decision `without` and
    `knowing` the pilot's result, what knowing adds (`information`), the settings' `cost`, the loss expected
    while it runs where the move harms (`risk`), and what remains (`net`).
    """

    years: float
    without: float
    knowing: float
    information: float
    cost: float
    risk: float
    net: float


class Rehearsal(Row):
    """The pilot played `plays` times on the lines' own residuals: how often the planned test found an effect
    where there was none (`size`) and where there was the detectable one (`power`).
    """

    plays: int
    size: float
    power: float


class PilotDesign(Row):
    """A pilot of one lever on `lines`, or, with `parameter_id` null, the `reason_code` why there is none.

    `target` is `ftq` or `escape` (the share of failing units that get out). Quality is read at `process_id`,
    where the lever works, or null for the plant as a whole; changes are those of the failing (or escaping)
    share there, relative to it, as fractions. `believed` is today's belief about the change by the full move
    with its 90 % interval; `detectable` the smallest change found with probability `power_wanted` (closed
    form), and `reaches` whether a change as large as the belief leaves open is found so often. `share_shown`
    of the full effect shows while the pilot runs. `worth` is null where losses are not on record. Quality is
    read `lead_periods` after the setting; `arrival` is the share of an effect in force 1, 2, … periods after
    it begins. Schedule and test follow from `seed`; `made_at` is when the design was put on record.
    """

    enterprise_id: str
    reason_code: Silence | None = None
    kind: Kind | None = None
    parameter_id: str | None = None
    parameter_name: str | None = None
    unit: str | None = None
    process_id: str | None = None
    from_: float | None = None
    to: float | None = None
    target: Literal["ftq", "escape"] | None = None
    lines: tuple[str, ...] = ()
    periods: int | None = None
    pairs: int | None = None
    block: int | None = None
    washout: int | None = None
    lead_periods: int = 0
    believed: tuple[float, float, float] | None = None
    plausible: float | None = None
    detectable: float | None = None
    power_wanted: float | None = None
    reaches: bool | None = None
    share_shown: float | None = None
    power_curve: tuple[PowerPoint, ...] = ()
    rehearsal: Rehearsal | None = None
    worth: PilotWorth | None = None
    stop: tuple[Harm, ...] = ()
    arrival: tuple[float, ...] = ()
    seed: int | None = None
    made_at: str | None = None
    schedule: tuple[Placement, ...] = ()


class PilotResult(Row):
    """What a pilot found: the full `change` of the failing (or escaping) share with its 90 % interval
    (fractions), the planned test's `p_value`, from so many `pieces` (pairs, or lines that stepped over).
    """

    enterprise_id: str
    parameter_id: str
    target: Literal["ftq", "escape"]
    change: float
    low: float
    high: float
    p_value: float
    pieces: int
    found: bool
