"""Grades enterprises from the store: one canonical answer, or all enterprises side by side."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.evidence import RecordsEvidence
    from qm_rules import Grade, Pack, Policy

DONE, BAD_INPUT = 0, 2


def grade_from_store(
    enterprise: str | None, as_of: str | None, policy: list[str], compare: bool, fmt: str | None
) -> int:
    """Print the official grade of one enterprise, or of all, and return the exit status.

    One enterprise: a line of canonical JSON, the same that `--evidence` prints for the same evidence;
    `table` is for people. All: a table when a person looks, else one canonical JSON array; `jsonl` one
    answer a line. Exit status 2, a message on standard error and nothing on standard output for an unknown
    enterprise, month or policy, and for a store without records.
    """
    from features.evidence import NoRecordsError, UnknownEnterpriseError, evidence_with_notes
    from features.periods import PeriodError
    from features.settings import Settings
    from features.store import Store
    from qm_rules import Policy, PolicyError, load_pack

    try:
        chosen, pack = Policy.parse(policy), load_pack()
        rules = chosen.resolved(pack.policies)
        ids = None if enterprise is None else [enterprise]
        with Store.open(Settings()) as store:
            found = evidence_with_notes(store, ids, as_of, rules)
    except (UnknownEnterpriseError, NoRecordsError, PeriodError, PolicyError) as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - a message for people
        return BAD_INPUT
    single = enterprise is not None
    if fmt == "table" or (fmt is None and sys.stdout.isatty() and (compare or not single)):
        _print_tables(found, pack, chosen, compare=compare, single=single)
    else:
        _print_lines(_lines(found, pack, chosen, compare=compare), array=not single and fmt != "jsonl")
    return DONE


def _grades(found: list[RecordsEvidence], pack: Pack, policy: Policy) -> list[Grade]:
    from qm_rules import parse_evidence
    from qm_rules.grading import grade_by
    from qm_rules.rulebook import rulebook

    book = rulebook(pack, policy)
    return [grade_by(book, parse_evidence(one.document), one.notes) for one in found]


def _lines(found: list[RecordsEvidence], pack: Pack, policy: Policy, *, compare: bool) -> list[str]:
    from qm_rules import canonical_json, parse_evidence
    from qm_rules.answer_line import answer_line
    from qm_rules.comparison import comparison

    if compare:
        return [canonical_json(comparison(parse_evidence(one.document), pack, policy)) for one in found]
    return [answer_line(grade) for grade in _grades(found, pack, policy)]


def _print_lines(lines: list[str], *, array: bool) -> None:
    text = f"[{','.join(lines)}]\n" if array else "".join(f"{line}\n" for line in lines)
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _print_tables(
    found: list[RecordsEvidence], pack: Pack, policy: Policy, *, compare: bool, single: bool
) -> None:
    from qm_rules import parse_evidence
    from qm_rules.comparison import readings
    from serving.grade_table import comparison_table, grade_table
    from serving.output import emit

    if compare:
        for one in found:
            table = comparison_table(readings(parse_evidence(one.document), pack, policy))
            sys.stdout.write(f"{one.document['enterprise_id']}\n{table}\n")
    elif single:
        sys.stdout.write(f"{grade_table(_grades(found, pack, policy)[0])}\n")
    else:
        emit([_row(grade) for grade in _grades(found, pack, policy)], "table")


def _row(grade: Grade) -> dict[str, Any]:
    """Return what a list of enterprises shows of one grade."""
    window = grade.evidence.document["window"]
    level = grade.level_name or f"≤ {grade.book.names[grade.at_most][1]}"
    values = {name: found.value or found.status for name, found in grade.indicators.items()}
    return {
        "enterprise_id": grade.enterprise_id,
        "window": f"{window['start']} – {window['end']}",
        "level": level,
        "status": grade.status,
        **values,
        "binding": ", ".join(grade.binding),
    }
