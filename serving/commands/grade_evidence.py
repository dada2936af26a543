"""Grades evidence files: one evidence in FILE.json, one a line in FILE.jsonl or on standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from qm_rules import EvidenceError, Fault, Policy, PolicyError, canonical_json, load_pack, parse_evidence
from qm_rules.answer_line import answer_line
from qm_rules.comparison import comparison, readings
from qm_rules.evidence import Evidence
from qm_rules.grading import grade_by
from qm_rules.rulebook import rulebook
from qm_rules.stream import MAX_BYTES, TOO_LONG, answer_lines

DONE, FAILED, BAD_INPUT = 0, 1, 2
STANDARD_INPUT = "-"

Answer = Callable[[Evidence], str]


def grade_evidence(path: str, policy: list[str], compare: bool, fmt: str | None) -> int:
    """Print the grade of every evidence in `path` and return the exit status.

    By default, and for json and jsonl, an answer is one line of canonical JSON in UTF-8; `table` is for
    people (and what a comparison is on a terminal).
    0 = all graded, 2 = something was refused, with all its faults: of FILE.json on standard error and
    nothing on standard output, of lines in the line's own answer.
    """
    try:
        answer = _answer(Policy.parse(policy), compare=compare, fmt=fmt)
        if path == STANDARD_INPUT or path.lower().endswith(".jsonl"):
            return _grade_lines(path, answer)
        _write(answer(_evidence(Path(path))))
    except PolicyError as refused:
        return _refuse(str(refused))
    except EvidenceError as refused:
        return _refuse(str(refused))
    except BrokenPipeError:
        return _stop_quietly()
    except OSError as error:
        return _refuse(str(Fault(path, error.strerror or str(error), "an evidence file that can be read")))
    return DONE


def _answer(policy: Policy, *, compare: bool, fmt: str | None) -> Answer:
    """Return what turns an evidence into the text that is printed for it."""
    pack = load_pack()
    book = rulebook(pack, policy)
    if fmt == "table" or (fmt is None and compare and sys.stdout.isatty()):
        from serving.grade_table import comparison_table, grade_table

        if compare:
            return lambda evidence: comparison_table(readings(evidence, pack, policy))
        return lambda evidence: grade_table(grade_by(book, evidence))
    if compare:
        return lambda evidence: canonical_json(comparison(evidence, pack, policy))
    return lambda evidence: answer_line(grade_by(book, evidence))


def _evidence(path: Path) -> Evidence:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise EvidenceError((TOO_LONG,))
    return parse_evidence(data)


def _grade_lines(path: str, answer: Answer) -> int:
    status = DONE
    with _opened(path) as file:
        for text, good in answer_lines(_lines(file), answer):
            status = status if good else BAD_INPUT
            sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
    return status


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if path == STANDARD_INPUT else Path(path).open("rb")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of the file; of a line that is too long one byte too many, and never the whole."""
    while line := file.readline(MAX_BYTES + 1):
        yield line
        while len(line) > MAX_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_BYTES + 1)


def _write(text: str) -> None:
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()


def _refuse(message: str) -> int:
    sys.stderr.buffer.write(f"{message}\n".encode())
    sys.stderr.buffer.flush()
    return BAD_INPUT


def _stop_quietly() -> int:
    """Whoever read our output has gone: nothing more can be said, and Python must not try at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED
