"""The law of the evidence file: every field, what it allows, and what must hold between fields.

Decisions where the specification leaves room:
- Ids are non-empty; nothing else is asked of them (a lone surrogate is refused, it has no UTF-8 form).
- `seq` is an integer ≥ 0: only its order matters.
- `tracked: false` beside amounts is not a contradiction: some costs are known, the statistic is not kept.
  The amounts must be well formed and are not used. In the same way `n` and `stable` may stand beside
  `"cpk": null`.
- A month named twice in `missing_months` is the same month; an empty list there says that none is missing.
- Counts and decimals of more than 100 digits, and first passes of more than a million bits together, are
  refused: exact arithmetic must end.
"""

from __future__ import annotations

from qm_rules.evidence.shapes import Record, Rows
from qm_rules.evidence.values import (
    COUNT,
    CPK,
    EXTERNAL,
    FLAG,
    INTERNAL,
    ITEM_LEVEL,
    ITEMS,
    MONEY,
    MONTH,
    OUTPUT_VALUE,
    STATISTICS,
    SUBMITTED,
    TEXT,
    WINDOW_MONTHS,
    is_count,
    is_month,
    is_text,
    months_of,
)
from qm_rules.faults import Fault, shown
from qm_rules.json_types import Json, JsonObject

MAX_FIRST_PASS_BITS = 1_000_000


def _not_above(part: str, whole: str, row: JsonObject, path: str) -> list[Fault]:
    if is_count(row.get(part)) and is_count(row.get(whole)) and row[part] > row[whole]:
        return [Fault(f"{path}.{part}", shown(row[part]), f"at most {whole}, which is {shown(row[whole])}")]
    return []


def _delivery_also(row: JsonObject, path: str) -> list[Fault]:
    return _not_above("nonconforming", "units", row, path)


def _first_pass_also(row: JsonObject, path: str) -> list[Fault]:
    return _not_above("passed_first", "submitted", row, path)


def _capability_also(row: JsonObject, path: str) -> list[Fault]:
    if "cpk" in row and row["cpk"] is None:
        return []
    fields = {"n": COUNT, "stable": FLAG}
    return [
        Fault(f"{path}.{key}", "nothing", shape.allowed) for key, shape in fields.items() if key not in row
    ]


def _window_also(window: JsonObject, path: str) -> list[Fault]:
    start: Json = window.get("start")
    end: Json = window.get("end")
    if not (is_month(start) and is_month(end)):
        return []
    if end < start:
        return [Fault(f"{path}.end", shown(end), f"the start {start} or later")]
    if len(months_of(start, end)) > WINDOW_MONTHS:
        return [Fault(path, f"{start} to {end}", f"at most {WINDOW_MONTHS} months")]
    return []


def _family_also(family: JsonObject, path: str) -> list[Fault]:
    if family.get("tracked") is True and family.get("amounts", {}) == {}:
        found = "an object with 0 keys" if "amounts" in family else "nothing"
        return [
            Fault(f"{path}.amounts", found, 'at least one amount where tracked is true ("0" must be stated)')
        ]
    return []


def _unique(keys: tuple[str, ...], rows: list[Json], path: str) -> list[Fault]:
    found: list[Fault] = []
    first: dict[tuple[Json, ...], int] = {}
    for i, row in enumerate(rows):
        key = tuple(row.get(name) for name in keys) if isinstance(row, dict) else (None,)
        if not all(is_text(part) for part in key):  # already a fault of its own
            continue
        if key in first:
            text = " + ".join(shown(part) for part in key)
            found.append(
                Fault(
                    f"{path}[{i}].{keys[-1]}",
                    f"{text} again",
                    f"once; it stands in {path}[{first[key]}] already",
                )
            )
        first.setdefault(key, i)
    return found


def _deliveries_also(rows: list[Json], path: str) -> list[Fault]:
    if not rows:
        return [Fault(path, "an empty array", "at least one row; leave the key out if it is not supplied")]
    units: list[Json] = [row.get("units") for row in rows if isinstance(row, dict)]
    found = _unique(("product_id",), rows, path)
    if len(units) == len(rows) and all(is_count(count) for count in units) and sum(units) == 0:
        found.append(Fault(path, "units that add up to 0", "units that add up to at least 1"))
    return found


def _first_passes_also(rows: list[Json], path: str) -> list[Fault]:
    if not rows:
        return [Fault(path, "an empty array", "at least one row; leave the key out if it is not supplied")]
    found = _unique(("product_id", "process_id"), rows, path)
    counts: list[Json] = [row.get("submitted") for row in rows if isinstance(row, dict)]
    bits = sum(count.bit_length() for count in counts if is_count(count))
    if bits > MAX_FIRST_PASS_BITS:
        found.append(Fault(path, f"counts of {bits} bits together", f"at most {MAX_FIRST_PASS_BITS} bits"))
    return found


def _capabilities_also(rows: list[Json], path: str) -> list[Fault]:
    return _unique(("characteristic_id",), rows, path)


def _evidence_also(evidence: JsonObject, path: str) -> list[Fault]:
    window, missing = evidence.get("window"), evidence.get("missing_months")
    if not isinstance(missing, dict) or WINDOW.faults(window, path):
        return []
    assert isinstance(window, dict)  # noqa: S101 - the window has no fault
    months = months_of(window["start"], window["end"])
    allowed = f"a month of the window {window['start']} to {window['end']}"
    return [
        Fault(f"missing_months.{name}[{i}]", shown(month), allowed)
        for name in STATISTICS
        for i, month in enumerate(missing[name] if isinstance(missing.get(name), list) else [])
        if is_month(month) and month not in months
    ]


def _family(categories: tuple[str, ...]) -> Record:
    amounts = Record(dict.fromkeys(categories, MONEY))
    return Record({"tracked": FLAG, "amounts": amounts}, ("tracked",), _family_also)


WINDOW = Record({"start": MONTH, "end": MONTH}, ("start", "end"), _window_also)
DELIVERY = Record(
    {"product_id": TEXT, "units": COUNT, "nonconforming": COUNT},
    ("product_id", "units", "nonconforming"),
    _delivery_also,
)
FIRST_PASS = Record(
    {"product_id": TEXT, "process_id": TEXT, "seq": COUNT, "submitted": SUBMITTED, "passed_first": COUNT},
    ("product_id", "process_id", "seq", "submitted", "passed_first"),
    _first_pass_also,
)
CAPABILITY = Record(
    {"characteristic_id": TEXT, "key": FLAG, "cpk": CPK, "n": COUNT, "stable": FLAG},
    ("characteristic_id", "cpk"),
    _capability_also,
)
EVIDENCE = Record(
    {
        "enterprise_id": TEXT,
        "window": WINDOW,
        "deliveries": Rows(DELIVERY, _deliveries_also),
        "first_pass": Rows(FIRST_PASS, _first_passes_also),
        "capability": Rows(CAPABILITY, _capabilities_also),
        "losses": Record({"internal": _family(INTERNAL), "external": _family(EXTERNAL)}),
        "output_value": OUTPUT_VALUE,
        "management": Record(dict.fromkeys(ITEMS, ITEM_LEVEL)),
        "missing_months": Record(dict.fromkeys(STATISTICS, Rows(MONTH))),
    },
    ("enterprise_id", "window"),
    _evidence_also,
)
