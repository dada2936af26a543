"""The store: record tables behind a transactional ledger, read by any number of processes."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import narwhals as nw
import sqlalchemy as sa

from features.records import sql
from features.records.reading.faults import Faults
from features.records.reading.opening import Desk
from features.records.schema import TABLES
from features.settings import Settings
from features.store import ledger
from features.store.checking import Checked, check_paths
from features.store.current import current_spark, current_sql
from features.store.database import exclusive, open_database
from features.store.files import staging, sweep
from features.store.importing import Committed, Import, OnConflict, Progress, Terms, silent
from features.store.lock import locked
from features.store.permits import EVERYTHING, Permit
from features.store.reporting import ImportReport


class Store:
    """All records of one Zhuoyue home, as they stood when the store was opened or last refreshed.

    It implements `features.tables.Tables`. Frames are lazy and belong to the store: collect them before it is
    closed. One store serves one thread.
    """

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        """Use `Store.open`."""
        self._settings, self._engine = settings, engine
        self._records = settings.records.absolute()
        self._duckdb: duckdb.DuckDBPyConnection | None = None
        self._spark: Any = None
        self._snapshot = ledger.read(engine)

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """Open the store of `settings`, creating it where there is none.

        Raises:
            StateDatabaseError: the state database cannot be used.
        """
        return cls(settings, open_database(settings))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back connections; a Spark session that the store started is stopped."""
        if self._duckdb is not None:
            self._duckdb.close()
            self._duckdb = None
        if self._spark is not None:
            self._spark.close()
            self._spark = None
        self._engine.dispose()

    @property
    def engine(self) -> sa.Engine:
        """The state database in which the ledger stands."""
        return self._engine

    def refresh(self) -> None:
        """See what has been imported since."""
        self._snapshot = ledger.read(self._engine)

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return the current rows of table `name`, typed, all columns of the schema present.

        Raises:
            KeyError: the schema has no such table.
        """
        if name not in TABLES:
            raise KeyError(f"no such record table: {name}; known: {', '.join(TABLES)}")
        files = self._snapshot.of(name)
        if self._settings.engine == "duckdb":
            native: Any = self._connection().sql(current_sql(TABLES[name], files, self._records))
        else:
            native = current_spark(self._session(), TABLES[name], files, self._records)
        frame: nw.LazyFrame[Any] = nw.from_native(native).lazy()
        return frame

    def fingerprint(self) -> str:
        """Return the SHA-256 over the visible files: equal fingerprints, equal records."""
        return self._snapshot.fingerprint

    def enterprises(self) -> list[str]:
        """Return the ids of all enterprises, sorted."""
        query = current_sql(TABLES["enterprises"], self._snapshot.of("enterprises"), self._records)
        rows = self._connection().execute(f"SELECT enterprise_id FROM ({query}) ORDER BY 1").fetchall()
        return [str(row[0]) for row in rows]

    def import_paths(
        self,
        paths: Sequence[Path | str],
        on_conflict: OnConflict = "report",
        progress: Progress = silent,
        who: str | None = None,
        *,
        permit: Permit = EVERYTHING,
        committed: Committed | None = None,
    ) -> ImportReport:
        """Take folders, workbooks and table files into the store, all of it or nothing.

        Args:
            paths: what to import, as one transaction.
            on_conflict: `report` refuses the call if a key is stored with other values; `replace` makes the
                new values current and keeps the old file for the journal.
            progress: called with (done, total, description).
            who: on whose behalf, for ledger and journal; None is the user of the operating system.
            permit: whose rows may come; others are refused before anything is written.
            committed: called within the transaction that makes the import happen; not called if there is
                nothing to write.

        Raises:
            ImportConflict: keys are stored with other values.
            ImportRefused: something is wrong with the input; `faults` says what.
        """

        def wait() -> None:
            progress(0, 1, "waiting for another import to end")

        with (
            locked(self._records / ".lock", wait),
            exclusive(self._engine, self._snapshot.uid),
            staging(self._records) as folder,
        ):
            self.refresh()
            sweep(self._records, self._snapshot)
            with sql.connect(self._config(folder)) as connection:
                desk = Desk(connection, folder, Faults())
                terms = Terms(on_conflict, who, permit, committed)
                job = Import(self._engine, self._records, self._snapshot, desk, terms, progress)
                report = job.run([Path(path) for path in paths])
        self.refresh()
        return report

    def check_paths(
        self,
        paths: Sequence[Path | str],
        folder: Path,
        progress: Progress = silent,
        permit: Permit = EVERYTHING,
    ) -> Checked:
        """Say what `import_paths` would do with `paths`, and show their rows.

        It writes nothing and waits for nobody. Copies go to `folder`, which is the caller's to remove.
        """
        self.refresh()
        with sql.connect(self._config(folder)) as connection:
            desk = Desk(connection, folder, Faults())
            job = Import(self._engine, self._records, self._snapshot, desk, Terms(permit=permit), progress)
            return check_paths(job, [Path(path) for path in paths])

    def _config(self, spill: Path) -> dict[str, Any]:
        limit, threads = self._settings.memory_limit, self._settings.threads
        return {
            "memory_limit": limit,
            "threads": threads,
            "temp_directory": str(spill),
        }

    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._duckdb is None:
            self._duckdb = sql.connect(self._config(self._settings.home.absolute() / "spill"))
        return self._duckdb

    def _session(self) -> Any:  # noqa: ANN401 - pyspark is an extra
        if self._spark is None:
            from features.store.spark import Session

            self._spark = Session(self._settings)
        return self._spark.session
