"""What is wrong with records, told so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

LISTED = 1_000
"""At most so many faults are listed; all are counted."""
LONGEST_FOUND = 120


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what was found there and what is allowed.

    `row` is the line of a CSV file, the row of a sheet, or the number of the row (from 1) of a Parquet file;
    None where the fault concerns the whole file. `table` is empty where no table could be made out. `number`
    is the row's place in its source (from 0), by which a preview finds it.
    """

    table: str
    source: str
    row: int | None
    column: str | None
    found: str
    allowed: str
    number: int | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        place = [self.source, f"table {self.table}" if self.table else ""]
        place += [
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        ]
        return f"{', '.join(part for part in place if part)}: found {self.found}; allowed: {self.allowed}"


class ImportRefused(ValueError):  # noqa: N818 - a name of the contract between the packages
    """An import took nothing: `faults` lists at most 1 000 of the `total` faults."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault], total: int) -> None:
        self.faults, self.total = tuple(faults), total
        listed = "\n".join(f"  {fault}" for fault in self.faults[:20])
        more = f"\n  … and {total - 20} more" if total > 20 else ""
        super().__init__(f"nothing was imported; {total} fault{'s' if total != 1 else ''}:\n{listed}{more}")


class Faults:
    """Collects faults: lists the first thousand, counts all."""

    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self.total = 0

    def add(self, fault: Fault) -> None:
        """Count one fault."""
        self.extend([fault], 1)

    def extend(self, faults: Iterable[Fault], total: int) -> None:
        """Count `total` faults, of which `faults` may be listed."""
        room = LISTED - len(self.listed)
        self.listed.extend([fault for _, fault in zip(range(room), faults, strict=False)])
        self.total += total

    @property
    def room(self) -> int:
        """How many more may be listed."""
        return LISTED - len(self.listed)

    def raise_if_any(self) -> None:
        """Raise ImportRefused if there is any fault."""
        if self.total:
            raise ImportRefused(self.listed, self.total)


def shown(value: object) -> str:
    """Return a value as a fault shows it: quoted, shortened, without control characters."""
    if value is None:
        return "nothing"
    text = "".join(char if char.isprintable() else "␀" if char == "\0" else "·" for char in str(value))
    return f"'{text[:LONGEST_FOUND]}…'" if len(text) > LONGEST_FOUND else f"'{text}'"
