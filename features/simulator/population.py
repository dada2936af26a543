"""Identifiers of plants, products, processes and characteristics, as the records spell them."""

import numpy as np

from features.simulator.plants import PROCESSES, PRODUCTS

PRODUCT_IDS = np.array([f"P{k + 1}" for k in range(PRODUCTS)], dtype=object)
PROCESS_IDS = np.array([str(10 * (j + 1)) for j in range(PROCESSES)], dtype=object)


def enterprise_ids(count: int) -> list[str]:
    """`E0001` …: stable under a growing number of plants."""
    return [f"E{i + 1:04d}" for i in range(count)]
