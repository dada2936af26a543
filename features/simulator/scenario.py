"""The dials of a simulated world: what is exaggerated, weakened or switched off."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """How hostile the world is. 1 is the default strength of a phenomenon, 0 switches it off, 2 doubles it.

    Every dial scales draws that were made before it is looked at, so that two worlds of one seed that differ
    in one dial share everything else.

    Attributes:
        confounding: loading of the levers on the hidden common cause that also harms quality.
        reactivity: how strongly levers answer a bad month (policies; placebos are turned too).
        lever_effect: size of all true effects of parameters on quality.
        nonlinearity: share of saturation, optimum curvature and interaction kept (0 = straight lines).
        seasonality: amplitude of every yearly cycle.
        common_shocks: shocks that all plants of a sector, or of the province, share in a month.
        level_shifts: how often a plant jumps to another level and stays there.
        supply: how much suppliers' trouble is carried into the customer's line.
        process_noise: size of the persistent unexplained state of each process.
        gauge_noise: standard deviation of every parameter's measurement error, relative to its default.
        disclosed_gauges: share of parameters whose `gauge_sd` is written down (0 = nobody did a study).
        proxy_visible: share of the hidden cause's variance that shows in the incoming-material index.
        missing: months, parameters and readings that were never recorded.
        stops: share of plants that stop for some months and start again.
        late_starts: share of plants that enter after the first month.
        cold_starts: share of plants with only three months of records.
        weekly: share of plants whose models run by the week.
        actions: how often plants carry out an improvement action.
        untracked: share of the weakest plants that keep no statistic of losses or capability.
    """

    confounding: float = 1.0
    reactivity: float = 1.0
    lever_effect: float = 1.0
    nonlinearity: float = 1.0
    seasonality: float = 1.0
    common_shocks: float = 1.0
    level_shifts: float = 1.0
    supply: float = 1.0
    process_noise: float = 1.0
    gauge_noise: float = 1.0
    disclosed_gauges: float = 0.7
    proxy_visible: float = 0.5
    missing: float = 1.0
    stops: float = 0.06
    late_starts: float = 0.12
    cold_starts: float = 0.06
    weekly: float = 0.04
    actions: float = 1.0
    untracked: float = 0.25


HARD = Scenario(confounding=2.0, gauge_noise=2.0, disclosed_gauges=0.0)
"""Doubled confounding and gauge noise, and no gauge study: where advice should learn to abstain."""

CLEAN = Scenario(
    confounding=0.0, reactivity=0.0, gauge_noise=0.0, missing=0.0, stops=0.0, late_starts=0.0, cold_starts=0.0
)
"""Levers wander on their own and are read exactly: even a naive regression is right here."""
