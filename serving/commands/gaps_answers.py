"""The answers of `zhuoyue gaps`: one canonical line an evidence, or text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from qm_rules import Evidence, canonical_json, parse_evidence
from qm_rules.notes import Note
from qm_rules.shortfall import shortfalls
from qm_rules.stream import answer_lines
from serving.commands.grade_evidence import (
    BAD_INPUT,
    DONE,
    STANDARD_INPUT,
    evidence_lines,
    opened,
    read_evidence,
    write,
)
from serving.commands.grade_forms import Forms
from serving.commands.grade_options import Options
from serving.gaps_table import gaps_table

SHOWN = (
    "enterprise_id",
    "window",
    "level",
    "level_id",
    "status",
    "at_most",
    "pack",
    "policy",
    "evidence_sha256",
)


class Gaps:
    """Shortfalls under the edition, reading, level and unit costs that were asked for."""

    def __init__(
        self, options: Options, to_level: int | None, unit_costs: Mapping[tuple[str, str], Decimal] | None
    ) -> None:
        self.forms = Forms(options)
        self.to_level, self.unit_costs = to_level, unit_costs

    def of_file(self, path: str) -> int:
        """Print the gaps of every evidence in a file; 2 if a line was refused, in its own answer."""
        if path != STANDARD_INPUT and not path.lower().endswith(".jsonl"):
            self.print_all([(read_evidence(Path(path)), ())], single=True)
            return DONE
        status = DONE
        answer = self.text if self.forms.options.is_table(by_default=True) else self.line
        with opened(path) as file:
            for text, good in answer_lines(evidence_lines(file), answer):
                status = status if good else BAD_INPUT
                write(text)
        return status

    def print_all(self, found: Iterable[tuple[Any, Iterable[Note]]], *, single: bool) -> None:
        """Print many: tables where people look, else lines, or one array for `json`."""
        evidences = [
            (one if isinstance(one, Evidence) else parse_evidence(one), notes) for one, notes in found
        ]
        if self.forms.options.is_table(by_default=True):
            write("\n\n".join(self.text(evidence, notes) for evidence, notes in evidences))
            return
        lines = [self.line(evidence, notes) for evidence, notes in evidences]
        as_array = not single and self.forms.options.fmt != "jsonl"
        write(f"[{','.join(lines)}]" if as_array else "\n".join(lines))

    def line(self, evidence: Evidence, notes: Iterable[Note] = ()) -> str:
        """Return the grade in short and its shortfalls as one line of canonical JSON."""
        grade = self.forms.graded(evidence, notes)
        answer = grade.to_dict()
        found = shortfalls(grade, unit_costs=self.unit_costs, to_level=self.to_level)
        head = {key: answer[key] for key in SHOWN}
        return canonical_json({**head, "gaps": [one.to_dict() for one in found]})

    def text(self, evidence: Evidence, notes: Iterable[Note] = ()) -> str:
        """Return the shortfalls for people, once in each language that was asked for."""
        grade = self.forms.graded(evidence, notes)
        found = shortfalls(grade, unit_costs=self.unit_costs, to_level=self.to_level)
        return "\n\n".join(gaps_table(grade, found, one) for one in self.forms.options.languages())
