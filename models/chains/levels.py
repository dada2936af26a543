"""Incoming quality carried into the customers' chances of levels: the same paths, moved by what arrives.

Every sample path of a customer (`models.attainment`) is moved by slope × what its suppliers send more than
in its last year, month by month: y → y^exp(…) for the first-pass yield, a factor on internal loss and on its
own nonconforming deliveries. The slope is drawn once a path and is the same for all customers, because it is
one number that may be wrong. The rules then run as for the published chances, which stay as they are.

Only outcomes whose slope is shown move. The scatter that suppliers' unforeseen months cause is in a
customer's own error paths already: only what is foretold is carried, so nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.stats import norm

from features.periods import to_label
from models.attainment.chances import Chances
from models.attainment.known import Array, Mask
from models.attainment.level_model import LevelModel
from models.attainment.levels import graded, path_levels
from models.attainment.sample import Sample, TargetPaths
from models.attainment.start import Start, parts
from models.chains.carrying import Carry
from models.results import LEVELS
from models.rules_numpy import ArrayRules

AHEAD: Final = (3, 6, 12)
"""Months ahead that are told."""
BASES: Final = ("grade", "performance")
DRAW: Final = 7
Z90: Final = float(norm.ppf(0.95))
More = Mapping[str, Mapping[int, float]]


@dataclass(frozen=True)
class Carried:
    """Paths of one target with `change` added: on log(−log y) for a yield, on the log of anything else.

    `change` is R × P × 12; months beyond it are left as they are.
    """

    plain: TargetPaths
    change: Array
    is_yield: bool

    @property
    def answered(self) -> Mask:
        """R booleans: whether the target is forecast there at all."""
        return self.plain.answered

    def paths(self, rows: slice) -> Array:
        """Rows × P × months in the target's unit."""
        paths = self.plain.paths(rows).copy()
        told = min(self.change.shape[2], paths.shape[2])
        factor = np.exp(self.change[rows, :, :told])
        now = paths[:, :, :told]
        paths[:, :, :told] = now**factor if self.is_yield else now * factor
        return paths


def level_chances(
    begun: Start, learned: LevelModel, carry: Mapping[str, Carry], more: More
) -> dict[str, list[dict[str, Any]]]:
    """Return by customer rows of basis, period, horizon, before, after: P(that level or better) by level.

    `more` is what `models.chains.ahead.arriving` says. Both probabilities are counted on the same paths.
    Empty where no slope is shown.
    """
    if not any(one.shown for one in carry.values()):
        return {}
    moved, rules = carried_start(begun, carry, more), ArrayRules()
    found: dict[str, list[dict[str, Any]]] = {}
    for part in parts(len(begun.sample)):
        names = begun.sample.enterprise_ids[part]
        if not any(name in more for name in names):
            continue
        both = [_at_least(rules, learned, start, part) for start in (begun, moved)]
        for at, name in enumerate(names):
            if name in more:
                origin = int(begun.sample.origin[part.start + at])
                found[name] = [_row(basis, origin, h, both, at) for basis in BASES for h in AHEAD]
    return found


def _at_least(rules: ArrayRules, learned: LevelModel, begun: Start, part: slice) -> dict[str, Array]:
    """R × months × 5 shares of paths at each level or a better one, by basis."""
    found = path_levels(rules, begun, part, learned.admission)
    performance = learned.blended(found, begun.sample.enterprise_ids[part])
    levels = {"performance": performance, "grade": graded(rules, performance, begun.states[part])}
    return {
        basis: np.cumsum(Chances.of(own).exactly[:, :, ::-1], axis=2)[:, :, ::-1]
        for basis, own in levels.items()
    }


def _row(basis: str, origin: int, ahead: int, both: Sequence[Mapping[str, Array]], at: int) -> dict[str, Any]:
    before, after = (
        {
            str(level): round(float(share), 4)
            for level, share in zip(LEVELS, one[basis][at, ahead - 1], strict=True)
        }
        for one in both
    )
    period = to_label(origin + ahead, "month")
    return {"basis": basis, "period": period, "horizon": ahead, "before": before, "after": after}


def carried_start(begun: Start, carry: Mapping[str, Carry], more: More) -> Start:
    """Return the same windows on paths with incoming quality carried in."""
    sample = begun.sample
    sent = np.array([_months(more.get(name, {})) for name in sample.enterprise_ids])
    drawn = {target: _carried(sample, target, paths, carry, sent) for target, paths in sample.drawn.items()}
    return replace(begun, sample=replace(sample, drawn=drawn))


def _carried(
    sample: Sample, target: str, paths: TargetPaths, carry: Mapping[str, Carry], sent: Array
) -> TargetPaths:
    one = carry.get(target)
    if one is None or not one.shown:
        return paths
    rng = np.random.default_rng([sample.seed, DRAW, sorted(carry).index(target)])
    slope = rng.normal(one.slope, (one.high - one.low) / (2 * Z90), sample.count)
    return Carried(paths, sent[:, None, :] * slope[None, :, None], target == "ftq")


def _months(more: Mapping[int, float]) -> list[float]:
    return [float(more.get(month, 0.0)) for month in range(1, max(AHEAD) + 1)]
