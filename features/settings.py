"""Settings, read from the environment: `ZHUOYUE_HOME`, `ZHUOYUE_DATABASE_URL`, `ZHUOYUE_ENGINE`, …"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where Zhuoyue keeps its state and how much of the machine it may use.

    Attributes:
        home: folder of all runtime state: records, state database, models.
        database_url: state database; None is SQLite at `home/state.db`. It may hold a password, so it is a
            secret: it never shows in a log or an error message.
        engine: `duckdb` (embedded), or a Spark master as `spark://host:7077` or `spark://local[2]`.
        threads: threads of DuckDB, and how many targets a training learns side by side.
        memory_limit: what DuckDB may hold in memory before it spills to disk.
        access_log: write a line of JSON on standard error for every request.
    """

    model_config = SettingsConfigDict(env_prefix="ZHUOYUE_", env_ignore_empty=True, extra="ignore")

    home: Path = Path("var")
    database_url: SecretStr | None = None
    engine: str = Field(default="duckdb", pattern=r"^(duckdb|spark://.+)$")
    threads: int = Field(default=2, ge=1, le=256)
    memory_limit: str = Field(default="1GB", pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB|MiB|GiB)$")
    access_log: bool = True

    @property
    def records(self) -> Path:
        """Folder of the immutable record files."""
        return self.home / "records"
