"""The state database: SQLite beside the records by default, PostgreSQL by URL; its tables come by Alembic."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from features.settings import Settings
from features.store.lock import locked

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0010"
"""The newest migration; a test holds it equal to what Alembic finds."""
BUSY_SECONDS = 60
_alembic = threading.Lock()
"""Alembic keeps what it migrates in a global of its module: two databases in one process take turns."""
MIGRATING = 0x7A68756F  # the advisory lock of migrations on PostgreSQL: "zhuo"


class StateDatabaseError(Exception):
    """The state database cannot be used; the message says what to do."""

    exit_code = 1


def open_database(settings: Settings, *, pooled: bool = False) -> sa.Engine:
    """Return an engine on the state database, its tables migrated to `HEAD`.

    With `pooled` connections are kept for the next question: for services, which ask all the time.

    Raises:
        StateDatabaseError: it cannot be reached, or a newer Zhuoyue has migrated it.
    """
    engine = _engine(settings, pooled=pooled)
    try:
        _migrate(engine, settings.home)
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        where = engine.url.render_as_string(hide_password=True)
        raise StateDatabaseError(
            f"the state database {where} cannot be used: {reason}; "
            "look at ZHUOYUE_DATABASE_URL and ZHUOYUE_HOME"
        ) from error
    return engine


def open_empty(settings: Settings, revision: str) -> sa.Engine:
    """Return an engine on a database that was empty, its tables as they were at `revision`.

    Raises:
        StateDatabaseError: it holds something already.
    """
    engine = _engine(settings, pooled=False)
    if _revision(engine) is not None:
        where = engine.url.render_as_string(hide_password=True)
        raise StateDatabaseError(f"the state database {where} is not empty; name an empty one")
    _upgrade(engine, revision)
    return engine


def open_as_it_is(settings: Settings) -> sa.Engine:
    """Return an engine on the database at whatever revision it stands; raises StateDatabaseError if empty."""
    engine = _engine(settings, pooled=False)
    if _revision(engine) is None:
        where = engine.url.render_as_string(hide_password=True)
        raise StateDatabaseError(f"the state database {where} is empty; look at ZHUOYUE_HOME")
    return engine


def revision_of(settings: Settings) -> str | None:
    """Return the revision at which the state database stands, None for an empty one; nothing is migrated."""
    engine = _engine(settings, pooled=False)
    try:
        return _revision(engine)
    finally:
        engine.dispose()


@contextmanager
def exclusive(engine: sa.Engine, uid: str) -> Iterator[None]:
    """Hold the database's own lock for imports into the store `uid`, where several hosts may share it.

    SQLite needs none: its file is on the host whose lock file importers hold already.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    number = {"number": int(uid[:15], 16)}
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:number)"), number)
        connection.commit()  # the lock belongs to the session: no transaction stays open meanwhile
        try:
            yield
        finally:
            with suppress(sa.exc.DBAPIError):  # a session that broke has let go already
                connection.execute(sa.text("SELECT pg_advisory_unlock(:number)"), number)
                connection.commit()


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection that only reads, and whose questions all see one moment, while others write."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def _engine(settings: Settings, *, pooled: bool) -> sa.Engine:
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(_url(settings), poolclass=None if pooled else NullPool, pool_pre_ping=pooled)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _url(settings: Settings) -> sa.URL:
    """Return the URL; a path is never parsed as one, because it may hold `?` and `%`."""
    if settings.database_url is not None:
        return sa.make_url(settings.database_url.get_secret_value())
    return sa.URL.create("sqlite", database=str((settings.home / "state.db").absolute()))


def _prepare_sqlite(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # ours to begin: the driver commits at DDL
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _migrate(engine: sa.Engine, home: Path) -> None:
    if _revision(engine) == HEAD:
        return
    with locked(home / ".migrate.lock"):
        revision = _revision(engine)
        if revision is not None and revision > HEAD:
            raise StateDatabaseError(
                f"the state database stands at revision {revision}, this Zhuoyue knows {HEAD}: "
                "install the newer one"
            )
        if revision != HEAD:
            _upgrade(engine)


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("zhuoyue_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM zhuoyue_version")).scalar()


def _upgrade(engine: sa.Engine, revision: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _alembic, engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # another host may be at it: the lock file is on this one
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
