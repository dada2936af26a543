"""The graph of `supply_links`: suppliers, their customers, and each supplier's share of what is bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from features.aggregates.resident import collect_pandas
from features.tables import Tables


@dataclass(frozen=True)
class Links:
    """Links between the enterprises `ids`, one row per supplier, customer and material.

    `rows`: supplier_id, customer_id, material, share (NaN where none was recorded).
    """

    ids: tuple[str, ...]
    rows: pd.DataFrame

    @property
    def weights(self) -> sparse.csr_matrix:
        """Share of the supplier (column) in what the customer (row) buys.

        Shares of several materials add up; a customer whose shares add up to more than one (each was
        recorded within its material) is scaled to one. A link without a share carries nothing.
        """
        return weights(self.ids, self.rows)

    def among(self, ids: Sequence[str]) -> Links:
        """Return the links between these enterprises."""
        known = self.rows["supplier_id"].isin(set(ids)) & self.rows["customer_id"].isin(set(ids))
        return Links(tuple(ids), self.rows[known])


def read_links(tables: Tables, ids: Sequence[str]) -> Links:
    """Return the recorded links among `ids`; a link of an enterprise with itself is none."""
    rows = collect_pandas(tables.table("supply_links"))
    rows = rows[rows["supplier_id"] != rows["customer_id"]]
    rows = rows.assign(share=rows["share"].astype("float64"))
    order = ["customer_id", "supplier_id", "material"]
    return Links(tuple(ids), rows.sort_values(order, ignore_index=True)).among(ids)


def weights(ids: Sequence[str], rows: pd.DataFrame) -> sparse.csr_matrix:
    """See `Links.weights`; rows whose ends are not both among `ids` are left out."""
    place = {name: at for at, name in enumerate(ids)}
    known = rows[rows["share"].notna() & rows["supplier_id"].isin(place) & rows["customer_id"].isin(place)]
    at = known["customer_id"].map(place).to_numpy(), known["supplier_id"].map(place).to_numpy()
    shares = known["share"].to_numpy(dtype=np.float64)
    whole = sparse.csr_matrix((shares, at), shape=(len(ids), len(ids)))
    sums = np.asarray(whole.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(sums, 1.0)) @ whole)
