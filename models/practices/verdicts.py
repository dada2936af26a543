"""What the effect model says of holding a lever where leaders do: the one thing here that may be cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.practices.kept import Practices

if TYPE_CHECKING:
    from models.recommend.advice import Fitted
    from models.recommend.candidates import Sector

COLUMNS = ("enterprise_id", "subject", "verdict", "estimate", "low", "high", "code")
LEVEL = "level"


def verdicts(practices: Practices, fitted: Fitted) -> pd.DataFrame:
    """Return rows (`COLUMNS`) of every lever of every enterprise that has leaders to be held against.

    `verdict`: `fewer` or `more` failing units, `not_shown` (the interval covers nought), `not_trusted` (for
    the reason `code`, as recommendations give it), `not_estimated`. `estimate`, `low`, `high` (90 %) are the
    change of failing units as a share of those that fail today.
    """
    from models.recommend.candidates import sectors

    place = {who: (own, at) for own in sectors(fitted.model) for at, who in enumerate(own.panel.enterprises)}
    found = []
    for subject in sorted(
        {s for k, s in practices.rows[["kind", "subject"]].itertuples(index=False) if k == LEVEL}
    ):
        values = practices.values((LEVEL, subject))
        for row, aim in _aims(practices, values).items():
            enterprise = str(practices.portfolio.enterprise_ids[row])
            own = place.get(enterprise)
            told = _told(*own, subject, float(values[row]), aim) if own else {"verdict": "not_estimated"}
            found.append({"enterprise_id": enterprise, "subject": subject, **told})
    return pd.DataFrame(found, columns=list(COLUMNS))


def _aims(practices: Practices, values: Any) -> dict[int, float]:  # noqa: ANN401 - an array
    """Where the leaders, without the enterprise itself, hold a lever: by row of all that have it."""
    aims: dict[int, float] = {}
    for group in practices.groups:
        known = np.isfinite(values) & group.members
        leading = known & group.leaders
        count, total = int(leading.sum()), float(values[leading].sum())
        for row in np.flatnonzero(known):
            mine = bool(leading[row])
            if count - mine > 0:
                aims[int(row)] = (total - float(values[row]) * mine) / (count - mine)
    return aims


def _told(sector: Sector, enterprise: int, subject: str, before: float, after: float) -> Mapping[str, Any]:
    from models.recommend.confidence import NINETY, judge

    effects = sector.effects.get("ftq")
    if effects is None or subject not in sector.panel.levers:
        return {"verdict": "not_estimated"}
    lever = sector.panel.levers.index(subject)
    if not effects.settings.has[enterprise, lever]:
        return {"verdict": "not_estimated"}
    change = effects.change(enterprise, lever, before, after)
    judged = judge(effects, enterprise, lever, change)
    low, high = (float(np.expm1(change.mean + side * NINETY * change.sd)) for side in (-1, 1))
    told = {"estimate": float(np.expm1(change.mean)), "low": low, "high": high}
    if judged.confidence != "none":
        return told | {"verdict": "fewer" if change.mean < 0 else "more"}
    shown = "not_shown" if judged.code == "covers_zero" else "not_trusted"
    return told | {"verdict": shown, "code": judged.code}
