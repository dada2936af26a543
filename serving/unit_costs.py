"""Reads what one more first-pass unit costs at each process, from a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from qm_rules.exact import is_decimal
from qm_rules.faults import EvidenceError, Fault

COLUMNS = ["product_id", "process_id", "unit_cost"]
Key = tuple[str, str]


def read_unit_costs(path: Path) -> dict[Key, Decimal]:
    """Return the cost by (product_id, process_id); raises EvidenceError with every fault, OSError."""
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError((Fault(str(path), str(error), "a CSV file in UTF-8"),)) from error
    if not lines or lines[0] != COLUMNS:
        found = ",".join(lines[0]) if lines else "nothing"
        raise EvidenceError((Fault(f"{path}, line 1", found, f"the columns {','.join(COLUMNS)}"),))
    costs: dict[Key, Decimal] = {}
    faults = [fault for number, line in enumerate(lines[1:], start=2) for fault in _read(line, number, costs)]
    if faults:
        raise EvidenceError(tuple(faults))
    return costs


def _read(line: list[str], number: int, costs: dict[Key, Decimal]) -> Iterator[Fault]:
    """Take a line into the costs, or yield what is wrong with it; blank lines are skipped."""
    if not line:
        return
    if len(line) != len(COLUMNS):
        yield Fault(f"line {number}", f"{len(line)} fields", f"{len(COLUMNS)}: {','.join(COLUMNS)}")
        return
    product, process, cost = (field.strip() for field in line)
    if (product, process) in costs:
        yield Fault(f"line {number}", f"{product}, {process} a second time", "each process of a product once")
    elif not is_decimal(cost) or Decimal(cost) <= 0:
        yield Fault(f"line {number}, unit_cost", cost, "a decimal number above 0, e.g. 12.50")
    else:
        costs[product, process] = Decimal(cost)
