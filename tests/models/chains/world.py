"""A small world of suppliers and customers whose slope is known."""

import numpy as np
import pandas as pd

from models.chains import Links
from models.chains.months import Months, months_of


def frame_of(rate, yields, internal, *, units=200_000, start=24_000):
    """The monthly rows of a model table, from rates and yields (months × enterprises)."""
    count, plants = rate.shape
    rng = np.random.default_rng(5)
    bad = rng.poisson(units * rate)
    t, who = np.meshgrid(np.arange(count) + start, np.arange(plants), indexing="ij")
    return pd.DataFrame(
        {
            "enterprise_id": [f"E{n:03d}" for n in who.ravel()],
            "product_id": "",
            "frequency": "month",
            "t": t.ravel(),
            "industry_code": [f"{30 + n % 3}11" for n in who.ravel()],
            "q.units": float(units),
            "q.nonconforming": bad.ravel().astype(float),
            "q.output_value": 1e7,
            "q.internal_amount": (1e7 * internal).ravel(),
            "q.ftq_clipped": yields.ravel(),
            "internal_loss": internal.ravel(),
        }
    )


def chain(
    slope: float, *, plants: int = 40, count: int = 48, lag: int = 1, seed: int = 1
) -> tuple[Months, Links]:
    """Every second plant buys from the two plants before it; its troubles follow theirs by `lag` months."""
    rng = np.random.default_rng(seed)
    names = [f"E{n:03d}" for n in range(plants)]
    pairs = [(n - step, n, share) for n in range(2, plants, 2) for step, share in ((1, 0.6), (2, 0.3))]
    rows = pd.DataFrame(
        [{"supplier_id": names[s], "customer_id": names[c], "material": "m", "share": w} for s, c, w in pairs]
    )
    links = Links(tuple(names), rows)
    weights = links.weights.toarray()
    trouble = np.zeros((count + 2, plants))
    usual = rng.normal(-6, 0.5, plants)
    for t in range(1, count + 2):
        trouble[t] = 0.6 * trouble[t - 1] + rng.normal(0, 0.5, plants)
    arrives = trouble @ weights.T
    moved = np.roll(arrives, lag, axis=0)[1:-1]
    logs = -2.5 + slope * moved + rng.normal(0, 0.2, moved.shape)
    internal = 0.01 * np.exp(slope * moved + rng.normal(0, 0.2, moved.shape))
    rate = np.exp(usual + trouble[1:-1])
    return months_of(frame_of(np.clip(rate, 0, 0.2), np.exp(-np.exp(logs)), internal)), links
