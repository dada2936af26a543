"""The current rows of a table: its files, minus the rows that a later file replaces."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from features.records import sql
from features.records.columns import SQL, Table
from features.store.ledger import StoredFile


def generations(files: Sequence[StoredFile]) -> list[tuple[int, bool, list[StoredFile]]]:
    """Return runs of files as (generation, replaces, files): rows of one may be replaced by a higher one."""
    numbered, generation = [], 0
    for file in files:
        generation += file.replaces
        numbered.append((generation, file.replaces, file))
    runs = groupby(numbered, key=lambda item: item[:2])
    return [(number, replaces, [item[2] for item in run]) for (number, replaces), run in runs]


def current_sql(table: Table, files: Sequence[StoredFile], records: Path) -> str:
    """Return a DuckDB select of the current rows of `table` in the schema's columns."""
    if not files:
        empty = ", ".join(
            f"CAST(NULL AS {SQL[item.type]}) AS {sql.name(item.name)}" for item in table.columns
        )
        return f"SELECT {empty} WHERE false"
    runs = generations(files)
    if not any(replaces for _, replaces, _ in runs):
        return f"SELECT {sql.names(table.names)} FROM {sql.parquet([records / file.path for file in files])}"
    selects = {
        (
            number,
            replaces,
        ): f"SELECT *, {number} AS generation FROM {sql.parquet([records / item.path for item in run])}"
        for number, replaces, run in runs
    }
    newer = " UNION ALL ".join(text for (_, replaces), text in selects.items() if replaces)
    same_key = " AND ".join(f"n.{sql.name(item)} = v.{sql.name(item)}" for item in table.key)
    # NOT EXISTS would say the same, but DuckDB 1.5 then sorts out all keys first: ten times slower.
    return (
        f"SELECT {sql.names(table.names, 'v.')} FROM ({' UNION ALL '.join(selects.values())}) v "
        f"ANTI JOIN ({newer}) n ON {same_key} AND n.generation > v.generation"
    )


def current_spark(session: Any, table: Table, files: Sequence[StoredFile], records: Path) -> Any:  # noqa: ANN401 - pyspark is an extra
    """Return the same rows as a Spark frame over the same files."""
    from functools import reduce

    from pyspark.sql import functions as F  # noqa: N812 - the name that everybody knows

    from features.tables import to_spark

    if not files:
        return to_spark(session, table.arrow.empty_table())
    versions = [
        (
            replaces,
            session.read.parquet(*(str((records / item.path).absolute()) for item in run)).withColumn(
                "generation", F.lit(number)
            ),
        )
        for number, replaces, run in generations(files)
    ]
    rows = reduce(lambda left, right: left.unionByName(right), [frame for _, frame in versions])
    replacing = [frame for replaces, frame in versions if replaces]
    if replacing:
        newer = reduce(lambda left, right: left.unionByName(right), replacing)
        newer = newer.select(*(F.col(name).alias(f"newer_{name}") for name in (*table.key, "generation")))
        same = [rows[name] == newer[f"newer_{name}"] for name in table.key]
        rows = rows.join(newer, [*same, newer["newer_generation"] > rows["generation"]], "left_anti")
    return rows.select(*table.names)
