"""What a move is worth: failure cost avoided in a year, less what it costs to hold.

Every nonconforming unit is either caught inside, and costs there, or gets out, and costs there months later.
So two effects say it all: on how many units fail (`ftq`) and on what share of those escapes (`escape`).
Losses follow by accounting, which is far less noisy than an effect estimated on a loss itself, and nothing
is counted twice.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from models.effects.links import FloatArray
from models.recommend.loss_links import LossLinks

YEAR: Final = 12
LEAST_STATEMENTS: Final = 3
MOST_ESCAPING: Final = 0.95


@dataclass(frozen=True)
class Losses:
    """An enterprise's failure cost of the last twelve statements, scaled to a year (CNY; None where it keeps
    none).

    `escaping` is the share of failing units that get out, `elasticity` how log internal loss follows log
    units caught, `first_year` the share of an external loss that a change of escapes moves within the coming
    year (claims come months later), `level_sd` how far next year's failures, left alone, may lie from this
    year's (log units). `likely`: what like plants lose on so much output failing so often, CNY a
    year inside and outside, to weigh moves by where nothing is on record; never shown as a benefit.
    """

    internal: float | None
    external: float | None
    escaping: float
    elasticity: float
    first_year: float = 1.0
    level_sd: float = 0.0
    likely: tuple[float, float] | None = None

    @property
    def known(self) -> bool:
        """Whether a benefit in money can be stated at all."""
        return self.internal is not None or self.external is not None

    @property
    def complete(self) -> bool:
        """Whether both sides are on record, or neither is (and nobody speaks of money)."""
        return (self.internal is None) == (self.external is None)

    def weighed(self) -> "Losses":
        """The same with what is not on record put at what is likely: for choosing between moves."""
        if self.likely is None:
            return self
        inside, outside = self.likely
        return replace(
            self,
            internal=inside if self.internal is None else self.internal,
            external=outside if self.external is None else self.external,
        )


def yearly_losses(rows: pd.DataFrame, links: LossLinks | None = None) -> Losses:
    """Losses of one enterprise (its rows of the model table in order of time) over its last twelve known
    periods; `links` from `models.recommend.loss_links`.
    """
    links = links or LossLinks()
    internal, external = (_yearly(rows, f"q.{side}_amount") for side in ("internal", "external"))
    return Losses(
        internal,
        external,
        escaping_share(rows),
        links.elasticity,
        links.first_year,
        links.level_sd,
        _likely(rows, links),
    )


def _likely(rows: pd.DataFrame, links: LossLinks) -> tuple[float, float] | None:
    output = _yearly(rows, "q.output_value")
    failing = (1 - rows["ftq"].astype(float)).dropna().tail(YEAR)
    if output is None or links.per_failing is None or failing.empty:
        return None
    exposed = output * float(failing.mean())
    return exposed * links.per_failing[0], exposed * links.per_failing[1]


def escaping_share(rows: pd.DataFrame) -> float:
    """Delivered nonconforming ÷ failing at first, over the last twelve periods that know both; 0 where none
    does.
    """
    if "ppm" not in rows or "ftq" not in rows:
        return 0.0
    known = rows[["ppm", "ftq"]].astype(float).dropna().tail(YEAR)
    failing = float((1 - known["ftq"]).sum())
    return float(np.clip(1e-6 * known["ppm"].sum() / failing, 0.0, MOST_ESCAPING)) if failing > 0 else 0.0


def _yearly(rows: pd.DataFrame, column: str) -> float | None:
    known = rows[column].astype(float).dropna().tail(YEAR) if column in rows else pd.Series(dtype=float)
    return float(known.mean() * YEAR) if len(known) >= LEAST_STATEMENTS else None


def benefit(losses: Losses, failing: FloatArray, escape: FloatArray) -> FloatArray:
    """Avoided loss, CNY in the coming year, for changes of log failing units and of log escape share (any
    shape).
    """
    out = np.minimum(losses.escaping * np.exp(escape), MOST_ESCAPING)
    caught = failing + np.log((1 - out) / (1 - losses.escaping))
    inside = (losses.internal or 0.0) * (1 - np.exp(losses.elasticity * caught))
    outside = (losses.external or 0.0) * losses.first_year * (1 - np.exp(failing + escape))
    return np.asarray(inside + outside)
