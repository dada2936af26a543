"""What tightened suppliers change at others: the chains' slopes, tier by tier and month by month.

A supplier's month arrives at its customers a month later, and what they deliver in turn a month after that.
The slope is one for everybody and known with an interval only: it is drawn, once for each joint path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from models.attainment.known import Array, Index
from models.attainment.portfolio import own_paths
from models.attainment.sample import SEED
from models.chains.carrying import Carry
from models.chains.keeping import Chains
from models.chains.links import weights
from models.chains.mending import TIERS
from models.scenarios.wish import Tightened

NOTHING_WITHIN = 1e-12
_SIDES = 2 * float(norm.ppf(0.95))


@dataclass(frozen=True)
class Downstream:
    """`arrives` TIERS × N: what comes to each of the enterprises `ids` through so many tiers, as a change of
    its suppliers' log rate; `carry` is the slope on its log failing units.
    """

    ids: tuple[str, ...]
    arrives: Array
    carry: Carry

    @property
    def reached(self) -> tuple[str, ...]:
        """To whom anything comes at all; nobody where the records do not show that it arrives."""
        found = np.abs(self.arrives).max(axis=0, initial=0.0) > NOTHING_WITHIN
        return tuple(name for name, there in zip(self.ids, found, strict=True) if there and self.carry.shown)

    def by_month(self, enterprise_id: str, since: int, origin: int, months: int) -> Array:
        """What has come to one enterprise by each of its months ahead, of a change made in month `since`."""
        own = self.arrives[:, self.ids.index(enterprise_id)]
        after = origin + 1 + np.arange(months) - since
        return np.asarray(sum(own[tier] * (after >= tier + 1) for tier in range(len(own))))


def downstream(chains: Chains, tightened: Tightened) -> Downstream:
    """Follow the links from the suppliers on."""
    links = pd.DataFrame(list(chains.links), columns=["supplier_id", "customer_id", "share"])
    links["share"] = links["share"].astype("float64")
    ids = tuple(sorted({*links["supplier_id"], *links["customer_id"]}))
    share, passed = weights(ids, links), chains.carry["ppm"]
    on = max(passed.slope, 0.0) if passed.shown else 0.0
    own = np.array([float(np.log(tightened.factor)) if name in tightened.suppliers else 0.0 for name in ids])
    tiers = [np.asarray(share @ own)]
    for _ in range(TIERS - 1):
        tiers.append(np.asarray(share @ (on * tiers[-1])))
    return Downstream(ids, np.stack(tiers), chains.carry["ftq"])


def slopes(carry: Carry, enterprise_id: str, shock: Index) -> Array:
    """P slopes in the order of one enterprise's own paths: on joint path k everybody has the same one."""
    joint = np.random.default_rng([SEED, 6]).normal(
        carry.slope, (carry.high - carry.low) / _SIDES, len(shock)
    )
    return _unshuffled(np.maximum(joint, 0.0), enterprise_id, shock)


def _unshuffled(joint: Array, enterprise_id: str, shock: Sequence[int] | Index) -> Array:
    """What `own_paths` would bring into the given order."""
    shock = np.asarray(shock)
    place = own_paths(np.arange(len(shock))[None, :, None], shock, [enterprise_id])[0, :, 0]  # type: ignore[arg-type]
    out = np.empty_like(joint)
    out[place] = joint
    return out
