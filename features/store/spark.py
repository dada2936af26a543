"""The Spark session of a store with `ZHUOYUE_ENGINE=spark://…`; pyspark is an extra, imported here only."""

from __future__ import annotations

from features.settings import Settings


class EngineError(ValueError):
    """The engine that the settings name is not installed."""


class Session:
    """A Spark session; closed with the store unless somebody else had it running before."""

    def __init__(self, settings: Settings) -> None:
        """Connect to the master that the engine names: `spark://local[2]` is Spark inside this process.

        Raises:
            EngineError: pyspark is not installed.
        """
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise EngineError(
                "ZHUOYUE_ENGINE names Spark, but pyspark is missing: install zhuoyue[spark]"
            ) from error
        place = settings.engine.removeprefix("spark://")
        master = place if place.startswith("local") else settings.engine
        self._ours = SparkSession.getActiveSession() is None
        self.session = (
            SparkSession.builder.master(master)
            .appName("zhuoyue")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
            .getOrCreate()
        )

    def close(self) -> None:
        """Stop Spark if this session started it."""
        if self._ours:
            self.session.stop()
