"""Is a parameter that was called a lever, or nothing at all, really an outcome? What the records say about
direction.

An outcome shows quality: it moves with the *same* period's surprises of quality, keeps no memory of its own
beyond what quality explains, and does not run ahead of quality. A cause has a memory of its own; a lever that
answers bad periods follows quality's past, not its present. So three shares are taken out of fold, each the
part of a variance that one thing adds to what the others already say (Granger 1969, *Econometrica* 37; Geweke
1982, *JASA* 77, for the instantaneous part):

- `follows`: of the parameter's surprise, given both pasts, that quality's surprise of the period explains;
- `memory`: of the parameter, given quality now and before, that its own past explains;
- `precedes`: of quality, given its own past, that the parameter's past explains.

Only a parameter that follows by *more* than `LEAST_FOLLOWING`, and remembers and precedes by *less* than
`MOST_MEMORY` and `MOST_PRECEDING`, each beyond its error, is suspected: the largest of the three p-values
counts (intersection–union test, Berger 1982, *Technometrics* 24), held against Benjamini & Hochberg (1995,
*JRSS B* 57) over all parameters tested. What cannot be told: a cause without memory whose effect comes in
the same period looks exactly like an outcome.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from features.model_table import finest
from models.effects.links import FloatArray, to_link
from models.effects.panel import EffectTable, sector_of

IntArray = npt.NDArray[np.int64]

LEAST_FOLLOWING: Final = 0.2
MOST_MEMORY: Final = 0.12
MOST_PRECEDING: Final = 0.2
"""Wide: an outcome is a second reading of quality, so where quality is counted roughly its past helps."""
FALSE_SHARE: Final = 0.05
LEAST_ROWS: Final = 60
LEAST_BLOCKS: Final = 8
LEAST_TOGETHER: Final = 5
FOLDS: Final = 5
GAP: Final = 2
QUALITY: Final = ("ftq", "ppm", "internal_loss")
"""The first of them that a sector has on record stands for its quality."""
CLIPPED: Final = "q.ftq_clipped"


@dataclass(frozen=True)
class Direction:
    """What the records say about one parameter of one sector: shares of variance in −∞ … 1 and a p-value.

    `p_value` is that of "not an outcome"; `kind` as stated in any of the `enterprises` (a kind left out reads
    `context`); `rows` are periods that know both the parameter and quality; `suspected` the verdict after
    all.
    """

    frequency: str
    sector: str
    parameter_id: str
    kind: str
    enterprises: tuple[str, ...]
    follows: float
    memory: float
    precedes: float
    p_value: float
    rows: int
    suspected: bool = False


def suspected_outcomes(table: EffectTable, false_share: float = FALSE_SHARE) -> list[Direction]:
    """Parameters stated `actionable` or `context` (or nothing) that the data take for outcomes.

    `false_share` is the expected share of wrong ones among them that is allowed (Benjamini–Hochberg). Costs
    well under 3 s for 400 enterprises × 84 months × 13 parameters.
    """
    return [d for d in directions(table, false_share) if d.suspected]


@dataclass(frozen=True)
class RelabelledTable:
    """An effect table in which some parameters are held to be outcomes."""

    frame: pd.DataFrame
    parameters: pd.DataFrame


def set_aside(table: EffectTable, suspects: Iterable[Direction]) -> RelabelledTable:
    """The table with every suspect labelled `outcome` in its sector: neither lever nor control any more."""
    parameters = table.parameters.copy()
    for s in suspects:
        mine = parameters["enterprise_id"].isin(s.enterprises) & (
            parameters["parameter_id"] == s.parameter_id
        )
        parameters.loc[mine, "kind"] = "outcome"
    return RelabelledTable(table.frame, parameters)


def directions(table: EffectTable, false_share: float = FALSE_SHARE) -> list[Direction]:
    """Every parameter that is not stated `outcome`, by frequency, sector and id, with the evidence on its
    direction; those with fewer than `LEAST_ROWS` rows are left out.
    """
    whole = _needed(table)
    codes = whole["industry_code"].map({c: sector_of(c) for c in whole["industry_code"].unique()})
    found: list[Direction] = []
    for (frequency, sector), part in whole.groupby([whole["frequency"], codes], sort=True):
        found += _of_sector(str(frequency), str(sector), part.reset_index(drop=True), table.parameters)
    verdict = rejected(np.array([d.p_value for d in found]), false_share)
    return [replace(d, suspected=bool(v)) for d, v in zip(found, verdict, strict=True)]


def rejected(p: FloatArray, share: float) -> npt.NDArray[np.bool_]:
    """Hypotheses (n,) given up so that at most `share` of them are wrong on average (Benjamini & Hochberg
    1995).
    """
    order = np.argsort(p)
    below = np.flatnonzero(p[order] <= share * np.arange(1, len(p) + 1) / max(len(p), 1))
    answer = np.zeros(len(p), dtype=np.bool_)
    answer[order[: below[-1] + 1 if below.size else 0]] = True
    return answer


def _needed(table: EffectTable) -> pd.DataFrame:
    """Whole enterprises at their own pace, in order, and only the columns that are looked at."""
    names = {"enterprise_id", "product_id", "frequency", "t", "period", "industry_code", *QUALITY, CLIPPED}
    names |= {f"param.{p}.{of}" for p in table.parameters["parameter_id"].unique() for of in ("last", "sd")}
    frame = table.frame[[c for c in table.frame if c in names]]
    whole = finest(frame[frame["product_id"] == ""]).sort_values(["enterprise_id", "t"])
    return whole if "industry_code" in whole else whole.assign(industry_code="")


def _of_sector(
    frequency: str, sector: str, frame: pd.DataFrame, parameters: pd.DataFrame
) -> Iterable[Direction]:
    who = pd.factorize(frame["enterprise_id"])[0].astype(np.int64)
    t = frame["t"].to_numpy(np.int64)
    quality = _quality(frame)
    if quality is None:
        return
    mine = parameters[parameters["enterprise_id"].isin(set(frame["enterprise_id"]))]
    q = _surprising(quality, who, t)
    for name, stated in mine.groupby("parameter_id"):
        kinds = set(stated["kind"].fillna("context").replace("", "context"))
        if "outcome" in kinds or f"param.{name}.last" not in frame:
            continue
        z = _surprising(_level(frame, str(name), who), who, t)
        rows = int((np.isfinite(z) & np.isfinite(q)).sum())
        if rows >= LEAST_ROWS:
            kind = "actionable" if "actionable" in kinds else "context"
            plants = tuple(sorted(set(stated["enterprise_id"])))
            shares, p_value = _evidence(z, q, who, t)
            yield Direction(frequency, sector, str(name), kind, plants, *shares, p_value, rows)


def _quality(frame: pd.DataFrame) -> FloatArray | None:
    for target in QUALITY:
        if target in frame and frame[target].notna().sum() >= LEAST_ROWS:
            values = frame[target].astype(np.float64)
            if target == "ftq" and CLIPPED in frame:
                values = frame[CLIPPED].astype(np.float64).where(values.notna())
            least = values[values > 0].groupby(frame["enterprise_id"]).transform("min") / 2
            return to_link(target, values, least.groupby(frame["enterprise_id"]).transform("max").fillna(0.0))
    return None


def _level(frame: pd.DataFrame, name: str, who: IntArray) -> FloatArray:
    """The parameter's level, NaN where a value was only carried forward: repeats would look like memory."""
    level = frame[f"param.{name}.last"].to_numpy(np.float64)
    column = f"param.{name}.sd"
    spread = frame[column].to_numpy(np.float64) if column in frame else np.full(len(frame), np.nan)
    repeated = (np.bincount(who, np.isfinite(spread)) > 0.5 * np.bincount(who))[who]
    before = _before(level, who, 1)
    return np.where(repeated & np.isnan(spread) & (level == before), np.nan, level)


