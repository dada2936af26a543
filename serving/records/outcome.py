"""What came of an import, or would come of it: the answer of the API, kept as JSON and shown by the page."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class TableCount(BaseModel):
    """What happens to one table: rows = new + same + conflict."""

    table: str = Field(examples=["inspections"])
    rows: int
    new: int = Field(description="rows whose key was not stored before")
    same: int = Field(description="rows that are stored already, as they are")
    conflict: int = Field(description="rows whose key was stored with other values (replaced, if so asked)")


class FoundFault(BaseModel):
    """What is wrong in one place, and what is allowed there."""

    table: str
    file: str = Field(description="empty for rows of JSON")
    row: int | None = Field(
        description="row of JSON from 1, line of a CSV file, row of a sheet; null: all of it"
    )
    column: str | None
    found: str
    allowed: str
    number: int | None = Field(default=None, description="the row's place in its file, from 0")


class Change(BaseModel):
    """One column whose stored value differs from the brought one."""

    column: str
    old: str | None
    new: str | None


class FoundConflict(BaseModel):
    """A row whose key is stored with other values."""

    table: str
    file: str
    row: int
    key: dict[str, str]
    changes: list[Change]
    number: int


class ShownRow(BaseModel):
    """One row as it was written."""

    number: int
    row: int
    cells: list[str | None]


class Sample(BaseModel):
    """The first rows of a file or sheet, and those with faults or conflicts."""

    table: str
    file: str
    rows: int
    columns: list[str]
    shown: list[ShownRow]


class Outcome(BaseModel):
    """What came of an import (`written`), or would come of it.

    Faults stop an import, whatever `on_conflict` says; conflicts stop it unless that is `replace`. At most
    1 000 of each are listed, all are counted.
    """

    written: bool = Field(description="whether the rows are in the store now")
    import_id: int | None = Field(default=None, description="number in the journal; null: nothing was new")
    tables: list[TableCount] = Field(default=[], description="empty if there are faults")
    notes: list[str] = []
    faults: list[FoundFault] = []
    fault_count: int = 0
    conflicts: list[FoundConflict] = []
    conflict_count: int = 0

    @property
    def changed(self) -> int:
        """Rows that are, or would be, other than before."""
        return sum(row.new + row.conflict for row in self.tables)

    def errors(self) -> list[dict[str, Any]]:
        """Return faults, or else conflicts, as members of a problem document."""
        return [item.model_dump(exclude={"number"}) for item in self.faults or self.conflicts]


class Look(Outcome):
    """An outcome of looking only, with rows to show."""

    samples: list[Sample] = []
