"""The real engines that the feature tests run on: a schema of PostgreSQL, a session of Spark."""

import os
import uuid
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

POSTGRES = os.environ.get("ZHUOYUE_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@contextmanager
def postgres_schema():
    """Give the URL of a fresh schema and drop it afterwards; say so where no PostgreSQL answers."""
    pytest.importorskip("psycopg", reason="needs the postgres extra")
    engine = sa.create_engine(POSTGRES, poolclass=sa.pool.NullPool, connect_args={"connect_timeout": 3})
    schema = f"zhuoyue_{uuid.uuid4().hex[:12]}"
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    except sa.exc.OperationalError:
        pytest.skip(f"no PostgreSQL answers at {POSTGRES}: this was not tested on it")
    try:
        yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@contextmanager
def spark_session():
    """Give a local session whose zones, of the machine and of SQL, are neither ours nor each other's."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("zhuoyue-tests")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.driver.extraJavaOptions": "-Duser.timezone=Asia/Shanghai",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