def _surprising(values: FloatArray, who: IntArray, t: IntArray) -> FloatArray:
    """Values (n,) less their plant's mean, in its own spread, less what all plants share in a period."""
    level, _ = _mean_by(values, who)
    within = values - level[who]
    power, _ = _mean_by(within**2, who)
    scaled = within / np.where(power > 0, np.sqrt(power), 1.0)[who]
    period = t - t.min()
    common, count = _mean_by(scaled, period)
    return np.asarray(scaled - np.where(count >= LEAST_TOGETHER, common, 0.0)[period])


def _mean_by(values: FloatArray, group: IntArray) -> tuple[FloatArray, FloatArray]:
    """(mean of what is known, number known) of every group 0, 1, …; 0 where nothing is."""
    count = np.bincount(group, np.isfinite(values).astype(np.float64))
    mean = np.bincount(group, np.nan_to_num(values)) / np.maximum(count, 1)
    return np.asarray(mean, dtype=np.float64), np.asarray(count, dtype=np.float64)


def _before(values: FloatArray, who: IntArray, periods: int) -> FloatArray:
    """Values (n,) of the same enterprise `periods` rows before, NaN where there are none."""
    answer = np.full(len(values), np.nan)
    answer[periods:] = np.where(who[periods:] == who[:-periods], values[:-periods], np.nan)
    return answer


