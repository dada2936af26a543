"""What an enterprise's suppliers send it, and how many it leans on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.chains.links import Links
from models.practices.process import empty, practice


def supply_practices(links: Links, delivered: pd.DataFrame) -> pd.DataFrame:
    """Return `incoming_ppm` and `sources` (suppliers per material) of every customer.

    Args:
        links: who supplies whom, with shares.
        delivered: a year's `units` and `nonconforming` by enterprise id (index).

    A customer's incoming quality is the mean of its suppliers' nonconforming units per million delivered to
    anybody, weighted by share; suppliers without deliveries on record are left out.
    """
    rows = links.rows
    if rows.empty:
        return empty()
    units = delivered["units"].where(delivered["units"] > 0)
    ppm = (1e6 * delivered["nonconforming"] / units).reindex(rows["supplier_id"]).to_numpy(dtype=np.float64)
    share = rows["share"].to_numpy(dtype=np.float64)
    known = np.isfinite(ppm) & np.isfinite(share)
    weighted = pd.DataFrame({"customer": rows["customer_id"], "share": share, "sum": share * ppm})[known]
    sums = weighted.groupby("customer").sum()
    materials = rows.groupby(["customer_id", "material"])["supplier_id"].nunique()
    return pd.concat(
        [
            practice(sums["sum"] / sums["share"].where(sums["share"] > 0), "incoming_ppm"),
            practice(materials.groupby("customer_id").mean(), "sources"),
        ],
        ignore_index=True,
    )
