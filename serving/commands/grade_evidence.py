"""Grades evidence files: one evidence in FILE.json, one a line in FILE.jsonl or on standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from qm_rules import EvidenceError, Fault, PackError, PolicyError, parse_evidence
from qm_rules.evidence import Evidence
from qm_rules.faults import printable
from qm_rules.stream import MAX_BYTES, TOO_LONG, answer_lines
from serving.commands.grade_forms import Answer, Forms
from serving.commands.grade_options import Options

DONE, FAILED, BAD_INPUT = 0, 1, 2
STANDARD_INPUT = "-"


def grade_evidence(path: str, options: Options) -> int:
    """Print the grade of every evidence in `path` and return the exit status.

    By default, and for json and jsonl, an answer is one line of canonical JSON in UTF-8; `table` is for
    people (and what a comparison or a trace is on a terminal).
    0 = all graded, 2 = something was refused, with all its faults: of FILE.json on standard error and
    nothing on standard output, of lines in the line's own answer.
    """
    try:
        answer = Forms(options).answer()
        if path == STANDARD_INPUT or path.lower().endswith(".jsonl"):
            return _grade_lines(path, answer)
        write(answer(read_evidence(Path(path))))
    except (PackError, PolicyError, EvidenceError) as refused:
        return refuse(str(refused))
    except BrokenPipeError:
        return stop_quietly()
    except OSError as error:
        return refuse(str(Fault(path, error.strerror or str(error), "an evidence file that can be read")))
    return DONE


def read_evidence(path: Path) -> Evidence:
    """Return the evidence in the file; raises EvidenceError with every fault, OSError if it is not there."""
    return parse_evidence(read_limited(path))


def read_limited(path: Path) -> bytes:
    """Return what the file holds; raises EvidenceError if it is longer than an evidence may be."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise EvidenceError((TOO_LONG,))
    return data


def _grade_lines(path: str, answer: Answer) -> int:
    status = DONE
    with opened(path) as file:
        for text, good in answer_lines(evidence_lines(file), answer):
            status = status if good else BAD_INPUT
            sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
    return status


def opened(path: str) -> AbstractContextManager[BinaryIO]:
    """Return the file, or standard input, as bytes to read line by line."""
    return nullcontext(sys.stdin.buffer) if path == STANDARD_INPUT else Path(path).open("rb")


def evidence_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of the file; of a line that is too long one byte too many, and never the whole."""
    while line := file.readline(MAX_BYTES + 1):
        yield line
        while len(line) > MAX_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_BYTES + 1)


def write(text: str) -> None:
    """Print a text as UTF-8 with a line feed."""
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()


def refuse(message: str) -> int:
    """Say on standard error what is wrong, and return the exit status."""
    sys.stderr.buffer.write(f"{printable(message)}\n".encode())
    sys.stderr.buffer.flush()
    return BAD_INPUT


def stop_quietly() -> int:
    """Whoever read our output has gone: nothing more can be said, and Python must not try at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED
