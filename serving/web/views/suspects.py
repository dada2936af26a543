"""Parameters that look like outcomes though nobody called them so: a warning in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from serving.web.language import Language
from serving.web.views.words import Row, parameter_name


def suspect_lines(t: Language, advice: Sequence[Row], parameters: Mapping[str, Row]) -> list[str]:
    """Return one sentence per suspected outcome of an enterprise, from its published or printed rows."""
    found = {s["parameter_id"]: s for row in advice for s in suspects_of(row)}
    return [
        t(
            f"roles.suspected.{s['kind']}",
            name=parameter_name(name, parameters),
            follows=t.percent(s["follows"], 0),
            rows=t.number(s["rows"]),
        )
        for name, s in found.items()
    ]


def suspects_of(row: Row) -> Sequence[Row]:
    """Return the suspects that a row's evidence names."""
    named: Sequence[Row] = (row.get("evidence") or {}).get("suspected_outcomes") or ()
    return named
