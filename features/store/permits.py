"""Whose records a call may bring: rows that name other enterprises are refused before anything is written."""
# ruff: noqa: S608 - names and texts are quoted by features.records.sql; values of cells never enter SQL text

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from features.records import sql
from features.records.columns import Table
from features.records.reading.faults import Fault, shown
from features.records.reading.opening import Desk
from features.store.intake import Incoming, Part

OWNER = "enterprise_id"


@dataclass(frozen=True)
class Permit:
    """What somebody may bring: rows of `owners` only (None: of everybody), and reviews or not.

    A table that belongs to no enterprise may only be brought by who may bring everything.
    """

    owners: frozenset[str] | None = None
    reviews: bool = True


EVERYTHING = Permit()


def owner_columns(table: Table) -> tuple[str, ...]:
    """Return the columns of `table` that name an enterprise; every one of them must be in the permit."""
    named = (reference.columns[0] for reference in table.references if reference.tables == ("enterprises",))
    return tuple(dict.fromkeys([*(name for name in table.names if name == OWNER), *named]))


def check_permit(
    incoming: Mapping[str, Incoming], stored: Mapping[str, str], permit: Permit, desk: Desk
) -> None:
    """Add a fault for each row that the permit does not cover. `stored` holds a select per table.

    It runs before references are looked up, so that nobody learns from a refusal what others have.
    """
    for item in incoming.values():
        for part in item.parts:
            for column, bad, allowed in _forbidden(item.table, stored[item.table.name], permit):
                _report(part, column, bad, allowed, desk)


def _forbidden(table: Table, stored: str, permit: Permit) -> Iterator[tuple[str, str, str]]:
    """Yield (column, SQL condition, what is allowed) of rows that must not come."""
    if permit.owners is not None:
        yield from _foreign(table, stored, permit.owners)
    if not permit.reviews and table.name == "assessments":
        allowed = "self: a review comes from an assessor's questionnaire"
        yield "source", "source = 'third_party'", allowed


def _foreign(table: Table, stored: str, owners: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what of other enterprises a row could touch: their names, and keys that they use already."""
    columns, key = owner_columns(table), sql.names(table.key)
    outside = f"NOT {_among(owners)}"
    if not columns:
        yield table.key[0], "true", "nothing: this table belongs to no single enterprise"
    for name in columns:
        yield name, outside.format(sql.name(name)), "an enterprise whose records you may bring"
    if columns and not set(columns) & set(table.key):
        others = f"SELECT {key} FROM ({stored}) WHERE {outside.format(sql.name(columns[0]))}"
        yield table.key[0], f"({key}) IN ({others})", f"an id that nobody else uses as {table.key[0]}"


def _among(owners: frozenset[str]) -> str:
    """Return an SQL condition with a blank for a column: it names one of `owners`."""
    listed = ", ".join(sql.literal(name) for name in sorted(owners)).replace("{", "{{").replace("}", "}}")
    return f"COALESCE({{}} IN ({listed or 'NULL'}), false)"


def _report(part: Part, column: str, bad: str, allowed: str, desk: Desk) -> None:
    rows = f"FROM ({part.numbered}) WHERE {bad}"
    total = desk.connection.execute(f"SELECT count(*) {rows}").fetchall()[0][0]
    if not total:
        return
    found = desk.connection.execute(
        f'SELECT "row number", CAST({sql.name(column)} AS VARCHAR) {rows} ORDER BY 1 LIMIT {desk.faults.room}'
    ).fetchall()
    lines = part.raw.lines([row for row, _ in found]) if found else {}
    table = part.raw.table.name
    faults = [
        Fault(table, part.raw.label, lines[row], column, shown(cell), allowed, row) for row, cell in found
    ]
    desk.faults.extend(faults, total)
