"""From paths to checked, typed relations per table, without touching the store."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from features.records import sql
from features.records.columns import Table
from features.records.reading.checks import check
from features.records.reading.opening import Desk, open_source
from features.records.reading.raw import ROW, Raw
from features.records.reading.sources import Source


@dataclass(frozen=True)
class Part:
    """One checked source of a table: `relation` is a typed select; `raw` leads back to lines."""

    raw: Raw
    rows: int
    relation: str

    @property
    def numbered(self) -> str:
        """A select of the typed columns and the row's number as `"row number"`."""
        columns = ", ".join(
            f"{self.raw.filled(item)} AS {sql.name(item.name)}" for item in self.raw.table.columns
        )
        return f'SELECT {columns}, {ROW} AS "row number" FROM {self.raw.relation}'


@dataclass(frozen=True)
class Incoming:
    """All that one call brings for one table."""

    table: Table
    parts: tuple[Part, ...]

    @cached_property
    def rows(self) -> int:
        """Rows over all sources."""
        return sum(part.rows for part in self.parts)

    @property
    def relation(self) -> str:
        """A typed select over all sources."""
        return " UNION ALL ".join(part.relation for part in self.parts)


def take_in(source: Source, desk: Desk) -> list[Part]:
    """Open and check one source; faults go to the desk. Nothing is returned if it cannot be read at all."""
    return [_part(raw, desk) for raw in open_source(source, desk)]


def _part(raw: Raw, desk: Desk) -> Part:
    before = desk.faults.total
    raw, rows = check(raw, desk.connection, desk.faults, desk.notes)
    if desk.faults.total > before:
        return Part(raw, rows, raw.typed)  # nothing will be imported; its references are still looked at
    if raw.plain and not raw.skip_blank:
        return Part(raw, rows, raw.typed)
    settled = desk.next_path(".parquet")
    desk.connection.execute(f"COPY ({raw.typed}) TO {sql.literal(settled)} (FORMAT parquet)")
    return Part(raw, rows, f"SELECT {sql.names(raw.table.names)} FROM {sql.parquet([settled])}")


def by_table(parts: Sequence[Part]) -> dict[str, Incoming]:
    """Return the parts by table, in order of arrival."""
    tables = {part.raw.table.name: part.raw.table for part in parts}
    return {
        name: Incoming(table, tuple(part for part in parts if part.raw.table.name == name))
        for name, table in tables.items()
    }
