"""Many evidences, one a line: each line gets one answer line, good or bad, and no line stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qm_rules.canonical import canonical_json
from qm_rules.evidence.document import Evidence, parse_evidence
from qm_rules.evidence.shapes import ROOT
from qm_rules.faults import EvidenceError, Fault

MAX_BYTES = 64 * 1024 * 1024
TOO_LONG = Fault(ROOT, f"more than {MAX_BYTES} bytes", f"at most {MAX_BYTES} bytes an evidence")


def answer_lines(lines: Iterable[bytes], answer: Callable[[Evidence], str]) -> Iterator[tuple[str, bool]]:
    """Yield for each line that is not blank its answer (without line feed) and whether the line was good.

    A bad line's answer is `{"error":[faults],"line":n}`, n counted from 1 over all lines, blank ones too.
    """
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            continue
        try:
            if len(line) > MAX_BYTES:
                raise EvidenceError((TOO_LONG,))
            text, good = answer(parse_evidence(line)), True
        except EvidenceError as refused:
            text, good = error_line(refused, number), False
        yield text, good


def error_line(refused: EvidenceError, number: int) -> str:
    """Return the answer to a bad line."""
    return canonical_json({"error": [fault.to_dict() for fault in refused.faults], "line": number})