def _evidence(
    z: FloatArray, q: FloatArray, who: IntArray, t: IntArray
) -> tuple[tuple[float, float, float], float]:
    """((follows, memory, precedes), p-value that not all three are an outcome's)."""
    rows = np.isfinite(z) & np.isfinite(q)
    past = [_before(x, who, k) for x in (q, z) for k in (1, 2)]
    columns = np.nan_to_num(np.column_stack([np.ones(len(z)), *past, q, z]))[rows]
    left, blocks = _left_over(columns, t[rows]), _blocks(who[rows], t[rows])
    pairs = (("z|pasts", "z|all"), ("z|quality", "z|all"), ("q|own past", "q|pasts"))
    shares, errors = np.array([_share(left[less], left[more], blocks) for less, more in pairs]).T
    ways, bounds = np.array([1.0, -1.0, -1.0]), np.array([LEAST_FOLLOWING, MOST_MEMORY, MOST_PRECEDING])
    p = stats.t.sf(ways * (shares - bounds) / errors, int(blocks.max()))
    return (float(shares[0]), float(shares[1]), float(shares[2])), float(p.max())


_QUESTIONS: Final = {
    "z|pasts": (6, [0, 1, 2, 3, 4]),
    "z|quality": (6, [0, 1, 2, 5]),
    "z|all": (6, [0, 1, 2, 3, 4, 5]),
    "q|own past": (5, [0, 1, 2]),
    "q|pasts": (5, [0, 1, 2, 3, 4]),
}
"""Answer and regressors among the columns 1, q at lags 1 and 2, z at lags 1 and 2, q, z."""


def _left_over(columns: FloatArray, t: IntArray) -> dict[str, FloatArray]:
    """Squared errors (n,) of every question, out of fold by blocks of time with a gap on both sides."""
    left = {name: np.zeros(len(columns)) for name in _QUESTIONS}
    for block in (b for b in np.array_split(np.unique(t), FOLDS) if b.size):
        test = (t >= block[0]) & (t <= block[-1])
        train = columns[(t < block[0] - GAP) | (t > block[-1] + GAP)]
        moments, held_out = train.T @ train + np.eye(columns.shape[1]), columns[test]
        for name, (answer, known) in _QUESTIONS.items():
            weights = np.linalg.solve(moments[np.ix_(known, known)], moments[known, answer])
            left[name][test] = (held_out[:, answer] - held_out[:, known] @ weights) ** 2
    return left


def _blocks(who: IntArray, t: IntArray) -> IntArray:
    """Pieces of evidence that hardly know of each other: plants, or where they are few, stretches of each."""
    stretches = -(-LEAST_BLOCKS // len(np.unique(who)))
    _, period = np.unique(t, return_inverse=True)
    stretch = period * stretches // (int(period.max()) + 1)
    return np.asarray(np.unique(who * stretches + stretch, return_inverse=True)[1], dtype=np.int64)


def _share(without: FloatArray, having: FloatArray, blocks: IntArray) -> tuple[float, float]:
    """(share of the squared errors (n,) that knowing more takes away, its jackknife error over blocks)."""
    a, b = np.bincount(blocks, without), np.bincount(blocks, having)
    n, share = len(a), 1 - b.sum() / a.sum()
    apart = 1 - (b.sum() - b) / (a.sum() - a) - share
    return float(share), float(np.sqrt((n - 1) / n * (apart**2).sum()) + 1e-9)
