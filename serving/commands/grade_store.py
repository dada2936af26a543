"""Grades enterprises from the store: one canonical answer, or all enterprises side by side."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.evidence import RecordsEvidence
    from qm_rules import Grade
    from serving.commands.grade_forms import Forms
    from serving.commands.grade_options import Options

DONE, BAD_INPUT = 0, 2


def grade_from_store(enterprise: str | None, as_of: str | None, options: Options) -> int:
    """Print the official grade of one enterprise, or of all, and return the exit status.

    One enterprise: a line of canonical JSON, the same that `--evidence` prints for the same evidence;
    `table` is for people. All: a table when a person looks, else one canonical JSON array; `jsonl` one
    answer a line. Exit status 2, a message on standard error and nothing on standard output for an unknown
    enterprise, month, policy or edition, and for a store without records. What is given out is journalled.
    """
    from features.evidence import NoRecordsError, UnknownEnterpriseError, evidence_with_notes
    from features.periods import PeriodError
    from features.settings import Settings
    from features.store import Store
    from qm_rules import PackError, PolicyError, parse_evidence
    from serving.commands.grade_forms import Forms
    from serving.journal.issuing import given_out

    try:
        forms = Forms(options)
        ids = None if enterprise is None else [enterprise]
        with Store.open(Settings()) as store:
            found = evidence_with_notes(store, ids, as_of, forms.book.policy)
        graded = [forms.graded(parse_evidence(one.document), one.notes) for one in found]
        given_out(Settings(), graded, who=None)
    except (UnknownEnterpriseError, NoRecordsError, PeriodError, PolicyError, PackError) as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - a message for people
        return BAD_INPUT
    single = enterprise is not None
    if options.is_table(by_default=options.compare or options.trace or not single):
        _print_tables(found, forms, single=single)
    else:
        _print_lines(_lines(found, forms), array=not single and options.fmt != "jsonl")
    return DONE


def _lines(found: list[RecordsEvidence], forms: Forms) -> list[str]:
    from qm_rules import parse_evidence

    return [forms.line(parse_evidence(one.document), one.notes) for one in found]


def _print_lines(lines: list[str], *, array: bool) -> None:
    text = f"[{','.join(lines)}]\n" if array else "".join(f"{line}\n" for line in lines)
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _print_tables(found: list[RecordsEvidence], forms: Forms, *, single: bool) -> None:
    from qm_rules import parse_evidence

    evidences = [(parse_evidence(one.document), one.notes) for one in found]
    if single or forms.options.trace:
        texts = [forms.text(evidence, notes) for evidence, notes in evidences]
    elif forms.options.compare:
        from serving.comparison_table import enterprises_table

        compared = [forms.compared(evidence, notes) for evidence, notes in evidences]
        texts = [enterprises_table(compared, language) for language in forms.options.languages()]
    else:
        grades = [forms.graded(evidence, notes) for evidence, notes in evidences]
        texts = [_list(grades, language) for language in forms.options.languages()]
    sys.stdout.write("\n\n".join(texts) + "\n")


def _list(grades: list[Grade], language: str) -> str:
    """Return all enterprises with their grades, one a row."""
    from serving.text_tables import rendered, table

    rows = [_row(grade, language) for grade in grades]
    found = table(*(rows[0] if rows else ()))
    for row in rows:
        found.add_row(*row.values())
    return rendered(found)


def _row(grade: Grade, language: str) -> dict[str, Any]:
    """Return what a list of enterprises shows of one grade, by the column's title."""
    from qm_rules.trace.phrases import ENTERPRISE, LINE_STATUS, WINDOW
    from serving.comparison_table import BINDS
    from serving.grade_table import LEVEL, named, said, verdict

    window = grade.evidence.document["window"]
    values = {
        said(grade.book.pack.words(name), language): found.value or said(LINE_STATUS[found.status], language)
        for name, found in grade.indicators.items()
    }
    return {
        said(ENTERPRISE, language): grade.enterprise_id,
        said(WINDOW, language): f"{window['start']} – {window['end']}",
        said(LEVEL, language): said(verdict(grade), language),
        **values,
        said(BINDS, language): said(named(grade, grade.binding), language),
    }
