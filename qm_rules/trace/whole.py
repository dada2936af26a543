"""How a grade came about, so that an assessor can follow it line by line with a pocket calculator.

For each indicator: the inputs as the evidence has them → the arithmetic written out → the value → every
threshold with its clause and the words of the document → the level, with the reason. Then the items, the
dimensions, the verdict, the policies that took part and the notes. In Chinese, which governs, and in English.

Numbers in the arithmetic: `=` is exact, `≈` is twelve digits; `[…]` is a remark. At most `LISTED` rows or
terms are written out, then their rest stands as one sum. The order of rows in the evidence never matters.
"""

from __future__ import annotations

from qm_rules.grading import Grade
from qm_rules.note_words import note_words
from qm_rules.trace import characteristics, delivered, lost, phrases, stages
from qm_rules.trace.judging import FAMILIES, judgements, reason
from qm_rules.trace.parts import Input, Line, Trace
from qm_rules.trace.people import item_line
from qm_rules.trace.verdict import dimension_line, policy_lines, verdict
from qm_rules.words import NOTHING, Words

Shown = tuple[tuple[Input, ...], Words]


def trace(grade: Grade) -> Trace:
    """Return how the grade came about; its values and levels are the grade's own."""
    indicators = tuple(_indicator_line(grade, name) for name in grade.indicators)
    return Trace(
        sources=_sources(grade),
        lines=(*indicators, *(item_line(grade, name) for name in grade.items)),
        dimensions=tuple(dimension_line(grade, name) for name in grade.dimensions),
        verdict=verdict(grade),
        policies=policy_lines(grade),
        notes=tuple(note_words(note, grade.book.pack, grade.book.policy) for note in grade.notes),
        governs=grade.book.pack.governs,
    )


def _sources(grade: Grade) -> tuple[Input, ...]:
    pack, window = grade.book.pack, grade.evidence.document["window"]
    return (
        Input(phrases.ENTERPRISE, grade.enterprise_id),
        Input(phrases.WINDOW, f"{window['start']} – {window['end']}"),
        Input(phrases.DOCUMENT, f"{pack.document} {pack.annex}"),
        Input(phrases.EDITION, f"{pack.id} {pack.sha256}"),
        Input(phrases.EVIDENCE, grade.evidence.sha256),
    )


def _indicator_line(grade: Grade, name: str) -> Line:
    pack, found = grade.book.pack, grade.indicators[name]
    rule = pack.indicators[name]
    inputs, working = _worked_out(grade, name)
    return Line(
        id=name,
        name=pack.words(name),
        clause=pack.said(rule.clause),
        quote=pack.said(rule.quote),
        inputs=inputs,
        working=working,
        value=found.value,
        exact=found.exact,
        status=found.status,
        level=found.level,
        judgements=judgements(grade, name),
        reason=reason(grade, name),
    )


def _worked_out(grade: Grade, name: str) -> Shown:
    """Return the inputs of an indicator and its arithmetic."""
    document = grade.evidence.document
    if name in FAMILIES:
        family, output = document.get("losses", {}).get(FAMILIES[name]), document.get("output_value")
        return lost.inputs(family, output), lost.working(family, output)
    rows = document.get({"sigma": "deliveries", "cpk": "capability", "ftq": "first_pass"}[name])
    if rows is None:
        return (), NOTHING
    if name == "sigma":
        return delivered.inputs(rows), delivered.working(rows)
    if name == "ftq":
        return stages.inputs(rows), stages.working(rows)
    return characteristics.inputs(rows), characteristics.working(rows, grade.book.min_values)
