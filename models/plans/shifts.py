"""What actions do to the paths of all targets: one draw of an effect moves first-time quality, ppm, internal
and external loss together, by the accounting of `models.recommend.money`.

A failing unit is caught inside or gets out. So F (change of log failing units) and E (of the log share that
gets out) say all: yield y → y^exp(F); ppm × exp(F + E); what is caught inside moves internal losses by their
elasticity; what gets out comes back as external loss over the months after it. A Cpk follows F as it has in
history, each action by a slope of its own that is hardly known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from models.attainment.known import Array, Index
from models.plans.following import Following, lagged_change
from models.plans.joint import CAPABILITY, ESCAPE, FAILING, Draws
from models.recommend.money import MOST_ESCAPING, Losses

MOVED: Final = ("sigma", "ftq", "internal_loss", "external_loss", "cpk")
"""Indicators that an action can move."""


def in_force(arrival: Array, starts: Index, months: int) -> Array:
    """Shares S × A × M of each action's full effect, for sets that begin action a in month `starts` (S × A,
    0 the first month ahead; `months` or later: never). `arrival` is A × 12: what is in force after a year
    stays so, as long as the lever is held.
    """
    since = np.arange(months) - starts[:, :, None]
    last = arrival.shape[1] - 1
    shares = arrival[np.arange(len(arrival))[:, None], np.clip(since, 0, last)]
    return np.asarray(np.where(since >= 0, shares, 0.0))


def shifts(draws: Draws, shares: Array) -> Array:
    """3 × S × P × M changes of log failing units, of the log escape share, and of log Cpk; `shares` S × A ×
    M.
    """
    single = np.einsum("pka,sah->ksph", draws.single, shares, optimize=True)
    paired = np.einsum("kab,sah,sbh->ksh", draws.pairs, shares, shares, optimize=True)
    return np.asarray(single + paired[:, :, None])


def shifted(
    paths: Mapping[str, Array], change: Array, losses: Losses, following: Following
) -> dict[str, Array]:
    """Paths S × P × M by target, from those without action (P × M) and the changes 3 × S × P × M."""
    failing, escape = change[FAILING], _possible(change[ESCAPE], losses)
    out = failing + escape
    log_factor = {
        "ppm": out,
        "internal_loss": losses.elasticity * (failing + _caught(escape, losses)),
        "external_loss": lagged_change(out, following.claims),
        "cpk": change[CAPABILITY],
    }
    return {
        target: np.asarray(path ** np.exp(failing) if target == "ftq" else path * np.exp(log_factor[target]))
        for target, path in paths.items()
    }


def _possible(escape: Array, losses: Losses) -> Array:
    """No larger share gets out than `MOST_ESCAPING`."""
    if losses.escaping <= 0.0:
        return escape
    return np.minimum(escape, np.log(MOST_ESCAPING / losses.escaping))


def _caught(escape: Array, losses: Losses) -> Array:
    """Change of the log of the share that is caught inside."""
    return np.asarray(np.log((1.0 - losses.escaping * np.exp(escape)) / (1.0 - losses.escaping)))
