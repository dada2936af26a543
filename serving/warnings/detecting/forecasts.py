"""Published forecasts against the official thresholds, and the chance to lose the official level.

Both weights are probabilities that the models state; how well they hold is measured by the backtest. A look
keeps everything from `LEAST_CHANCE` on; each reader chooses the probability from which it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from qm_rules import load_pack
from serving.warnings.finding import LEAST_CHANCE, Finding, Kind, Look

if TYPE_CHECKING:
    import pandas as pd

    from models.outlook import Outlook

Row = Mapping[str, Any]
INDICATOR_OF: Final = {"ppm": "sigma"}
SLACK: Final = 0.1
"""A warning that is open stays open down to this much below `LEAST_CHANCE`, so that it does not flicker."""


def forecasts(outlook: Outlook, grades: Mapping[str, Row]) -> Look:
    """Look for targets that will, with some probability, not hold the threshold of their present level."""
    import pandas as pd

    frame = pd.read_parquet(outlook.folder / "forecasts.parquet")
    frame = frame[frame["product_id"].fillna("") == ""]
    found = (
        one for _, rows in frame.groupby(["enterprise_id", "target"]) if (one := _crossing(rows, grades))
    )
    return Look.of(Kind.FORECAST, found, outlook_id=outlook.folder.name, forecasts=len(frame))


def _crossing(rows: pd.DataFrame, grades: Mapping[str, Row]) -> Finding | None:
    enterprise, target = str(rows["enterprise_id"].iloc[0]), str(rows["target"].iloc[0])
    indicator = INDICATOR_OF.get(target, target)
    own: Row = grades[enterprise]["indicators"][indicator] if enterprise in grades else {}
    level = int(own.get("level") or 0)
    threshold = _threshold(indicator, level)
    if threshold is None:
        return None
    rows = rows.sort_values("horizon")
    rising, bound = threshold
    names = [name for name in rows.columns if name.startswith("0.")]
    levels, values = np.array([float(name) for name in names]), rows[names].to_numpy(np.float64)
    chances = [beyond(row, levels, bound, below=rising) for row in values]
    facts = {
        "target": target,
        "indicator": indicator,
        "level": level,
        "threshold": bound,
        "rising": rising,
        "value": own["value"],
        "means": [float(mean) for mean in rows["mean"]],
    }
    return _likeliest(Kind.FORECAST, enterprise, target, list(rows["period"]), chances, facts)


def _threshold(indicator: str, level: int) -> tuple[bool, float] | None:
    """Return whether more is better, and the bound of a level; None where the level asks for no number."""
    steps = load_pack().thresholds[indicator]
    rising = steps[-1][1] == ">="
    for number, operator, bound in steps:
        if number == level and (operator == ">=") == rising:
            return rising, float(bound)
    return None


def beyond(quantiles: np.ndarray, levels: np.ndarray, bound: float, *, below: bool) -> float:
    """Return the probability of a value below (or above) a bound, straight between the quantiles.

    Beyond the outermost quantiles nothing is known but their probability: 0.05 and 0.95 are the ends.
    """
    under = float(np.interp(bound, quantiles, levels))
    return under if below else 1.0 - under


def levels(rows: Iterable[Row], grades: Mapping[str, Row]) -> Look:
    """Look for enterprises that will, with some probability, lose the level that they hold.

    The level is that of the official twelve months; where management items were never supplied, that of
    performance alone, as in the row's `scope`.
    """
    by: dict[str, list[Row]] = {}
    for row in rows:
        if row["basis"] == "window":
            by.setdefault(str(row["enterprise_id"]), []).append(row)
    found = (one for name, own in by.items() if (one := _falling(name, own, grades.get(name))))
    return Look.of(Kind.LEVEL, found, enterprises=len(by))


def _falling(enterprise: str, rows: Sequence[Row], grade: Row | None) -> Finding | None:
    rows = sorted(rows, key=lambda row: int(row["horizon"]))
    scope = rows[0]["scope"]
    level = None if grade is None else _held(grade, scope)
    if level is None or level < 2:
        return None
    chances = [sum(float(p) for name, p in row["probabilities"].items() if int(name) < level) for row in rows]
    facts = {"level": level, "scope": scope}
    return _likeliest(Kind.LEVEL, enterprise, "level", [str(row["period"]) for row in rows], chances, facts)


def _held(grade: Row, scope: str) -> int | None:
    found = grade["dimensions"].get("performance") if scope == "performance" else grade["level"]
    return None if found is None else int(found)


def _likeliest(
    kind: Kind, enterprise: str, subject: str, periods: list[str], chances: list[float], facts: Row
) -> Finding | None:
    """Return a finding of the period with the highest probability, none far below what can be chosen."""
    at = int(np.argmax(chances))
    if chances[at] < LEAST_CHANCE - SLACK:
        return None
    told = [[period, round(chance, 4)] for period, chance in zip(periods, chances, strict=True)]
    return Finding(
        kind,
        enterprise,
        subject,
        periods[at],
        float(chances[at]),
        {**facts, "chances": told},
        raises=chances[at] >= LEAST_CHANCE,
    )


def first_at_least(chances: Iterable[Sequence[Any]], chance: float) -> Iterator[tuple[str, float]]:
    """Yield the periods whose probability reaches one that a reader chose, the earliest first."""
    yield from ((str(period), float(p)) for period, p in chances if p >= chance)
