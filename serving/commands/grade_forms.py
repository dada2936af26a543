"""The forms of one answer: a canonical line (plain, compared, traced), or text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qm_rules import Grade, canonical_json
from qm_rules.answer_line import answer_line
from qm_rules.comparison import Reading, comparison, readings
from qm_rules.evidence import Evidence
from qm_rules.grading import grade_by
from qm_rules.notes import Note
from qm_rules.rulebook import rulebook
from serving.commands.grade_options import Options

Answer = Callable[[Evidence], str]


class Forms:
    """The edition and the reading that were asked for, and how their grades are printed.

    Raises PackError for an edition that is not there and PolicyError for a reading that it does not know.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.pack, self.policy = options.pack(), options.chosen()
        self.book = rulebook(self.pack, self.policy)

    def graded(self, evidence: Evidence, notes: Iterable[Note] = ()) -> Grade:
        """Return the grade under the chosen edition and reading."""
        return grade_by(self.book, evidence, notes)

    def compared(self, evidence: Evidence, notes: Iterable[Note] = ()) -> list[Reading]:
        """Return the grade under every reading that was left open."""
        return readings(evidence, self.pack, self.policy, notes)

    def line(self, evidence: Evidence, notes: Iterable[Note] = ()) -> str:
        """Return the answer as one line of canonical JSON."""
        if self.options.compare:
            return canonical_json(comparison(evidence, self.pack, self.policy, notes))
        grade = self.graded(evidence, notes)
        return _traced(grade) if self.options.trace else answer_line(grade)

    def text(self, evidence: Evidence, notes: Iterable[Note] = ()) -> str:
        """Return the answer for people, once in each language that was asked for."""
        from serving.comparison_table import comparison_table
        from serving.grade_table import grade_table

        languages = self.options.languages()
        if self.options.compare:
            found = self.compared(evidence, notes)
            return "\n\n".join(comparison_table(found, language) for language in languages)
        grade = self.graded(evidence, notes)
        if self.options.trace:
            from qm_rules.trace import trace
            from serving.trace_text import trace_text

            return trace_text(trace(grade), languages)
        return "\n\n".join(grade_table(grade, language) for language in languages)

    def answer(self) -> Answer:
        """Return what turns an evidence into what is printed for it; the quickest way for the plain line."""
        options, book = self.options, self.book
        if options.is_table(by_default=options.compare or options.trace):
            return self.text
        if options.compare or options.trace:
            return self.line
        return lambda evidence: answer_line(grade_by(book, evidence))


def _traced(grade: Grade) -> str:
    from qm_rules.trace import trace

    return canonical_json({"answer": grade.to_dict(), "trace": trace(grade).to_dict()})
