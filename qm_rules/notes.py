"""Notes: what a reader of the grade must know beside the level.

They come in the order of the indicators, those of one indicator in the order of the codes, and those of no
indicator (`short_window`) last. Missing months of `output_value` are noted at both loss rates, which
divide by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qm_rules.indicators import Judged
from qm_rules.json_types import Json

Note = Mapping[str, str | None]

CODES = (
    "thin_evidence",
    "few_values",
    "too_few",
    "unstable",
    "missing_months",
    "short_window",
    "no_key_marked",
    "uninspected_process",
)
FROM_RECORDS = ("uninspected_process",)
"""Codes of notes that only records can give: an evidence does not show them."""

_MISSING = {
    "deliveries": ("sigma",),
    "first_pass": ("ftq",),
    "internal": ("internal_loss",),
    "external": ("external_loss",),
    "output_value": ("internal_loss", "external_loss"),
}


def notes_of(
    judged: Mapping[str, Judged], missing: Sequence[str], is_short: bool, given: Sequence[Note]
) -> tuple[Note, ...]:
    """Return all notes in order, with those given by whoever knows the records.

    Raises ValueError for a given note of an unknown code.
    """
    for note in given:
        if note.get("code") not in CODES:
            raise ValueError(f"note: found the code {note.get('code')!r}; allowed: {', '.join(CODES)}")
    found: list[Note] = [
        {"code": code, "indicator": name} for name, (_, codes) in judged.items() for code in codes
    ]
    if not (is_short or missing or given):
        return tuple(found)
    lacking = {name for statistic in missing for name in _MISSING[statistic]}
    found += [{"code": "missing_months", "indicator": name} for name in lacking]
    if is_short:
        found.append({"code": "short_window", "indicator": None})
    found += given
    return tuple(found) if len(found) < 2 else _in_order(found, list(judged))


def missing_statistics(document: Mapping[str, Json]) -> list[str]:
    """Return the statistics of which the evidence says that months are missing."""
    return [name for name, months in document.get("missing_months", {}).items() if months]


def _in_order(notes: Sequence[Note], indicators: Sequence[str]) -> tuple[Note, ...]:
    order = {name: position for position, name in enumerate(indicators)}
    codes = {code: position for position, code in enumerate(CODES)}
    last = len(order)
    return tuple(
        sorted(
            notes, key=lambda note: (order.get(note.get("indicator") or "", last), codes[str(note["code"])])
        )
    )
