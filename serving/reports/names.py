"""What a plant calls things: names of products, processes and characteristics beside their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from features.aggregates.resident import collect
from features.tables import Tables
from qm_rules.words import label


@dataclass(frozen=True)
class Names:
    """Names by id; without records, ids stand for themselves."""

    products: Mapping[str, str] = field(default_factory=dict)
    processes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    characteristics: Mapping[str, str] = field(default_factory=dict)

    def product(self, product_id: str) -> str:
        """Return the id of a product with its name."""
        return _beside(product_id, self.products.get(product_id))

    def process(self, product_id: str, process_id: str) -> str:
        """Return the id of a process with its name."""
        return _beside(process_id, self.processes.get((product_id, process_id)))

    def characteristic(self, characteristic_id: str) -> str:
        """Return the id of a characteristic with its name."""
        return _beside(characteristic_id, self.characteristics.get(characteristic_id))


def read_names(tables: Tables, enterprise_id: str) -> Names:
    """Return the names that the records of one enterprise give."""
    products = _rows(tables, "products", enterprise_id, "product_id")
    processes = _rows(tables, "processes", enterprise_id, "product_id", "process_id")
    characteristics = _rows(tables, "characteristics", enterprise_id, "characteristic_id")
    return Names(
        {row["product_id"]: row["name"] for row in products},
        {(row["product_id"], row["process_id"]): row["name"] for row in processes},
        {row["characteristic_id"]: row["name"] for row in characteristics},
    )


def read_enterprise(tables: Tables, enterprise_id: str) -> Mapping[str, Any]:
    """Return the row of table `enterprises`, or one that only has the id."""
    rows = tables.table("enterprises").filter(nw.col("enterprise_id") == enterprise_id)
    found = collect(rows).to_pylist()
    return found[0] if found else {"enterprise_id": enterprise_id}


def _rows(tables: Tables, table: str, enterprise_id: str, *keys: str) -> list[dict[str, Any]]:
    rows = tables.table(table).filter(nw.col("enterprise_id") == enterprise_id)
    found: list[dict[str, Any]] = collect(rows.select(*keys, "name")).to_pylist()
    return [row for row in found if row["name"]]


def _beside(identifier: str, name: str | None) -> str:
    shown = label(identifier)
    return shown if name is None or name == identifier else f"{shown} {label(name)}"
