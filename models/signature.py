"""What a logged model takes and answers: columns as plain (name, type, required) rows."""

from __future__ import annotations

import pandas as pd

from models.results import QUANTILE_NAMES

REQUIRED = ("enterprise_id", "period")
KEYS = {
    "enterprise_id": "string",
    "product_id": "string",
    "frequency": "string",
    "period": "string",
    "t": "long",
}

Column = tuple[str, str, bool]


def inputs(table: pd.DataFrame) -> list[Column]:
    """Columns of a model table. Only whose and of when a row is must be said; what is absent is unknown."""
    numbers = [str(n) for n in table if n not in KEYS and pd.api.types.is_numeric_dtype(table[n])]
    return [(n, kind, n in REQUIRED) for n, kind in KEYS.items()] + [(n, "double", False) for n in numbers]


def outputs() -> list[Column]:
    """Columns of an answer: those of a forecast row, its quantiles one column each.

    `product_id` is null for the enterprise as a whole.
    """
    told = {
        "enterprise_id": "string",
        "product_id": "string",
        "target": "string",
        "origin": "string",
        "period": "string",
        "horizon": "long",
        "mean": "double",
        "model_version": "string",
    }
    return [(n, kind, n != "product_id") for n, kind in told.items()] + [
        (n, "double", True) for n in QUANTILE_NAMES
    ]
