"""Incoming quality carried into the customers' forecasts: what suppliers' months ahead add or take.

A customer's forecast rests on its own history, so its suppliers' usual quality is in it already. What may
not be: that a supplier is, or will be, better or worse than it was in the customer's last year. The shift
is slope × (what arrives then − what arrived over the last year), on the scale of log(−log yield).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.chains.carrying import Carry, incoming
from models.chains.links import Links
from models.chains.months import YEAR, Array, Months

Row = Mapping[str, Any]


def ahead(
    months: Months, links: Links, carry: Carry, yields: Sequence[Row], rates: Sequence[Row]
) -> list[dict[str, Any]]:
    """Return rows: enterprise_id, period, horizon, mean, carried, low, high (first-pass yields).

    `yields` and `rates` are the published monthly forecasts of `ftq` and `ppm` of enterprises as a whole.
    `low` and `high` are the 90 % interval of the slope alone. Empty where the slope is not shown.
    """
    if not carry.shown:
        return []
    more_by = arriving(months, links, rates)
    found = []
    for row in yields:
        more = more_by.get(row["enterprise_id"], {}).get(row["horizon"])
        if more is None:
            continue
        values = {
            name: _moved(row["mean"], getattr(carry, slope) * more)
            for name, slope in (("carried", "slope"), ("low", "low"), ("high", "high"))
        }
        low, high = sorted((values["low"], values["high"]))
        found.append(
            {
                **{name: row[name] for name in ("enterprise_id", "period", "horizon", "mean")},
                "carried": values["carried"],
                "low": low,
                "high": high,
                "arrives": more,
            }
        )
    return found


def arriving(months: Months, links: Links, rates: Sequence[Row]) -> dict[str, dict[int, float]]:
    """Return, by customer and months ahead, the log of what arrives then over what arrived in the past year.

    `rates` as in `ahead`. Who buys from nobody that is known is left out.
    """
    arrived = incoming(months, links)
    if not len(arrived):
        return {}
    usual = arrived[-YEAR:].mean(axis=0)
    coming = _coming(months, links, rates, arrived)
    buys = np.asarray(links.weights.sum(axis=1)).ravel() > 0
    return {
        name: {horizon: float(sent[at] - usual[at]) for horizon, sent in coming.items()}
        for at, name in enumerate(months.ids)
        if buys[at]
    }


def _moved(yield_: float, by: float) -> float:
    """Move a yield on the scale of log(−log y)."""
    return float(np.exp(np.log(np.clip(yield_, 1e-9, 1 - 1e-9)) * np.exp(by)))


def _coming(months: Months, links: Links, rates: Sequence[Row], arrived: Array) -> dict[int, Array]:
    """Return what arrives at each horizon: this month's deliveries first, then those that are forecast."""
    coming = {1: arrived[-1]}
    place = {name: at for at, name in enumerate(months.ids)}
    horizons = sorted({int(row["horizon"]) for row in rates})
    weights = links.weights
    for horizon in horizons:
        deviation = np.zeros(len(months.ids))
        for row in rates:
            at = place.get(row["enterprise_id"])
            if row["horizon"] == horizon and at is not None and np.isfinite(months.usual[at]):
                deviation[at] = np.log(max(row["mean"], 1e-3) / 1e6) - months.usual[at]
        coming[horizon + 1] = np.asarray(weights @ deviation)
    return coming
