"""What a sector is made of: the vocabulary in which `sectors` states its priors."""

from dataclasses import dataclass

LINEAR, SATURATING, OPTIMUM = "linear", "saturating", "optimum"
CAUSE, DETECTION, PLACEBO = "cause", "detection", "placebo"
CONTEXT, PROXY, OUTCOME = "context", "proxy", "outcome"

KIND_OF_ROLE = {
    CAUSE: "actionable",
    DETECTION: "actionable",
    PLACEBO: "actionable",
    CONTEXT: "context",
    PROXY: "context",
    OUTCOME: "outcome",
}


@dataclass(frozen=True)
class ParameterSpec:
    """Prior of one process parameter; standard units are z = (value - centre) / scale.

    `theta` is the change of log-odds of nonconformity per standard unit at its process (for `detection`: of
    the log escape share); for an optimum, the curvature. `process` -1 spreads the effect over all processes.
    `confounded` is the loading on the hidden cause, `demand` on demand, `react` on last month's trouble;
    `cost` is what one standard unit costs in a month, as a share of output; `gauge` the error of a reading.
    """

    parameter_id: str
    name: str
    unit: str
    process: int
    role: str
    centre: float
    scale: float
    theta: float = 0.0
    shape: str = LINEAR
    lead: int = 0
    persistence: float = 0.5
    season: float = 0.0
    confounded: float = 0.0
    react: float = 0.0
    demand: float = 0.0
    cost: float = 0.0004
    gauge: float = 0.5


@dataclass(frozen=True)
class CharacteristicSpec:
    """A measured characteristic: nominal and tolerance (half-width); one-sided when `upper_only`."""

    characteristic_id: str
    name: str
    unit: str
    process: int
    nominal: float
    tolerance: float
    upper_only: bool = False


@dataclass(frozen=True)
class SectorSpec:
    """One sector: codes, processes in order, parameters, characteristics, defects and economics."""

    sector_id: str
    name: str
    industry_code: str
    chain: str
    price: float
    demand_season: float
    processes: tuple[str, ...]
    products: tuple[str, ...]
    parameters: tuple[ParameterSpec, ...]
    characteristics: tuple[CharacteristicSpec, ...]
    defects: tuple[tuple[str, str], ...]
    interactions: tuple[tuple[str, str, float], ...]
