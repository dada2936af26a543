"""Records by period: Narwhals functions that run unchanged on DuckDB and on Spark."""

from features.aggregates.scope import Scope

__all__ = ["Scope"]
